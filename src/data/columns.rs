//! Which columns are meant: the ones the user named, or the ones with usual names.

use super::filter::find_column;
use super::quantity::{Quantity, plain};
use super::table::Table;
use super::{DataError, list};

/// A usual name of a predictor that tells nothing of what it measures.
const ANYTHING: &str = "x";

/// Usual names of predictors in order of preference.
fn predictors() -> Vec<&'static str> {
    Quantity::ALL.iter().flat_map(|q| q.usual()).copied().chain([ANYTHING]).collect()
}

/// Usual names of responses in order of preference, as [`plain`] writes them.
const RESPONSES: &[&str] = &[
    "loss",
    "valloss",
    "validationloss",
    "evalloss",
    "testloss",
    "heldoutloss",
    "finalloss",
    "trainloss",
    "trainingloss",
    "crossentropy",
    "crossentropyloss",
    "celoss",
    "ce",
    "nll",
    "bpb",
    "bitsperbyte",
    "bpc",
    "bitspercharacter",
    "ppl",
    "perplexity",
    "valppl",
    "valperplexity",
    "error",
    "errorrate",
    "testerror",
    "valerror",
    "err",
    "accuracy",
    "acc",
    "testaccuracy",
    "valaccuracy",
    "testacc",
    "valacc",
    "score",
    "performance",
    "y",
    "p",
];

/// What a response measures, as far as its name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResponseKind {
    /// A cross-entropy or the like: positive, falling, with a floor.
    Loss,
    /// The exponential of a loss: above 1, falling.
    Perplexity,
    /// A rate of errors: between 0 and 1, falling.
    Error,
    /// A rate of successes: between 0 and 1, rising.
    Accuracy,
    /// The name does not tell.
    Unknown,
}

/// Say what a response measures, from its name.
///
/// # Example
/// ```
/// use lawfit::data::{ResponseKind, response_kind};
/// assert_eq!(response_kind("val_loss"), ResponseKind::Loss);
/// assert_eq!(response_kind("top1-accuracy"), ResponseKind::Accuracy);
/// ```
#[must_use]
pub fn response_kind(name: &str) -> ResponseKind {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let plain = plain(name);
    let says = |parts: &[&str], whole: &[&str]| {
        parts.iter().any(|part| plain.contains(part)) || whole.iter().any(|word| words.contains(word))
    };
    if says(&["perplexity"], &["ppl"]) {
        ResponseKind::Perplexity
    } else if says(&["loss", "crossentropy", "bitsper"], &["ce", "nll", "bpb", "bpc"]) {
        ResponseKind::Loss
    } else if says(&["error"], &["err", "wer", "cer"]) {
        ResponseKind::Error
    } else if says(&["accuracy"], &["acc", "score"]) {
        ResponseKind::Accuracy
    } else {
        ResponseKind::Unknown
    }
}

/// The columns of an analysis, and what was guessed to find them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    /// Positions of the predictors, at least one.
    pub(super) x: Vec<usize>,
    /// Position of the response.
    pub(super) y: usize,
    /// A sentence for every guess.
    pub(super) notes: Vec<String>,
}

/// Whether a column has a usual name of a predictor.
pub(super) fn is_predictor_name(name: &str) -> bool {
    predictors().contains(&plain(name).as_str())
}

/// Find the columns named by the user, and guess what is not named.
///
/// `wanted` holds the quantities that the forms read, where they read several: then each is guessed.
pub(super) fn choose(
    table: &Table,
    x: &[String],
    y: Option<&str>,
    wanted: &[Quantity],
) -> Result<Choice, DataError> {
    let named = x.iter().map(|name| find_column(table, name)).collect::<Result<Vec<_>, _>>()?;
    let named_y = y.map(|name| find_column(table, name)).transpose()?;
    let all: Vec<usize> = named.iter().copied().chain(named_y).collect();
    if let Some((_, &twice)) = all.iter().enumerate().find(|(i, column)| all[..*i].contains(column)) {
        return Err(DataError::SameColumn {
            source_name: table.source.clone(),
            column: table.columns[twice].name.clone(),
        });
    }
    if let [only] = table.columns.as_slice() {
        return Err(DataError::OneColumn { source_name: table.source.clone(), column: only.name.clone() });
    }
    let mut notes = Vec::new();
    let x = match (named.is_empty(), wanted) {
        (false, _) => named,
        (true, [] | [_]) => vec![guess(table, &predictors(), "--x", &all, &mut notes)?],
        (true, several) => several
            .iter()
            .map(|q| guess(table, q.usual(), "--x", &all, &mut notes))
            .collect::<Result<Vec<usize>, _>>()?,
    };
    let y = match named_y {
        Some(y) => y,
        None => guess(table, RESPONSES, "--y", &x, &mut notes)?,
    };
    Ok(Choice { x, y, notes })
}

/// Guess the column for an option from its name, and note the guess.
fn guess(
    table: &Table,
    usual: &[&str],
    option: &'static str,
    taken: &[usize],
    notes: &mut Vec<String>,
) -> Result<usize, DataError> {
    let mut ranked: Vec<(usize, usize)> = table
        .columns
        .iter()
        .enumerate()
        .filter(|(position, _)| !taken.contains(position))
        .filter_map(|(position, column)| {
            let name = plain(&column.name);
            usual.iter().position(|usual| *usual == name).map(|rank| (rank, position))
        })
        .collect();
    ranked.sort_unstable();
    let name = |&(_, position): &(usize, usize)| table.columns[position].name.clone();
    let Some(&best) = ranked.first() else {
        return Err(DataError::NoGuess { source_name: table.source.clone(), option, columns: table.names() });
    };
    let equals: Vec<String> = ranked.iter().filter(|(rank, _)| *rank == best.0).map(name).collect();
    if equals.len() > 1 {
        return Err(DataError::AmbiguousGuess {
            source_name: table.source.clone(),
            option,
            candidates: equals,
        });
    }
    let others: Vec<String> = ranked[1..].iter().map(name).collect();
    let also = if others.is_empty() { String::new() } else { format!("also possible: {}; ", list(&others)) };
    notes.push(format!(
        "{} is column {} (guessed from its name; {also}choose with {option})",
        option.trim_start_matches('-'),
        list(&[name(&best)]),
    ));
    Ok(best.1)
}

/// Return the column that measures a quantity, by its name, when there is one.
pub(super) fn measuring(table: &Table, quantity: Quantity) -> Option<usize> {
    let usual = quantity.usual();
    (0..table.columns.len())
        .filter_map(|c| {
            let name = plain(&table.columns[c].name);
            usual.iter().position(|u| *u == name).map(|rank| (rank, c))
        })
        .min()
        .map(|(_, c)| c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::read_text;

    fn table(header: &str) -> Table {
        let row = vec!["1"; header.split(',').count()].join(",");
        read_text("t.csv", format!("{header}\n{row}\n").as_bytes()).unwrap()
    }

    fn guessed(header: &str) -> Result<(String, String), DataError> {
        let table = table(header);
        let choice = choose(&table, &[], None, &[])?;
        Ok((table.columns[choice.x[0]].name.clone(), table.columns[choice.y].name.clone()))
    }

    #[test]
    fn usual_names_are_guessed_in_order_of_preference() {
        for (header, x, y) in [
            ("N,D,loss", "N", "loss"),
            ("C,tokens,val_loss", "tokens", "val_loss"),
            ("loss,Model Size", "Model Size", "loss"),
            ("train-flops,Perplexity", "train-flops", "Perplexity"),
            ("y,x", "x", "y"),
            ("N [million],accuracy", "N", "accuracy"),
            ("P,N", "N", "P"),
            ("name,Num_Params,train_loss,val_loss", "Num_Params", "val_loss"),
        ] {
            assert_eq!(guessed(header).unwrap(), (x.to_owned(), y.to_owned()), "{header}");
        }
    }

    #[test]
    fn guesses_are_noted_with_the_alternatives() {
        let choice = choose(&table("N,D,loss"), &[], None, &[]).unwrap();
        assert_eq!(
            choice.notes,
            [
                "x is column `N` (guessed from its name; also possible: `D`; choose with --x)",
                "y is column `loss` (guessed from its name; choose with --y)"
            ]
        );
        let named = choose(&table("N,D,loss"), &["D".into(), "N".into()], Some("loss"), &[]).unwrap();
        assert_eq!((named.x, named.y, named.notes), (vec![1, 0], 2, vec![]));
    }

    #[test]
    fn names_that_tell_nothing_are_listed() {
        let error = guessed("width,loss").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`t.csv`: found no column with a usual name of a predictor, expected one among `width`, `loss`"
        );
        assert_eq!(error.hint().as_deref(), Some("choose with `--x COLUMN`"));
        let error = guessed("N,quality").unwrap_err();
        assert_eq!(error.hint().as_deref(), Some("choose with `--y COLUMN`"));
        let error = guessed("model_size,Model Size,loss").unwrap_err();
        assert!(matches!(&error, DataError::AmbiguousGuess { candidates, .. } if candidates.len() == 2));
        assert!(error.to_string().contains("`model_size`, `Model Size`"), "{error}");
    }

    #[test]
    fn unknown_repeated_and_single_columns_are_refused() {
        let names = |x: &str| vec![x.to_owned()];
        let error = choose(&table("N,loss"), &names("n"), None, &[]).unwrap_err();
        assert_eq!(error.to_string(), "`t.csv` has no column `n`, expected one of `N`, `loss`");
        assert!(error.hint().is_some_and(|hint| hint.starts_with("did you mean `N`?")));
        let error = choose(&table("N,loss"), &names("loss"), Some("loss"), &[]).unwrap_err();
        assert!(matches!(error, DataError::SameColumn { .. }));
        let error = choose(&table("N,loss"), &["N".into(), "N".into()], None, &[]).unwrap_err();
        assert!(matches!(error, DataError::SameColumn { .. }));
        let error = guessed("N loss").unwrap_err();
        assert!(matches!(error, DataError::OneColumn { .. }));
    }

    #[test]
    fn usual_names_are_written_plainly_and_once() {
        for names in [predictors(), RESPONSES.to_vec()] {
            for (i, name) in names.iter().enumerate() {
                assert_eq!(plain(name), *name);
                assert!(!names[..i].contains(name), "{name}");
            }
        }
    }

    #[test]
    fn names_tell_the_kind_of_response() {
        use ResponseKind::*;
        for (name, kind) in [
            ("loss", Loss),
            ("loss_c4_val", Loss),
            ("Cross-Entropy", Loss),
            ("bits_per_byte", Loss),
            ("nll", Loss),
            ("val_ppl", Perplexity),
            ("Perplexity", Perplexity),
            ("error rate", Error),
            ("err_avg17", Error),
            ("accuracy", Accuracy),
            ("parsinlu_qa_2_acc", Accuracy),
            ("score", Accuracy),
            ("P", Unknown),
            ("accelerator", Unknown),
        ] {
            assert_eq!(response_kind(name), kind, "{name}");
        }
    }
}

//! Data sets that are part of the program, for examples, tests and first steps.

use super::{DataError, nearest};

/// A data set that is part of the program; `@id` loads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Builtin {
    /// Name, used as `@id`.
    pub id: &'static str,
    /// One line that says what it is.
    pub title: &'static str,
    /// The table as CSV text.
    pub text: &'static str,
    /// Unit of the first predictor in words.
    pub x_unit: &'static str,
    /// Licence as an SPDX expression.
    pub licence: &'static str,
    /// Where the numbers come from.
    pub source: &'static str,
    /// What is known of the law behind them: the published or the simulated one.
    pub published: &'static str,
}

/// Licence of the tables that were made for this program.
const OWN: &str = "MIT OR Apache-2.0";

/// Origin of the simulated tables.
const SIMULATED: &str =
    "simulated for lawfit with multiplicative normal errors, responses rounded to 4 decimals";

/// Origin of the tables that the program wrote itself.
const WRITTEN: &str = "written by `lawfit simulate`; the command is in datasets/README.md";

/// Every built-in data set, sorted by name.
pub static BUILTIN: &[Builtin] = &[
    Builtin {
        id: "bent",
        title: "12 losses that flatten towards a floor",
        text: include_str!("../../datasets/bent.csv"),
        x_unit: "parameters",
        licence: OWN,
        source: SIMULATED,
        published: "Truth: loss = 1.69 + 406.4*N^-0.34, errors of 1%.",
    },
    Builtin {
        id: "cerebras-gpt",
        title: "7 compute-optimal language models, 111M to 13B parameters: loss and seven accuracies",
        text: include_str!("../../datasets/cerebras-gpt.csv"),
        x_unit: "parameters",
        licence: "Apache-2.0",
        source: "Dey et al. 2023, arXiv 2304.03208: model cards of Cerebras-GPT (Pile test loss, 0-shot accuracies)",
        published: "The paper fits a power law with a floor over training compute, which is not in this table.",
    },
    Builtin {
        id: "guide",
        title: "4 accuracies, the worked example of the guide",
        text: include_str!("../../datasets/guide.csv"),
        x_unit: "million parameters",
        licence: OWN,
        source: "the properties of scaling laws (2022), worked example",
        published: "The guide's prose says an exponent of -0.25; least squares of the logarithms of its own four rows gives \
                    accuracy = 0.4541*N^0.0768, N in millions (in its form f*N^-alpha: alpha = -0.0768).",
    },
    Builtin {
        id: "kink",
        title: "18 losses that break from one power law into another",
        text: include_str!("../../datasets/kink.csv"),
        x_unit: "parameters",
        licence: OWN,
        source: SIMULATED,
        published: "Truth: exponent 0.12 up to N = 10^7.6, 0.03 beyond, errors of 1.4%.",
    },
    Builtin {
        id: "pure",
        title: "12 losses on a pure power law",
        text: include_str!("../../datasets/pure.csv"),
        x_unit: "parameters",
        licence: OWN,
        source: SIMULATED,
        published: "Truth: loss = 8.5*N^-0.07, errors of 1.2%.",
    },
    Builtin {
        id: "replicates",
        title: "15 losses, 5 sizes three times each",
        text: include_str!("../../datasets/replicates.csv"),
        x_unit: "parameters",
        licence: OWN,
        source: SIMULATED,
        published: "Truth: loss = 0.35 + 12*N^-0.076, errors of 0.8%.",
    },
    Builtin {
        id: "sim-accuracy",
        title: "9 simulated accuracies whose error rate is a power law",
        text: include_str!("../../datasets/sim-accuracy.csv"),
        x_unit: "parameters",
        licence: OWN,
        source: WRITTEN,
        published: "Truth: accuracy = 1 - 4*N^-0.12, errors of 2% of the error rate.",
    },
    Builtin {
        id: "sim-floor",
        title: "16 simulated losses above a floor",
        text: include_str!("../../datasets/sim-floor.csv"),
        x_unit: "parameters",
        licence: OWN,
        source: WRITTEN,
        published: "Truth: loss = 1.69 + 406.4*N^-0.34, errors of 1%.",
    },
    Builtin {
        id: "sim-power",
        title: "10 simulated losses on a pure power law",
        text: include_str!("../../datasets/sim-power.csv"),
        x_unit: "parameters",
        licence: OWN,
        source: WRITTEN,
        published: "Truth: loss = 8.5*N^-0.07, errors of 1%.",
    },
];

/// Find a built-in data set by name, with or without the `@`.
///
/// # Errors
/// [`DataError::UnknownBuiltin`] when there is none of this name.
pub fn builtin(name: &str) -> Result<&'static Builtin, DataError> {
    let name = name.strip_prefix('@').unwrap_or(name);
    BUILTIN.iter().find(|b| b.id == name).ok_or_else(|| DataError::UnknownBuiltin {
        name: super::clip(name),
        nearest: nearest(name, BUILTIN.iter().map(|b| b.id)).map(str::to_owned),
        known: BUILTIN.iter().map(|b| b.id.to_owned()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Dataset, Selection, read_table};

    fn dataset(id: &str) -> Dataset {
        let table = read_table(&format!("@{id}")).unwrap();
        Selection::default().apply(&table).unwrap()
    }

    #[test]
    fn all_are_sorted_described_and_readable() {
        assert!(BUILTIN.is_sorted_by(|a, b| a.id < b.id));
        for b in BUILTIN {
            let rows: usize = b.title.split(' ').next().unwrap().parse().unwrap();
            assert_eq!(dataset(b.id).nobs(), rows, "{}", b.id);
            for text in [b.title, b.x_unit, b.licence, b.source, b.published] {
                assert!(!text.is_empty() && text.trim() == text);
            }
        }
    }

    #[test]
    fn the_guide_has_its_unit() {
        let data = dataset("guide");
        assert_eq!((data.x().name.as_str(), data.x().unit.as_deref()), ("N", Some("million")));
        assert_eq!(data.x().values, [100.0, 500.0, 1000.0, 3000.0]);
        assert_eq!(data.response.values, [0.65, 0.72, 0.78, 0.84]);
    }

    #[test]
    fn the_kink_is_evenly_spaced_in_log10() {
        for (k, n) in dataset("kink").x().values.iter().enumerate() {
            let exact = 10f64.powf(5.0 + 0.3 * k as f64);
            assert!((n - exact).abs() <= 4.0 * f64::EPSILON * exact, "{n} {exact}");
        }
    }

    #[test]
    fn replicates_share_their_group() {
        let data = dataset("replicates");
        assert_eq!((data.nobs(), data.distinct()), (15, 5));
        assert_eq!(data.x().values[3], 1e7);
        // The rows of one size are sorted by response.
        assert_eq!(data.response.values[..3], [4.5156, 4.5483, 4.5532]);
    }

    #[test]
    fn an_unknown_name_lists_the_known_ones() {
        let error = builtin("@giude").unwrap_err();
        assert!(matches!(&error, DataError::UnknownBuiltin { nearest: Some(n), .. } if n == "guide"));
        assert!(error.to_string().contains("`@giude`") && error.hint().is_some_and(|h| h.contains("kink")));
        assert_eq!(builtin("pure").unwrap().id, "pure");
    }
}

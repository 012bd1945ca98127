//! Text with superscripts: turns an ASCII formula such as `E + A*N^-alpha` into runs of type.

use super::metrics;

/// Size of a script relative to the text it is attached to.
const SCRIPT: f64 = 0.72;
/// Height of a superscript above the line, in ems of the text it is attached to.
const RAISE: f64 = 0.38;
/// Depth of a subscript below the line, in ems of the text it is attached to.
const LOWER: f64 = 0.18;

/// A piece of a line set at one size and height.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run {
    /// The characters.
    pub(super) text: String,
    /// Size relative to the line.
    pub(super) scale: f64,
    /// Height of its baseline above that of the line, in ems of the line.
    pub(super) rise: f64,
}

/// Size and height of the script being read.
#[derive(Debug, Clone, Copy)]
struct Level {
    scale: f64,
    rise: f64,
}

impl Level {
    const BASE: Self = Self { scale: 1.0, rise: 0.0 };

    fn raised(self) -> Self {
        Self { scale: self.scale * SCRIPT, rise: self.rise + RAISE * self.scale }
    }

    fn lowered(self) -> Self {
        Self { scale: self.scale * SCRIPT, rise: self.rise - LOWER * self.scale }
    }
}

/// Return the width of a line of runs at a font size.
pub(super) fn width(runs: &[Run], size: f64) -> f64 {
    runs.iter().map(|run| metrics::width(&run.text, size * run.scale)).sum()
}

/// Return text as one run, as it stands.
pub(super) fn plain(text: &str) -> Vec<Run> {
    vec![Run { text: text.to_owned(), scale: 1.0, rise: 0.0 }]
}

/// Set a label, typographically when it holds a formula.
///
/// A label counts as a formula when it has a power in it; any other label, and a formula whose brackets do not
/// match, is returned as it stands, so that the name of a column is never changed.
pub(super) fn label(text: &str) -> Vec<Run> {
    if !text.contains('^') {
        return plain(text);
    }
    let mut reader = Reader { chars: text.chars().collect(), at: 0, runs: Vec::new() };
    match reader.sequence(Level::BASE, None) {
        Some(()) => reader.runs,
        None => plain(text),
    }
}

/// Shorten runs to a width, with an ellipsis where something was cut.
pub(super) fn shorten(runs: Vec<Run>, size: f64, room: f64) -> Vec<Run> {
    if width(&runs, size) <= room {
        return runs;
    }
    let mut left = room - metrics::width("…", size);
    let mut kept: Vec<Run> = Vec::new();
    'runs: for run in runs {
        let mut text = String::new();
        for c in run.text.chars() {
            left -= metrics::width(c.encode_utf8(&mut [0; 4]), size * run.scale);
            if left < 0.0 {
                kept.push(Run { text, ..run });
                break 'runs;
            }
            text.push(c);
        }
        kept.push(Run { text, ..run });
    }
    kept.retain(|run| !run.text.is_empty());
    kept.extend(plain("…"));
    kept
}

/// Return the Greek letter of a name.
fn greek(name: &str) -> Option<char> {
    Some(match name {
        "alpha" => 'α',
        "beta" => 'β',
        "gamma" => 'γ',
        "delta" => 'δ',
        "epsilon" => 'ε',
        "eta" => 'η',
        "theta" => 'θ',
        "kappa" => 'κ',
        "lambda" => 'λ',
        "mu" => 'μ',
        "nu" => 'ν',
        "rho" => 'ρ',
        "sigma" => 'σ',
        "tau" => 'τ',
        "phi" => 'φ',
        "psi" => 'ψ',
        "omega" => 'ω',
        _ => return None,
    })
}

/// Reads a formula from left to right; `None` from any step means that it is not one.
struct Reader {
    chars: Vec<char>,
    at: usize,
    runs: Vec<Run>,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn behind(&self) -> Option<char> {
        self.at.checked_sub(1).and_then(|i| self.chars.get(i)).copied()
    }

    fn push(&mut self, text: &str, level: Level) {
        match self.runs.last_mut() {
            Some(run) if run.scale == level.scale && run.rise == level.rise => {
                run.text.push_str(text);
            }
            _ => self.runs.push(Run { text: text.to_owned(), scale: level.scale, rise: level.rise }),
        }
    }

    fn push_char(&mut self, c: char, level: Level) {
        self.push(c.encode_utf8(&mut [0; 4]), level);
    }

    /// Read up to a closing bracket, or to the end when none is awaited.
    fn sequence(&mut self, level: Level, close: Option<char>) -> Option<()> {
        while let Some(c) = self.peek(0) {
            if Some(c) == close {
                self.at += 1;
                return Some(());
            }
            match c {
                '^' => self.superscript(level)?,
                '(' => {
                    self.at += 1;
                    self.push("(", level);
                    self.sequence(level, Some(')'))?;
                    self.push(")", level);
                }
                ')' => return None,
                _ if c.is_ascii_alphabetic() => self.word(level),
                _ if c.is_ascii_digit() => self.number(level),
                '*' => self.product(level),
                '-' => self.minus(level),
                _ => {
                    self.at += 1;
                    self.push_char(c, level);
                }
            }
        }
        close.is_none().then_some(())
    }

    /// Read what follows `^`: a bracketed group, whose brackets the raised type makes needless, or one factor.
    fn superscript(&mut self, level: Level) -> Option<()> {
        let raised = level.raised();
        self.at += 1;
        if self.peek(0) == Some('(') {
            self.at += 1;
            return self.sequence(raised, Some(')'));
        }
        match self.peek(0) {
            Some('-' | '−') => {
                self.at += 1;
                self.push("−", raised);
            }
            Some('+') => self.at += 1,
            _ => {}
        }
        match self.peek(0) {
            Some(c) if c.is_ascii_alphabetic() => self.word(raised),
            Some(c) if c.is_ascii_digit() => self.number(raised),
            _ => return None,
        }
        Some(())
    }

    /// Read a name: `alpha` becomes Greek, `N0` and `N_c` get a subscript, words stay as they are.
    fn word(&mut self, level: Level) {
        let name = self.take(|c| c.is_ascii_alphanumeric() || c == '_');
        let split = name.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(name.len());
        let (head, tail) = name.split_at(split);
        let symbol = greek(head).map(String::from);
        let symbol = symbol.or_else(|| (head.len() == 1).then(|| head.to_owned()));
        let tail = tail.strip_prefix('_').unwrap_or(tail);
        match symbol {
            Some(symbol) if !tail.contains('_') => {
                self.push(&symbol, level);
                if !tail.is_empty() {
                    let below = greek(tail).map_or_else(|| tail.to_owned(), String::from);
                    self.push(&below, level.lowered());
                }
            }
            _ => self.push(&name, level),
        }
    }

    /// Read a number with its decimals and exponent.
    fn number(&mut self, level: Level) {
        let mut number = self.take(|c| c.is_ascii_digit() || c == '.');
        if matches!(self.peek(0), Some('e' | 'E')) {
            let signed = usize::from(matches!(self.peek(1), Some('-' | '+')));
            if self.peek(1 + signed).is_some_and(|c| c.is_ascii_digit()) {
                self.at += 1 + signed;
                let exponent = self.take(|c| c.is_ascii_digit());
                let minus = signed == 1 && self.chars.get(self.at - exponent.len() - 1) == Some(&'-');
                self.push(&number, level);
                self.push("×10", level);
                number = exponent;
                if minus {
                    number.insert(0, '−');
                }
                self.push(&number, level.raised());
                return;
            }
        }
        self.push(&number, level);
    }

    /// Set a product: numbers need a sign between them, letters only a little space.
    fn product(&mut self, level: Level) {
        let before = self.behind();
        let after = self.peek(1);
        self.at += 1;
        let factor = |c: char| c.is_alphanumeric() || c == '(' || c == ')';
        match (before, after) {
            (Some(a), Some(b)) if a.is_ascii_digit() && b.is_ascii_digit() => self.push("×", level),
            (Some(a), Some(b)) if factor(a) && factor(b) => self.push("\u{2009}", level),
            _ => self.push("·", level),
        }
    }

    /// Set a minus sign, or a hyphen inside a compound such as log-log.
    fn minus(&mut self, level: Level) {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        let last: String = self.chars[..self.at].iter().rev().take_while(|c| c.is_alphabetic()).collect();
        let name: String = last.chars().rev().collect();
        let compound = letter(self.peek(1)) && name.len() > 1 && greek(&name).is_none();
        self.at += 1;
        self.push(if compound { "-" } else { "−" }, level);
    }

    fn take(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while let Some(c) = self.peek(0).filter(|&c| belongs(c)) {
            taken.push(c);
            self.at += 1;
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Write runs with braces around what is raised and brackets around what is lowered.
    fn show(text: &str) -> String {
        label(text)
            .iter()
            .map(|run| match run.rise {
                r if r > 0.0 => format!("{{{}}}", run.text),
                r if r < 0.0 => format!("[{}]", run.text),
                _ => run.text.clone(),
            })
            .collect()
    }

    #[test]
    fn powers_and_greek() {
        assert_eq!(show("E + A*N^-alpha"), "E + A\u{2009}N{−α}");
        assert_eq!(show("A*(N+N0)^-alpha"), "A\u{2009}(N+N[0]){−α}");
        assert_eq!(show("E + A*N^(-alpha) + B*D^(-beta)"), "E + A\u{2009}N{−α} + B\u{2009}D{−β}");
        assert_eq!(show("floor: 1.7 + 444*N^-0.35"), "floor: 1.7 + 444\u{2009}N{−0.35}");
        assert_eq!(show("log-log line f*N^-alpha"), "log-log line f\u{2009}N{−α}");
        assert_eq!(show("2*10^7"), "2×10{7}");
        assert_eq!(show("1.5e-3*N^2"), "1.5×10{−3}\u{2009}N{2}");
        assert_eq!(show("A*(N_c/N)^alpha_N"), "A\u{2009}(N[c]/N){α}{N}");
    }

    #[test]
    fn scripts_nest() {
        let runs = label("E + A*exp(-(N/N0)^b)");
        assert_eq!(runs.last().map(|r| r.text.as_str()), Some(")"));
        let runs = label("a^(b^c)");
        assert_eq!(runs.len(), 3);
        assert!(runs[2].rise > runs[1].rise && runs[2].scale < runs[1].scale);
    }

    #[test]
    fn what_is_no_formula_stays() {
        for text in ["power law", "alpha_test", "2*x", "a^", "a^(b", "a)^2", "^", "N^*"] {
            assert_eq!(label(text), plain(text), "{text}");
        }
    }

    #[test]
    fn long_text_is_cut() {
        let runs = shorten(label("E + A*N^-alpha + B*D^-beta"), 12.0, 60.0);
        assert!(width(&runs, 12.0) <= 60.0);
        assert_eq!(runs.last().map(|r| r.text.as_str()), Some("…"));
        assert_eq!(shorten(plain("N"), 12.0, 60.0), plain("N"));
    }
}

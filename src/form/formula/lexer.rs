//! From the characters of a formula to its words.

use super::error::{FormulaError, Place};

/// One word of a formula.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Number(f64),
    Name(String),
    Plus,
    Minus,
    Times,
    Over,
    Power,
    Open,
    Close,
    Comma,
    End,
}

/// A word and the characters that it stands at.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lexeme {
    pub(super) token: Token,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Split a formula into words; the last is [`Token::End`].
///
/// A name starts with a letter or an underscore; any other column name is written between backquotes.
pub(super) fn lex(formula: &str) -> Result<Vec<Lexeme>, FormulaError> {
    let text: Vec<char> = formula.chars().collect();
    let mut out = Vec::new();
    let mut i = 0;
    while i < text.len() {
        let start = i;
        let c = text[i];
        if c.is_whitespace() {
            i += 1;
            continue;
        }
        let token = if c.is_ascii_digit() || (c == '.' && text.get(i + 1).is_some_and(char::is_ascii_digit)) {
            i = end_of_number(&text, i);
            let written: String = text[start..i].iter().collect();
            match written.parse::<f64>() {
                Ok(v) if v.is_finite() => Token::Number(v),
                _ => {
                    return Err(FormulaError::Syntax {
                        at: Place { formula: formula.to_owned(), start, end: i },
                        found: format!("`{written}`"),
                        expected: "a number that a double can hold",
                        hint: "write numbers as 0.34, 12 or 6e21",
                    });
                }
            }
        } else if c.is_alphabetic() || c == '_' {
            while i < text.len() && (text[i].is_alphanumeric() || text[i] == '_') {
                i += 1;
            }
            Token::Name(text[start..i].iter().collect())
        } else if c == '`' {
            let close = text[i + 1..].iter().position(|c| *c == '`').map(|k| i + 1 + k);
            let Some(close) = close.filter(|close| *close > i + 1) else {
                return Err(FormulaError::Syntax {
                    at: Place { formula: formula.to_owned(), start, end: start + 1 },
                    found: "a lonely backquote".into(),
                    expected: "a column name between two backquotes",
                    hint: "write `model size` with a backquote on either side",
                });
            };
            i = close + 1;
            Token::Name(text[start + 1..close].iter().collect())
        } else {
            i += 1;
            match c {
                '+' => Token::Plus,
                '-' | '\u{2212}' => Token::Minus,
                '*' if text.get(i) == Some(&'*') => {
                    i += 1;
                    Token::Power
                }
                '*' | '\u{b7}' | '\u{d7}' => Token::Times,
                '/' => Token::Over,
                '^' => Token::Power,
                '(' => Token::Open,
                ')' => Token::Close,
                ',' => Token::Comma,
                _ => {
                    let hint = match c {
                        '=' => "write the right-hand side only: E + A*N^-alpha",
                        '[' | ']' | '{' | '}' => "use round parentheses",
                        '\'' | '"' => {
                            "names need no quotes; a column name with blanks stands between backquotes"
                        }
                        _ => "a formula is made of names, numbers, + - * / ^ ( ) and functions",
                    };
                    return Err(FormulaError::Syntax {
                        at: Place { formula: formula.to_owned(), start, end: i },
                        found: format!("`{c}`"),
                        expected: "a name, a number or one of + - * / ^ ( )",
                        hint,
                    });
                }
            }
        };
        out.push(Lexeme { token, start, end: i });
    }
    out.push(Lexeme { token: Token::End, start: text.len(), end: text.len() });
    Ok(out)
}

/// One past the last character of the number that starts at `i`: digits, a point, an exponent with digits.
fn end_of_number(text: &[char], mut i: usize) -> usize {
    let digits = |mut i: usize| {
        while text.get(i).is_some_and(char::is_ascii_digit) {
            i += 1;
        }
        i
    };
    i = digits(i);
    if text.get(i) == Some(&'.') {
        i = digits(i + 1);
    }
    if matches!(text.get(i), Some('e' | 'E')) {
        let sign = usize::from(matches!(text.get(i + 1), Some('+' | '-')));
        if text.get(i + 1 + sign).is_some_and(char::is_ascii_digit) {
            i = digits(i + 1 + sign);
        }
    }
    i
}

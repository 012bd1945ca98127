//! From words to a tree, by precedence climbing.

use super::error::{FormulaError, Place};
use super::function::{Function, NAMES};
use super::lexer::{Lexeme, Token, lex};

/// A node of the tree with the characters that it stands at.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expr {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What a node of the tree is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Number(f64),
    Name(String),
    Neg(Box<Expr>),
    Add(Box<Expr>, Box<Expr>),
    Sub(Box<Expr>, Box<Expr>),
    Mul(Box<Expr>, Box<Expr>),
    Div(Box<Expr>, Box<Expr>),
    Pow(Box<Expr>, Box<Expr>),
    Min(Box<Expr>, Box<Expr>),
    Max(Box<Expr>, Box<Expr>),
    Call(Function, Box<Expr>),
}

/// Most characters of a formula: a tree as deep as that is safe to walk.
pub(super) const MOST_CHARACTERS: usize = 2_000;
/// Most open parentheses and signs around one place.
const MOST_DEPTH: usize = 200;

/// Binding power of a sign: below powers, so that -a^2 is -(a^2), above products.
const SIGN: u8 = 5;

/// Left and right binding powers of an operator.
fn power(token: &Token) -> Option<(u8, u8)> {
    match token {
        Token::Plus | Token::Minus => Some((1, 2)),
        Token::Times | Token::Over => Some((3, 4)),
        // From the right: a^b^c is a^(b^c).
        Token::Power => Some((8, 7)),
        _ => None,
    }
}

/// Parse a formula.
///
/// # Reference
/// Pratt (1973), Top down operator precedence, POPL.
pub(super) fn parse(formula: &str) -> Result<Expr, FormulaError> {
    let length = formula.chars().count();
    if length > MOST_CHARACTERS {
        return Err(FormulaError::TooLong { found: length, most: MOST_CHARACTERS });
    }
    let words = lex(formula)?;
    let mut parser = Parser { formula, words, next: 0, depth: 0 };
    let tree = parser.expression(0)?;
    let rest = parser.peek().clone();
    match rest.token {
        Token::End => Ok(tree),
        Token::Close => Err(FormulaError::Unbalanced {
            at: parser.place(rest.start, rest.end),
            expected: "a `(` before it",
        }),
        _ => Err(parser.unexpected(&rest, "an operator or the end of the formula")),
    }
}

struct Parser<'f> {
    formula: &'f str,
    words: Vec<Lexeme>,
    next: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> &Lexeme {
        // The last word is the end, and nothing steps beyond it.
        &self.words[self.next.min(self.words.len() - 1)]
    }

    fn take(&mut self) -> Lexeme {
        let word = self.peek().clone();
        self.next += 1;
        word
    }

    fn place(&self, start: usize, end: usize) -> Place {
        Place { formula: self.formula.to_owned(), start, end }
    }

    fn unexpected(&self, word: &Lexeme, expected: &'static str) -> FormulaError {
        let at = self.place(word.start, word.end.max(word.start + 1));
        let (found, hint) = match &word.token {
            Token::End if word.start == 0 => ("nothing".to_owned(), "write a law: E + A*N^-alpha"),
            Token::End => ("the end of the formula".to_owned(), "something is missing after the last sign"),
            Token::Number(_) | Token::Name(_) | Token::Open => {
                (format!("`{}`", at.text()), "for a product write a `*` between: 2*N, A*(N + 1)")
            }
            Token::Comma => ("`,`".to_owned(), "commas only separate the arguments of max, min and pow"),
            _ => (format!("`{}`", at.text()), "two operators in a row, or one without its left side"),
        };
        FormulaError::Syntax { at, found, expected, hint }
    }

    fn expression(&mut self, least: u8) -> Result<Expr, FormulaError> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            let here = self.peek().clone();
            return Err(FormulaError::Syntax {
                at: self.place(here.start, here.end),
                found: format!("{MOST_DEPTH} parentheses or signs around one place"),
                expected: "fewer",
                hint: "simplify the formula",
            });
        }
        let mut left = self.operand()?;
        while let Some((_, r)) = power(&self.peek().token).filter(|(l, _)| *l >= least) {
            let operator = self.take();
            let right = self.expression(r)?;
            let (start, end) = (left.start, right.end);
            let (a, b) = (Box::new(left), Box::new(right));
            let kind = match operator.token {
                Token::Plus => Kind::Add(a, b),
                Token::Minus => Kind::Sub(a, b),
                Token::Times => Kind::Mul(a, b),
                Token::Over => Kind::Div(a, b),
                _ => Kind::Pow(a, b),
            };
            left = Expr { kind, start, end };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn operand(&mut self) -> Result<Expr, FormulaError> {
        let word = self.take();
        let (start, end) = (word.start, word.end);
        match word.token {
            Token::Number(v) => Ok(Expr { kind: Kind::Number(v), start, end }),
            Token::Name(name) => self.name(name, start, end),
            Token::Minus => {
                let inner = self.expression(SIGN)?;
                let end = inner.end;
                Ok(Expr { kind: Kind::Neg(Box::new(inner)), start, end })
            }
            Token::Plus => self.expression(SIGN),
            Token::Open => {
                let inner = self.expression(0)?;
                let end = self.close(start)?;
                Ok(Expr { start, end, ..inner })
            }
            Token::Close if self.words[..self.next - 1].iter().all(|w| w.token != Token::Open) => {
                Err(FormulaError::Unbalanced { at: self.place(start, end), expected: "a `(` before it" })
            }
            _ => {
                let found = Lexeme { start, end, token: word.token };
                Err(self.unexpected(&found, "a number, a name or `(`"))
            }
        }
    }

    /// Step over the parenthesis that closes the one at `open`; return where it ends.
    fn close(&mut self, open: usize) -> Result<usize, FormulaError> {
        let word = self.take();
        match word.token {
            Token::Close => Ok(word.end),
            Token::End => {
                Err(FormulaError::Unbalanced { at: self.place(open, open + 1), expected: "a `)` after it" })
            }
            _ => Err(self.unexpected(&word, "an operator or `)`")),
        }
    }

    /// A name: pi, a call when a parenthesis follows, a column or parameter otherwise.
    fn name(&mut self, name: String, start: usize, end: usize) -> Result<Expr, FormulaError> {
        let quoted = self.formula.chars().nth(start) == Some('`');
        let calls = !quoted && self.peek().token == Token::Open;
        let function = Function::by_name(&name).filter(|_| !quoted);
        match (calls, function) {
            (true, None) => Err(FormulaError::UnknownFunction {
                at: self.place(start, end),
                known: NAMES.iter().map(|(n, _)| *n).collect(),
            }),
            (true, Some((known, function))) => self.call(known, function, start),
            (false, Some(_)) => Err(FormulaError::Syntax {
                at: self.place(start, end),
                found: format!("the function `{name}` without an argument"),
                expected: "`(` after it",
                hint: "the names of functions cannot be parameters",
            }),
            (false, None) if name == "pi" && !quoted => {
                Ok(Expr { kind: Kind::Number(std::f64::consts::PI), start, end })
            }
            (false, None) => Ok(Expr { kind: Kind::Name(name), start, end }),
        }
    }

    fn call(&mut self, name: &'static str, function: Function, start: usize) -> Result<Expr, FormulaError> {
        let open = self.take().start;
        let mut arguments = Vec::new();
        if self.peek().token != Token::Close {
            arguments.push(self.expression(0)?);
            while self.peek().token == Token::Comma {
                self.next += 1;
                arguments.push(self.expression(0)?);
            }
        }
        let end = self.close(open)?;
        let found = arguments.len();
        let fits = match function {
            Function::Min | Function::Max => found >= 2,
            _ => found == function.arity(),
        };
        let mut arguments = arguments.into_iter();
        let (Some(first), true) = (arguments.next(), fits) else {
            let expected = match function {
                Function::Min | Function::Max => "two or more",
                Function::Pow => "two",
                _ => "one",
            };
            return Err(FormulaError::Arguments {
                at: self.place(start, end),
                function: name,
                found,
                expected,
            });
        };
        let pair = |a: Expr, b: Expr| Expr {
            kind: match function {
                Function::Min => Kind::Min(Box::new(a), Box::new(b)),
                Function::Max => Kind::Max(Box::new(a), Box::new(b)),
                _ => Kind::Pow(Box::new(a), Box::new(b)),
            },
            start,
            end,
        };
        if function.arity() == 1 {
            return Ok(Expr { kind: Kind::Call(function, Box::new(first)), start, end });
        }
        Ok(arguments.fold(first, pair))
    }
}

//! The tree evaluated at one row, to find the subexpression that has no value there.

use super::build::unary;
use super::function::Function;
use super::operation::Binary;
use super::parser::{Expr, Kind};

/// A subexpression without a finite value, and why.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Failing<'e> {
    pub(super) expr: &'e Expr,
    pub(super) problem: String,
}

/// Evaluate a tree; the error is the innermost subexpression whose operands are finite and whose value is not.
pub(super) fn value<'e>(expr: &'e Expr, of: &dyn Fn(&str) -> f64) -> Result<f64, Failing<'e>> {
    let two = |op: Binary, a: &'e Expr, b: &'e Expr| -> Result<f64, Failing<'e>> {
        let (a, b) = (value(a, of)?, value(b, of)?);
        let v = op.of(a, b);
        if v.is_finite() {
            return Ok(v);
        }
        let problem = match op {
            Binary::Div if b == 0.0 => format!("the division {}/0", short(a)),
            Binary::Pow if a < 0.0 => format!("the negative number {} to the power {}", short(a), short(b)),
            Binary::Pow if a == 0.0 => format!("0 to the negative power {}", short(b)),
            Binary::Pow => format!("an overflow: {} to the power {}", short(a), short(b)),
            _ => "an overflow".to_owned(),
        };
        Err(Failing { expr, problem })
    };
    match &expr.kind {
        Kind::Number(v) => Ok(*v),
        Kind::Name(name) => Ok(of(name)),
        Kind::Neg(a) => Ok(-value(a, of)?),
        Kind::Add(a, b) => two(Binary::Add, a, b),
        Kind::Sub(a, b) => two(Binary::Sub, a, b),
        Kind::Mul(a, b) => two(Binary::Mul, a, b),
        Kind::Div(a, b) => two(Binary::Div, a, b),
        Kind::Pow(a, b) => two(Binary::Pow, a, b),
        Kind::Min(a, b) => two(Binary::Min, a, b),
        Kind::Max(a, b) => two(Binary::Max, a, b),
        Kind::Call(function, a) => {
            let a = value(a, of)?;
            let v = unary(*function).of(a);
            if v.is_finite() {
                return Ok(v);
            }
            let problem = match function {
                Function::Ln | Function::Log10 | Function::Log2 => format!("the logarithm of {}", short(a)),
                Function::Sqrt => format!("the square root of {}", short(a)),
                _ => format!("an overflow at {}", short(a)),
            };
            Err(Failing { expr, problem })
        }
    }
}

/// A number with as many digits as a message needs.
pub(super) fn short(v: f64) -> String {
    let magnitude = v.abs();
    if v == 0.0 || (1e-4..1e6).contains(&magnitude) {
        let text = format!("{v:.6}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        format!("{v:.5e}")
    }
}

/// Collect the names of a tree in the order of their appearance, each with its first place.
pub(super) fn names(expr: &Expr) -> Vec<(String, usize, usize)> {
    fn walk(expr: &Expr, out: &mut Vec<(String, usize, usize)>) {
        match &expr.kind {
            Kind::Number(_) => {}
            Kind::Name(name) => {
                if !out.iter().any(|(known, _, _)| known == name) {
                    out.push((name.clone(), expr.start, expr.end));
                }
            }
            Kind::Neg(a) | Kind::Call(_, a) => walk(a, out),
            Kind::Add(a, b)
            | Kind::Sub(a, b)
            | Kind::Mul(a, b)
            | Kind::Div(a, b)
            | Kind::Pow(a, b)
            | Kind::Min(a, b)
            | Kind::Max(a, b) => {
                walk(a, out);
                walk(b, out);
            }
        }
    }
    let mut out = Vec::new();
    walk(expr, &mut out);
    out
}

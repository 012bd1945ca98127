//! The operations of a compiled formula: on one value, and on many.

/// An operation on one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Unary {
    Neg,
    Exp,
    Ln,
    Log10,
    Log2,
    Sqrt,
    Abs,
    Sin,
    Cos,
    Tan,
    Atan,
    Tanh,
    Sigmoid,
    Softplus,
    /// -1, 0 or 1: the slope of the absolute value.
    Sign,
    /// The logarithm, but 0 at 0: in the slope of a power by its exponent it is multiplied by the power, which is 0 there.
    LnOrZero,
}

/// An operation on two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    Pow,
    Min,
    Max,
    /// 1 where the left is below the right, 1/2 where they are equal, 0 elsewhere: a slope of min and max.
    Below,
}

impl Unary {
    /// Apply to one value.
    pub(super) fn of(self, x: f64) -> f64 {
        match self {
            Unary::Neg => -x,
            Unary::Exp => x.exp(),
            Unary::Ln => x.ln(),
            Unary::Log10 => x.log10(),
            Unary::Log2 => x.log2(),
            Unary::Sqrt => x.sqrt(),
            Unary::Abs => x.abs(),
            Unary::Sin => x.sin(),
            Unary::Cos => x.cos(),
            Unary::Tan => x.tan(),
            Unary::Atan => x.atan(),
            Unary::Tanh => x.tanh(),
            Unary::Sigmoid => sigmoid(x),
            Unary::Softplus => x.max(0.0) + (-x.abs()).exp().ln_1p(),
            Unary::LnOrZero => {
                if x == 0.0 {
                    0.0
                } else {
                    x.ln()
                }
            }
            Unary::Sign => {
                if x == 0.0 {
                    0.0
                } else {
                    x.signum()
                }
            }
        }
    }

    /// Apply to every value of `a`.
    pub(super) fn map(self, a: &[f64], out: &mut [f64]) {
        fn each(a: &[f64], out: &mut [f64], f: impl Fn(f64) -> f64) {
            for (o, a) in out.iter_mut().zip(a) {
                *o = f(*a);
            }
        }
        // The operation is known outside the loop, so that cheap ones are vectorised.
        match self {
            Unary::Neg => each(a, out, |x| -x),
            Unary::Exp => each(a, out, f64::exp),
            Unary::Sqrt => each(a, out, f64::sqrt),
            Unary::Abs => each(a, out, f64::abs),
            other => each(a, out, |x| other.of(x)),
        }
    }
}

fn sigmoid(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + (-x).exp())
    } else {
        let e = x.exp();
        e / (1.0 + e)
    }
}

/// One value for all rows, or one a row.
#[derive(Debug, Clone, Copy)]
pub(super) enum Values<'a> {
    One(f64),
    Many(&'a [f64]),
}

impl Binary {
    /// Apply to two values.
    pub(super) fn of(self, a: f64, b: f64) -> f64 {
        match self {
            Binary::Add => a + b,
            Binary::Sub => a - b,
            Binary::Mul => a * b,
            Binary::Div => a / b,
            Binary::Pow => a.powf(b),
            // Unlike f64::min, these let NaN through.
            Binary::Min => {
                if a < b || a.is_nan() {
                    a
                } else {
                    b
                }
            }
            Binary::Max => {
                if a > b || a.is_nan() {
                    a
                } else {
                    b
                }
            }
            Binary::Below => {
                if a == b {
                    0.5
                } else {
                    f64::from(u8::from(a < b))
                }
            }
        }
    }

    /// Apply row by row.
    pub(super) fn map(self, a: Values<'_>, b: Values<'_>, out: &mut [f64]) {
        fn each(a: Values<'_>, b: Values<'_>, out: &mut [f64], f: impl Fn(f64, f64) -> f64) {
            match (a, b) {
                (Values::One(a), Values::One(b)) => out.fill(f(a, b)),
                (Values::One(a), Values::Many(b)) => {
                    for (o, b) in out.iter_mut().zip(b) {
                        *o = f(a, *b);
                    }
                }
                (Values::Many(a), Values::One(b)) => {
                    for (o, a) in out.iter_mut().zip(a) {
                        *o = f(*a, b);
                    }
                }
                (Values::Many(a), Values::Many(b)) => {
                    for ((o, a), b) in out.iter_mut().zip(a).zip(b) {
                        *o = f(*a, *b);
                    }
                }
            }
        }
        match self {
            Binary::Add => each(a, b, out, |a, b| a + b),
            Binary::Sub => each(a, b, out, |a, b| a - b),
            Binary::Mul => each(a, b, out, |a, b| a * b),
            Binary::Div => each(a, b, out, |a, b| a / b),
            other => each(a, b, out, |a, b| other.of(a, b)),
        }
    }
}

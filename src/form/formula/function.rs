//! The functions that a formula may call.

/// A function of one or two arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
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
    Min,
    Max,
    Pow,
}

/// Every name of a function, sorted; `log` is the natural logarithm.
pub(super) const NAMES: &[(&str, Function)] = &[
    ("abs", Function::Abs),
    ("arctan", Function::Atan),
    ("atan", Function::Atan),
    ("cos", Function::Cos),
    ("exp", Function::Exp),
    ("ln", Function::Ln),
    ("log", Function::Ln),
    ("log10", Function::Log10),
    ("log2", Function::Log2),
    ("logistic", Function::Sigmoid),
    ("max", Function::Max),
    ("min", Function::Min),
    ("pow", Function::Pow),
    ("sigmoid", Function::Sigmoid),
    ("sin", Function::Sin),
    ("softplus", Function::Softplus),
    ("sqrt", Function::Sqrt),
    ("tan", Function::Tan),
    ("tanh", Function::Tanh),
];

impl Function {
    /// Find a function by name.
    pub(super) fn by_name(name: &str) -> Option<(&'static str, Function)> {
        NAMES.iter().find(|(known, _)| *known == name).copied()
    }

    /// Number of arguments.
    pub(super) fn arity(self) -> usize {
        match self {
            Function::Min | Function::Max | Function::Pow => 2,
            _ => 1,
        }
    }
}

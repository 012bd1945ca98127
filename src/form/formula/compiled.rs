//! Everything that follows from a formula once its columns are known: value, derivatives, and what is linear.

use super::build::{Meaning, build, columns, leaves};
use super::gradient::gradient;
use super::graph::{Graph, Id, Node};
use super::operation::{Binary, Unary};
use super::parser::Expr;
use super::tape::Tape;

/// What a parameter is measured in, as far as the formula tells: where its starting values lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// An exponent of a column.
    Exponent,
    /// The inverse of a column's unit: a rate in an exponential.
    Rate(usize),
    /// A column's own unit: added to it, or its divisor.
    Like(usize),
    /// Nothing that the formula tells.
    Plain,
}

/// A compiled formula.
#[derive(Debug, Clone)]
pub(super) struct Compiled {
    graph: Graph,
    leaves: Vec<Id>,
    value: Tape,
    full: Tape,
    /// Parameters in which the formula is jointly linear: the most there are.
    pub(super) linear: Vec<usize>,
    /// Parameters without any effect, by the simplified derivative.
    pub(super) idle: Vec<usize>,
    pub(super) roles: Vec<Role>,
}

impl Compiled {
    pub(super) fn new(expr: &Expr, params: usize, meaning: &dyn Fn(&str) -> Meaning) -> Compiled {
        let mut graph = Graph::default();
        let root = build(expr, &mut graph, meaning);
        let partials = gradient(&mut graph, root, params);
        let mut outputs = vec![root];
        outputs.extend(&partials);
        let leaves = leaves(&graph, &outputs);
        let value = Tape::new(&graph, &outputs[..1], &leaves);
        let full = Tape::new(&graph, &outputs, &leaves);
        let idle = (0..params).filter(|&j| graph.constant_of(partials[j]) == Some(0.0)).collect();
        let depends: Vec<u32> = partials.iter().map(|&id| graph.params(id)).collect();
        let linear = jointly_linear(&depends);
        let roles = (0..params).map(|j| role(&graph, root, j)).collect();
        Compiled { graph, leaves, value, full, linear, idle, roles }
    }

    /// Return the columns that the tapes read, from predictor columns.
    pub(super) fn columns(&self, x: &[&[f64]]) -> Vec<Vec<f64>> {
        columns(&self.graph, &self.leaves, x)
    }

    /// Evaluate value and, where `jac` is not empty, derivatives.
    pub(super) fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        let tape = if jac.is_empty() { &self.value } else { &self.full };
        tape.run(theta, x, out, jac);
    }
}

/// The largest set of parameters of which no derivative by one changes with another (or with itself).
///
/// `depends` holds, for the derivative by every parameter, a bit for each parameter that it changes with.
fn jointly_linear(depends: &[u32]) -> Vec<usize> {
    let p = depends.len();
    let members = |set: u32| (0..p).filter(move |j| set >> j & 1 == 1);
    let alone: u32 = (0..p).filter(|&j| depends[j] >> j & 1 == 0).map(|j| 1 << j).sum();
    let mut best = 0u32;
    // At most 2^16 sets, of which only the subsets of `alone` are walked through.
    let mut set = alone;
    while set != 0 {
        // Of sets of one size the first in the order of appearance, which is reached last.
        let larger = set.count_ones() >= best.count_ones();
        if larger && members(set).all(|j| depends[j] & set == 0) {
            best = set;
        }
        set = (set - 1) & alone;
    }
    members(best).collect()
}

/// Guess the unit of parameter `j` from the operations that it meets columns in.
fn role(graph: &Graph, root: Id, j: usize) -> Role {
    let has = |id: Id| graph.params(id) >> j & 1 == 1;
    let column_of = |id: Id| match graph.node(id) {
        Node::Column(k) => Some(k),
        _ => None,
    };
    let log_of_column = |id: Id| matches!(graph.node(id), Node::One(Unary::Ln | Unary::Log10 | Unary::Log2, a) if column_of(a).is_some());
    // The first column inside a subexpression, to guess a unit by.
    fn first_column(graph: &Graph, id: Id) -> Option<usize> {
        match graph.node(id) {
            Node::Column(k) => Some(k),
            Node::One(_, a) => first_column(graph, a),
            Node::Two(_, a, b) => first_column(graph, a).or_else(|| first_column(graph, b)),
            _ => None,
        }
    }
    let mut exponential = None;
    for id in 0..=root {
        match graph.node(id) {
            Node::Two(Binary::Pow, _, b) if has(b) => return Role::Exponent,
            Node::Two(Binary::Mul, a, b) if (has(a) && log_of_column(b)) || (has(b) && log_of_column(a)) => {
                return Role::Exponent;
            }
            Node::Two(Binary::Add | Binary::Sub, a, b) => {
                let direct = |p: Id, c: Id| {
                    matches!(graph.node(p), Node::Param(i) if i == j).then(|| column_of(c)).flatten()
                };
                if let Some(k) = direct(a, b).or_else(|| direct(b, a)) {
                    return Role::Like(k);
                }
            }
            Node::Two(Binary::Div, a, b) if has(b) => {
                if let Some(k) = column_of(a) {
                    return Role::Like(k);
                }
            }
            Node::One(Unary::Exp | Unary::Sin | Unary::Cos | Unary::Tanh | Unary::Sigmoid, a) if has(a) => {
                exponential = first_column(graph, a).or(exponential);
            }
            _ => {}
        }
    }
    exponential.map_or(Role::Plain, Role::Rate)
}

//! From the tree of a formula to its graph.

use super::function::Function;
use super::graph::{Class, Graph, Id, Node};
use super::operation::{Binary, Unary};
use super::parser::{Expr, Kind};
use crate::form::MAX_COLUMNS;

/// What a name of the formula stands for, with whether its value is known to be above 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Meaning {
    Column(usize, bool),
    Param(usize, bool),
}

/// Turn a tree into nodes of `graph`; return the root.
pub(super) fn build(expr: &Expr, graph: &mut Graph, meaning: &dyn Fn(&str) -> Meaning) -> Id {
    let mut two = |op, a: &Expr, b: &Expr| {
        let (a, b) = (build(a, graph, meaning), build(b, graph, meaning));
        graph.two(op, a, b)
    };
    match &expr.kind {
        Kind::Number(v) => graph.constant(*v),
        Kind::Name(name) => match meaning(name) {
            Meaning::Column(k, positive) => graph.column(k, positive),
            Meaning::Param(j, positive) => graph.param(j, positive),
        },
        Kind::Neg(a) => {
            let a = build(a, graph, meaning);
            graph.neg(a)
        }
        Kind::Add(a, b) => two(Binary::Add, a, b),
        Kind::Sub(a, b) => two(Binary::Sub, a, b),
        Kind::Mul(a, b) => two(Binary::Mul, a, b),
        Kind::Div(a, b) => two(Binary::Div, a, b),
        Kind::Pow(a, b) => two(Binary::Pow, a, b),
        Kind::Min(a, b) => two(Binary::Min, a, b),
        Kind::Max(a, b) => two(Binary::Max, a, b),
        Kind::Call(function, a) => {
            let a = build(a, graph, meaning);
            graph.one(unary(*function), a)
        }
    }
}

/// The operation of a function of one argument.
pub(super) fn unary(function: Function) -> Unary {
    match function {
        Function::Exp => Unary::Exp,
        Function::Ln => Unary::Ln,
        Function::Log10 => Unary::Log10,
        Function::Log2 => Unary::Log2,
        Function::Sqrt => Unary::Sqrt,
        Function::Sin => Unary::Sin,
        Function::Cos => Unary::Cos,
        Function::Tan => Unary::Tan,
        Function::Atan => Unary::Atan,
        Function::Tanh => Unary::Tanh,
        Function::Sigmoid => Unary::Sigmoid,
        Function::Softplus => Unary::Softplus,
        // Functions of two arguments are operators of the tree.
        Function::Abs | Function::Min | Function::Max | Function::Pow => Unary::Abs,
    }
}

/// Return the nodes that are computed once a data set: the largest that only change with rows.
///
/// Where there are more of these than a law may have columns, the predictors themselves.
pub(super) fn leaves(graph: &Graph, outputs: &[Id]) -> Vec<Id> {
    let mut hoisted = Vec::new();
    let mut raw = Vec::new();
    let mut seen = vec![false; outputs.iter().max().map_or(0, |m| m + 1)];
    let mut stack: Vec<(Id, bool)> = outputs.iter().map(|&id| (id, false)).collect();
    while let Some((id, inside)) = stack.pop() {
        let data = graph.class(id) == Class::Data;
        if data && !inside && !hoisted.contains(&id) {
            hoisted.push(id);
        }
        if std::mem::replace(&mut seen[id], true) {
            continue;
        }
        match graph.node(id) {
            Node::Column(_) => raw.push(id),
            Node::One(_, a) => stack.push((a, data)),
            Node::Two(_, a, b) => stack.extend([(a, data), (b, data)]),
            Node::Constant(_) | Node::Param(_) => {}
        }
    }
    let mut chosen = if hoisted.len() <= MAX_COLUMNS { hoisted } else { raw };
    chosen.sort_unstable();
    chosen
}

/// Evaluate nodes that only change with rows, a column each.
pub(super) fn columns(graph: &Graph, leaves: &[Id], x: &[&[f64]]) -> Vec<Vec<f64>> {
    leaves.iter().map(|&id| column(graph, id, x)).collect()
}

fn column(graph: &Graph, id: Id, x: &[&[f64]]) -> Vec<f64> {
    let n = x.first().map_or(0, |c| c.len());
    match graph.node(id) {
        Node::Column(k) => x[k].to_vec(),
        Node::Constant(bits) => vec![f64::from_bits(bits); n],
        Node::Param(_) => vec![f64::NAN; n],
        Node::One(op, a) => column(graph, a, x).into_iter().map(|v| op.of(v)).collect(),
        Node::Two(op, a, b) => {
            column(graph, a, x).into_iter().zip(column(graph, b, x)).map(|(a, b)| op.of(a, b)).collect()
        }
    }
}

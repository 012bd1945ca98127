//! Exact derivatives: the adjoints of reverse differentiation, as nodes of the same graph.

use super::graph::{Graph, Id, Node};
use super::operation::{Binary, Unary};

/// Return the derivatives of `root` by every parameter.
///
/// Adjoints are nodes, so that they are simplified, share subexpressions with the value and with each other, and cost about
/// as much as a few evaluations of the value whatever the number of parameters.
///
/// # Reference
/// Griewank and Walther (2008), Evaluating Derivatives, chapter 3.
pub(super) fn gradient(graph: &mut Graph, root: Id, params: usize) -> Vec<Id> {
    let zero = graph.constant(0.0);
    let mut partials = vec![zero; params];
    let mut adjoints: Vec<Option<Id>> = vec![None; root + 1];
    adjoints[root] = Some(graph.constant(1.0));
    // Operands have smaller numbers: from the root down, every adjoint is complete when it is used.
    for id in (0..=root).rev() {
        let Some(adjoint) = adjoints[id] else { continue };
        if graph.params(id) == 0 {
            continue;
        }
        match graph.node(id) {
            Node::Param(j) => partials[j] = adjoint,
            Node::One(op, a) => {
                let part = through_one(graph, op, a, id, adjoint);
                accumulate(graph, &mut adjoints, a, part);
            }
            Node::Two(op, a, b) => {
                if graph.params(a) != 0 {
                    let part = through_left(graph, op, a, b, adjoint);
                    accumulate(graph, &mut adjoints, a, part);
                }
                if graph.params(b) != 0 {
                    let part = through_right(graph, op, a, b, id, adjoint);
                    accumulate(graph, &mut adjoints, b, part);
                }
            }
            Node::Constant(_) | Node::Column(_) => {}
        }
    }
    partials
}

fn accumulate(graph: &mut Graph, adjoints: &mut [Option<Id>], id: Id, part: Id) {
    adjoints[id] = Some(match adjoints[id] {
        Some(sum) => graph.add(sum, part),
        None => part,
    });
}

/// The adjoint of `a` through v = op(a).
fn through_one(g: &mut Graph, op: Unary, a: Id, v: Id, adjoint: Id) -> Id {
    let one = g.constant(1.0);
    let slope = match op {
        Unary::Neg => return g.neg(adjoint),
        Unary::Ln => return g.div(adjoint, a),
        Unary::Log10 | Unary::Log2 => {
            let base = if op == Unary::Log10 { std::f64::consts::LN_10 } else { std::f64::consts::LN_2 };
            let base = g.constant(base);
            let by = g.mul(base, a);
            return g.div(adjoint, by);
        }
        Unary::Sqrt => {
            let two = g.constant(2.0);
            let by = g.mul(two, v);
            return g.div(adjoint, by);
        }
        Unary::Atan => {
            let square = g.mul(a, a);
            let by = g.add(one, square);
            return g.div(adjoint, by);
        }
        Unary::Exp => v,
        Unary::Abs => g.one(Unary::Sign, a),
        Unary::Sin => g.one(Unary::Cos, a),
        Unary::Cos => {
            let sin = g.one(Unary::Sin, a);
            g.neg(sin)
        }
        Unary::Tan => {
            let square = g.mul(v, v);
            g.add(one, square)
        }
        Unary::Tanh => {
            let (below, above) = (g.sub(one, v), g.add(one, v));
            g.mul(below, above)
        }
        // sigmoid(-a) rather than 1 - v, which is 0 where v rounds to 1.
        Unary::Sigmoid => {
            let minus = g.neg(a);
            let other = g.one(Unary::Sigmoid, minus);
            g.mul(v, other)
        }
        Unary::Softplus => g.one(Unary::Sigmoid, a),
        Unary::Sign | Unary::LnOrZero => g.constant(0.0),
    };
    g.mul(adjoint, slope)
}

/// The adjoint of `a` through op(a, b).
fn through_left(g: &mut Graph, op: Binary, a: Id, b: Id, adjoint: Id) -> Id {
    match op {
        Binary::Add | Binary::Sub => adjoint,
        Binary::Mul => g.mul(adjoint, b),
        Binary::Div => g.div(adjoint, b),
        Binary::Pow => {
            // b a^(b-1) rather than b v/a, which is undefined at a = 0.
            let one = g.constant(1.0);
            let less = g.sub(b, one);
            let power = g.pow(a, less);
            let slope = g.mul(b, power);
            g.mul(adjoint, slope)
        }
        Binary::Min => select(g, a, b, adjoint),
        Binary::Max => select(g, b, a, adjoint),
        Binary::Below => g.constant(0.0),
    }
}

/// The adjoint of `b` through v = op(a, b).
fn through_right(g: &mut Graph, op: Binary, a: Id, b: Id, v: Id, adjoint: Id) -> Id {
    match op {
        Binary::Add => adjoint,
        Binary::Sub => g.neg(adjoint),
        Binary::Mul => g.mul(adjoint, a),
        Binary::Div => {
            let slope = g.div(v, b);
            let part = g.mul(adjoint, slope);
            g.neg(part)
        }
        Binary::Pow => {
            let ln = g.one(Unary::LnOrZero, a);
            let slope = g.mul(v, ln);
            g.mul(adjoint, slope)
        }
        Binary::Min => select(g, b, a, adjoint),
        Binary::Max => select(g, a, b, adjoint),
        Binary::Below => g.constant(0.0),
    }
}

/// The adjoint where `x` is below `y`, 0 elsewhere.
fn select(g: &mut Graph, x: Id, y: Id, adjoint: Id) -> Id {
    let below = g.two(Binary::Below, x, y);
    g.mul(adjoint, below)
}

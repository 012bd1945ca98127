//! The formula as a graph in which equal subexpressions are one node, simplified while it is built.

use super::operation::{Binary, Unary};
use std::collections::HashMap;

/// A node's number; operands have smaller numbers than what is made of them.
pub(super) type Id = usize;

/// A value and how it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Node {
    /// A number, by its bits.
    Constant(u64),
    /// A parameter.
    Param(usize),
    /// A predictor column.
    Column(usize),
    One(Unary, Id),
    Two(Binary, Id, Id),
}

/// What a node's value changes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// Nothing.
    Constant,
    /// Parameters only: computed once a call.
    Scalar,
    /// Rows only: computed once a data set.
    Data,
    /// Both.
    Mixed,
}

/// The nodes, what is known about each, and where an equal one is found.
#[derive(Debug, Clone, Default)]
pub(super) struct Graph {
    nodes: Vec<Node>,
    /// Bit j is set where the node changes with parameter j.
    params: Vec<u32>,
    data: Vec<bool>,
    /// Whether the value is known to be above 0.
    positive: Vec<bool>,
    index: HashMap<Node, Id>,
}

impl Graph {
    pub(super) fn node(&self, id: Id) -> Node {
        self.nodes[id]
    }

    /// The parameters that a node changes with, a bit each.
    pub(super) fn params(&self, id: Id) -> u32 {
        self.params[id]
    }

    pub(super) fn class(&self, id: Id) -> Class {
        match (self.params[id] != 0, self.data[id]) {
            (false, false) => Class::Constant,
            (true, false) => Class::Scalar,
            (false, true) => Class::Data,
            (true, true) => Class::Mixed,
        }
    }

    pub(super) fn constant_of(&self, id: Id) -> Option<f64> {
        match self.nodes[id] {
            Node::Constant(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    fn push(&mut self, node: Node, positive: bool) -> Id {
        if let Some(&id) = self.index.get(&node) {
            return id;
        }
        let (params, data) = match node {
            Node::Constant(_) => (0, false),
            Node::Param(j) => (1 << j, false),
            Node::Column(_) => (0, true),
            Node::One(_, a) => (self.params[a], self.data[a]),
            Node::Two(_, a, b) => (self.params[a] | self.params[b], self.data[a] || self.data[b]),
        };
        let id = self.nodes.len();
        self.nodes.push(node);
        self.params.push(params);
        self.data.push(data);
        self.positive.push(positive);
        self.index.insert(node, id);
        id
    }

    pub(super) fn constant(&mut self, v: f64) -> Id {
        // One zero: -0 and 0 are the same number here.
        let v = if v == 0.0 { 0.0 } else { v };
        self.push(Node::Constant(v.to_bits()), v > 0.0)
    }

    pub(super) fn param(&mut self, j: usize, positive: bool) -> Id {
        self.push(Node::Param(j), positive)
    }

    pub(super) fn column(&mut self, k: usize, positive: bool) -> Id {
        self.push(Node::Column(k), positive)
    }

    fn is(&self, id: Id, v: f64) -> bool {
        self.constant_of(id) == Some(v)
    }

    fn negated(&self, id: Id) -> Option<Id> {
        match self.nodes[id] {
            Node::One(Unary::Neg, a) => Some(a),
            _ => None,
        }
    }

    /// Both operands of a node made by `op`.
    fn parts(&self, id: Id, op: Binary) -> Option<(Id, Id)> {
        match self.nodes[id] {
            Node::Two(o, a, b) if o == op => Some((a, b)),
            _ => None,
        }
    }

    /// Apply an operation to one operand.
    pub(super) fn one(&mut self, op: Unary, a: Id) -> Id {
        if let Some(v) = self.constant_of(a).map(|v| op.of(v)).filter(|v| v.is_finite()) {
            return self.constant(v);
        }
        match op {
            Unary::Neg => self.neg(a),
            Unary::Exp => self.exp(a),
            Unary::Ln => self.ln(a),
            Unary::Abs if self.positive[a] => a,
            _ => {
                let positive = match op {
                    Unary::Sigmoid | Unary::Softplus => true,
                    Unary::Sqrt => self.positive[a],
                    _ => false,
                };
                self.push(Node::One(op, a), positive)
            }
        }
    }

    pub(super) fn neg(&mut self, a: Id) -> Id {
        if let Some(v) = self.constant_of(a) {
            return self.constant(-v);
        }
        if let Some(inner) = self.negated(a) {
            return inner;
        }
        if let Some((x, y)) = self.parts(a, Binary::Sub) {
            return self.sub(y, x);
        }
        // The sign of a product belongs to a factor that is computed once; `mul` leaves it there.
        if let Some((x, y)) = self.parts(a, Binary::Mul) {
            for (once, other) in [(x, y), (y, x)] {
                if self.class(once) < Class::Mixed && self.class(a) == Class::Mixed {
                    let once = self.neg(once);
                    return self.product(once, other);
                }
            }
        }
        self.push(Node::One(Unary::Neg, a), false)
    }

    fn exp(&mut self, a: Id) -> Id {
        if let Node::One(Unary::Ln, inner) = self.nodes[a]
            && self.positive[inner]
        {
            return inner;
        }
        self.push(Node::One(Unary::Exp, a), true)
    }

    /// ln(ab) = ln a + ln b and so on where both are positive, so that the part of the data is computed once.
    fn ln(&mut self, a: Id) -> Id {
        if let Node::One(Unary::Exp, inner) = self.nodes[a] {
            return inner;
        }
        if let Node::Two(op @ (Binary::Mul | Binary::Div), x, y) = self.nodes[a]
            && self.positive[x]
            && self.positive[y]
            && self.class(x) != self.class(y)
        {
            let (x, y) = (self.one(Unary::Ln, x), self.one(Unary::Ln, y));
            return if op == Binary::Mul { self.add(x, y) } else { self.sub(x, y) };
        }
        self.push(Node::One(Unary::Ln, a), false)
    }

    /// Apply an operation to two operands.
    pub(super) fn two(&mut self, op: Binary, a: Id, b: Id) -> Id {
        match op {
            Binary::Add => self.add(a, b),
            Binary::Sub => self.sub(a, b),
            Binary::Mul => self.mul(a, b),
            Binary::Div => self.div(a, b),
            Binary::Pow => self.pow(a, b),
            Binary::Min | Binary::Max if a == b => a,
            _ => {
                let positive = self.positive[a] && self.positive[b] && op != Binary::Below;
                self.folded(op, a, b).unwrap_or_else(|| self.push(Node::Two(op, a, b), positive))
            }
        }
    }

    fn folded(&mut self, op: Binary, a: Id, b: Id) -> Option<Id> {
        let v = op.of(self.constant_of(a)?, self.constant_of(b)?);
        v.is_finite().then(|| self.constant(v))
    }

    /// A sum or product of `a` and `b`, parts of one class brought together: (p*x)*y = p*(x*y).
    fn commuting(&mut self, op: Binary, a: Id, b: Id) -> Id {
        for (whole, other) in [(a, b), (b, a)] {
            let class = self.class(other);
            if class == Class::Mixed {
                continue;
            }
            if let Some((x, y)) = self.parts(whole, op) {
                let (cx, cy) = (self.class(x), self.class(y));
                if cx == class && cy != class {
                    let joined = self.two(op, x, other);
                    return self.two(op, joined, y);
                }
                if cy == class && cx != class {
                    let joined = self.two(op, y, other);
                    return self.two(op, x, joined);
                }
            }
        }
        let positive = self.positive[a] && self.positive[b];
        self.push(Node::Two(op, a.min(b), a.max(b)), positive)
    }

    pub(super) fn add(&mut self, a: Id, b: Id) -> Id {
        if let Some(folded) = self.folded(Binary::Add, a, b) {
            return folded;
        }
        if self.is(a, 0.0) {
            return b;
        }
        if self.is(b, 0.0) {
            return a;
        }
        if let Some(inner) = self.negated(b) {
            return self.sub(a, inner);
        }
        if let Some(inner) = self.negated(a) {
            return self.sub(b, inner);
        }
        self.commuting(Binary::Add, a, b)
    }

    pub(super) fn sub(&mut self, a: Id, b: Id) -> Id {
        if let Some(folded) = self.folded(Binary::Sub, a, b) {
            return folded;
        }
        if a == b {
            return self.constant(0.0);
        }
        if self.is(b, 0.0) {
            return a;
        }
        if self.is(a, 0.0) {
            return self.neg(b);
        }
        if let Some(inner) = self.negated(b) {
            return self.add(a, inner);
        }
        self.push(Node::Two(Binary::Sub, a, b), false)
    }

    pub(super) fn mul(&mut self, a: Id, b: Id) -> Id {
        if let Some(folded) = self.folded(Binary::Mul, a, b) {
            return folded;
        }
        for (x, y) in [(a, b), (b, a)] {
            if self.is(x, 0.0) {
                return x;
            }
            if self.is(x, 1.0) {
                return y;
            }
            if self.is(x, -1.0) {
                return self.neg(y);
            }
            if let Some(inner) = self.negated(x)
                && (self.class(x) == Class::Mixed || self.class(x) == self.class(y))
            {
                let product = self.mul(inner, y);
                return self.neg(product);
            }
        }
        self.commuting(Binary::Mul, a, b)
    }

    /// A product whose signs stay where they are.
    fn product(&mut self, a: Id, b: Id) -> Id {
        if self.is(a, 1.0) {
            return b;
        }
        if let Some(folded) = self.folded(Binary::Mul, a, b) {
            return folded;
        }
        let positive = self.positive[a] && self.positive[b];
        self.push(Node::Two(Binary::Mul, a.min(b), a.max(b)), positive)
    }

    pub(super) fn div(&mut self, a: Id, b: Id) -> Id {
        if let Some(folded) = self.folded(Binary::Div, a, b) {
            return folded;
        }
        if self.is(b, 1.0) || self.is(a, 0.0) {
            return a;
        }
        if a == b {
            return self.constant(1.0);
        }
        if let Some(inner) = self.negated(a) {
            let quotient = self.div(inner, b);
            return self.neg(quotient);
        }
        let positive = self.positive[a] && self.positive[b];
        self.push(Node::Two(Binary::Div, a, b), positive)
    }

    /// a^b: by products for small whole b, by exp(b ln a) where a is known to be positive and b is a parameter's.
    pub(super) fn pow(&mut self, a: Id, b: Id) -> Id {
        if let Some(folded) = self.folded(Binary::Pow, a, b) {
            return folded;
        }
        if let Some(exponent) = self.constant_of(b) {
            if exponent == 0.0 {
                return self.constant(1.0);
            }
            if exponent == 1.0 {
                return a;
            }
            if exponent == 2.0 {
                return self.mul(a, a);
            }
            if exponent == 0.5 {
                return self.one(Unary::Sqrt, a);
            }
            if exponent == -1.0 {
                let one = self.constant(1.0);
                return self.div(one, a);
            }
            if exponent == -2.0 {
                let (one, square) = (self.constant(1.0), self.mul(a, a));
                return self.div(one, square);
            }
        } else if self.positive[a] {
            let ln = self.one(Unary::Ln, a);
            let arg = self.mul(b, ln);
            return self.exp(arg);
        }
        let positive = self.positive[a];
        self.push(Node::Two(Binary::Pow, a, b), positive)
    }
}

//! A compiled formula: instructions on blocks of rows, in registers that are used again.

use super::graph::{Class, Graph, Id, Node};
use super::operation::{Binary, Unary, Values};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Rows evaluated together: small enough that the registers stay in the first-level cache.
const BLOCK: usize = 256;

/// Where a value is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Among the values computed once a call.
    Scalar(usize),
    /// A column of the caller.
    Column(usize),
    /// A register, one value a row.
    Register(usize),
}

#[derive(Debug, Clone, Copy)]
enum Operation {
    One(Unary, Place),
    Two(Binary, Place, Place),
}

#[derive(Debug, Clone, Copy)]
enum Scalar {
    Constant(f64),
    Param(usize),
    One(Unary, usize),
    Two(Binary, usize, usize),
}

/// What makes the outputs of one formula from columns and parameters.
#[derive(Debug, Clone)]
pub(super) struct Tape {
    scalars: Vec<Scalar>,
    rows: Vec<(Operation, usize)>,
    outputs: Vec<Place>,
    registers: usize,
}

struct Scratch {
    scalars: Vec<f64>,
    registers: Vec<Vec<f64>>,
}

thread_local! {
    // One form is evaluated from many threads: buffers belong to the thread, and only ever grow.
    static SCRATCH: RefCell<Scratch> = const { RefCell::new(Scratch { scalars: Vec::new(), registers: Vec::new() }) };
}

impl Tape {
    /// Compile what `outputs` need; `leaves` are the nodes that the caller's columns hold, in their order.
    pub(super) fn new(graph: &Graph, outputs: &[Id], leaves: &[Id]) -> Tape {
        let column = |id: Id| leaves.iter().position(|l| *l == id);
        let by_row = |id: Id| graph.class(id) >= Class::Data;
        let mut needed = vec![false; outputs.iter().max().map_or(0, |m| m + 1)];
        outputs.iter().for_each(|&id| needed[id] = true);
        // The register of a value is free after its last use.
        let mut last: BTreeMap<Id, Id> = BTreeMap::new();
        for id in (0..needed.len()).rev().filter(|&id| column(id).is_none()) {
            if !needed[id] {
                continue;
            }
            for operand in operands(graph.node(id)) {
                needed[operand] = true;
                last.entry(operand).or_insert(id);
            }
        }
        outputs.iter().for_each(|&id| {
            last.insert(id, usize::MAX);
        });
        let mut places: BTreeMap<Id, Place> = BTreeMap::new();
        let mut scalar_of: BTreeMap<Id, usize> = BTreeMap::new();
        let mut tape = Tape { scalars: Vec::new(), rows: Vec::new(), outputs: Vec::new(), registers: 0 };
        let mut free: Vec<usize> = Vec::new();
        for id in (0..needed.len()).filter(|&id| needed[id]) {
            if let Some(k) = column(id) {
                places.insert(id, Place::Column(k));
                continue;
            }
            if !by_row(id) {
                let index = |a: Id| scalar_of.get(&a).copied().unwrap_or(0);
                let scalar = match graph.node(id) {
                    Node::Constant(bits) => Scalar::Constant(f64::from_bits(bits)),
                    Node::Param(j) => Scalar::Param(j),
                    Node::One(op, a) => Scalar::One(op, index(a)),
                    Node::Two(op, a, b) => Scalar::Two(op, index(a), index(b)),
                    Node::Column(_) => continue,
                };
                scalar_of.insert(id, tape.scalars.len());
                places.insert(id, Place::Scalar(tape.scalars.len()));
                tape.scalars.push(scalar);
                continue;
            }
            let place = |a: Id| places.get(&a).copied().unwrap_or(Place::Scalar(0));
            let operation = match graph.node(id) {
                Node::One(op, a) => Operation::One(op, place(a)),
                Node::Two(op, a, b) => Operation::Two(op, place(a), place(b)),
                _ => continue,
            };
            let target = free.pop().unwrap_or_else(|| {
                tape.registers += 1;
                tape.registers - 1
            });
            tape.rows.push((operation, target));
            places.insert(id, Place::Register(target));
            let mut done: Vec<Id> = operands(graph.node(id)).collect();
            done.dedup();
            for operand in done.into_iter().filter(|a| last.get(a) == Some(&id)) {
                if let Some(Place::Register(r)) = places.get(&operand) {
                    free.push(*r);
                }
            }
        }
        tape.outputs = outputs.iter().map(|id| places.get(id).copied().unwrap_or(Place::Scalar(0))).collect();
        tape
    }

    /// Evaluate all rows: the first output into `out`, the others one after the other into `jac`.
    pub(super) fn run(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        SCRATCH.with_borrow_mut(|scratch| {
            let Scratch { scalars, registers } = scratch;
            while registers.len() < self.registers {
                registers.push(vec![0.0; BLOCK]);
            }
            scalars.clear();
            for scalar in &self.scalars {
                let value = match *scalar {
                    Scalar::Constant(v) => v,
                    Scalar::Param(j) => theta[j],
                    Scalar::One(op, a) => op.of(scalars[a]),
                    Scalar::Two(op, a, b) => op.of(scalars[a], scalars[b]),
                };
                scalars.push(value);
            }
            let n = out.len();
            let mut first = 0;
            while first < n {
                let rows = first..n.min(first + BLOCK);
                self.block(rows.clone(), x, scalars, registers);
                let size = rows.len();
                for (k, place) in self.outputs.iter().enumerate() {
                    let target = match k {
                        0 => &mut out[rows.clone()],
                        _ => &mut jac[(k - 1) * n + rows.start..(k - 1) * n + rows.end],
                    };
                    match *place {
                        Place::Scalar(s) => target.fill(scalars[s]),
                        Place::Column(c) => target.copy_from_slice(&x[c][rows.clone()]),
                        Place::Register(r) => target.copy_from_slice(&registers[r][..size]),
                    }
                }
                first = rows.end;
            }
        });
    }

    fn block(&self, rows: std::ops::Range<usize>, x: &[&[f64]], scalars: &[f64], registers: &mut [Vec<f64>]) {
        let size = rows.len();
        for (operation, target) in &self.rows {
            // Taken out while it is written: an instruction never writes to a register that it reads.
            let mut out = std::mem::take(&mut registers[*target]);
            let values = |place: Place| match place {
                Place::Scalar(s) => Values::One(scalars[s]),
                Place::Column(c) => Values::Many(&x[c][rows.clone()]),
                Place::Register(r) => Values::Many(&registers[r][..size]),
            };
            match *operation {
                Operation::One(op, a) => match values(a) {
                    Values::One(v) => out[..size].fill(op.of(v)),
                    Values::Many(a) => op.map(a, &mut out[..size]),
                },
                Operation::Two(op, a, b) => op.map(values(a), values(b), &mut out[..size]),
            }
            registers[*target] = out;
        }
    }
}

fn operands(node: Node) -> impl Iterator<Item = Id> {
    let (a, b) = match node {
        Node::One(_, a) => (Some(a), None),
        Node::Two(_, a, b) => (Some(a), Some(b)),
        _ => (None, None),
    };
    a.into_iter().chain(b)
}

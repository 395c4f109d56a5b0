//! Polylines that grow from line to line.

/// A vertex: fraction along the line, fraction across, and the width (tongues) or whether it is shown (roots).
pub(super) type Vertex = [f64; 3];

/// The end of a chain that a root on the current line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    chain: usize,
    /// Whether it is the last vertex (and not the first).
    back: bool,
}

/// All chains; merged ones are left empty.
#[derive(Debug, Default)]
pub(super) struct Chains {
    chains: Vec<Vec<Vertex>>,
}

impl Chains {
    /// A new chain of one vertex.
    pub(super) fn start(&mut self, vertex: Vertex) -> End {
        self.chains.push(vec![vertex]);
        End { chain: self.chains.len() - 1, back: true }
    }

    /// A new chain of a first vertex, a tip and a last one: a pair that appears.
    pub(super) fn pair(&mut self, first: Vertex, tip: Vertex, last: Vertex) -> [End; 2] {
        self.chains.push(vec![first, tip, last]);
        let chain = self.chains.len() - 1;
        [End { chain, back: false }, End { chain, back: true }]
    }

    /// Adds a vertex at an end.
    pub(super) fn extend(&mut self, end: End, vertex: Vertex) {
        let chain = &mut self.chains[end.chain];
        if end.back { chain.push(vertex) } else { chain.insert(0, vertex) }
    }

    /// The vertex at an end and the one before it.
    pub(super) fn last_two(&self, end: End) -> (Vertex, Option<Vertex>) {
        let chain = &self.chains[end.chain];
        if end.back {
            (chain[chain.len() - 1], chain.len().checked_sub(2).map(|i| chain[i]))
        } else {
            (chain[0], chain.get(1).copied())
        }
    }

    /// Joins two ends by a tip: a pair that vanishes. Ends of the chain that is dissolved, in `open`, are renamed.
    pub(super) fn join(&mut self, a: End, b: End, tip: Vertex, open: &mut [Option<End>]) {
        if a.chain == b.chain {
            // closed: the other end must stay what it is until the loop is complete
            let chain = &mut self.chains[a.chain];
            chain.push(tip);
            chain.insert(0, tip);
            return;
        }
        let mut second = core::mem::take(&mut self.chains[b.chain]);
        if b.back {
            second.reverse();
        }
        let mut first = core::mem::take(&mut self.chains[a.chain]);
        if !a.back {
            first.reverse();
        }
        first.push(tip);
        first.extend(second);
        self.chains[a.chain] = first;
        for end in open.iter_mut().flatten() {
            if end.chain == b.chain {
                *end = End { chain: a.chain, back: true };
            } else if end.chain == a.chain {
                *end = End { chain: a.chain, back: false };
            }
        }
    }

    /// The chains of at least two vertices.
    pub(super) fn finish(self) -> impl Iterator<Item = Vec<Vertex>> {
        self.chains.into_iter().filter(|c| c.len() > 1)
    }
}

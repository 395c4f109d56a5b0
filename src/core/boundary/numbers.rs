//! Scan lines as numbers, to pass between workers.

use super::line::{Root, ScanLine, Tongue};

/// The next `count` groups of `N` numbers.
fn take<const N: usize>(numbers: &mut core::slice::Iter<f64>) -> Option<[f64; N]> {
    let mut group = [0.0; N];
    for place in &mut group {
        *place = *numbers.next()?;
    }
    Some(group)
}

/// A length, and as many groups.
fn list<const N: usize>(numbers: &mut core::slice::Iter<f64>) -> Option<Vec<[f64; N]>> {
    let [count] = take(numbers)?;
    let count = count as usize;
    if count * N > numbers.len() {
        return None;
    }
    (0..count).map(|_| take(numbers)).collect()
}

impl ScanLine {
    /// Appends the line to a list of numbers.
    pub fn write(&self, out: &mut Vec<f64>) {
        let flag = |b: bool| f64::from(u8::from(b));
        let head =
            [self.across, f64::from(self.terms), f64::from(self.hidden), flag(self.left_out), self.pixels];
        out.extend(head);
        out.extend(self.signs);
        for i in 0..2 {
            out.push(self.roots[i].len() as f64);
            out.extend(self.roots[i].iter().flat_map(|r| [r.at, flag(r.opens)]));
            out.push(self.tongues[i].len() as f64);
            out.extend(self.tongues[i].iter().flat_map(|t| [t.at, t.width]));
        }
        out.push(self.norm.len() as f64);
        out.extend(self.norm.iter().flat_map(|&(at, inside)| [at, flag(inside)]));
        out.push(self.seam.len() as f64);
        out.extend(&self.seam);
    }

    /// Reads all lines that [`ScanLine::write`] has written; `None` if the numbers are not such a list.
    pub fn read(numbers: &[f64]) -> Option<Vec<Self>> {
        let mut rest = numbers.iter();
        let mut lines = Vec::new();
        while rest.len() > 0 {
            let [across, terms, hidden, left_out, pixels] = take(&mut rest)?;
            let mut line = Self {
                across,
                terms: terms as u32,
                hidden: hidden as u32,
                left_out: left_out != 0.0,
                pixels,
                signs: take(&mut rest)?,
                ..Self::default()
            };
            for i in 0..2 {
                let root = |[at, opens]: [f64; 2]| Root { at, opens: opens != 0.0 };
                line.roots[i] = list(&mut rest)?.into_iter().map(root).collect();
                line.tongues[i] =
                    list(&mut rest)?.into_iter().map(|[at, width]| Tongue { at, width }).collect();
            }
            line.norm =
                list(&mut rest)?.into_iter().map(|[at, inside]: [f64; 2]| (at, inside != 0.0)).collect();
            line.seam = list(&mut rest)?.into_iter().map(|[at]| at).collect();
            lines.push(line);
        }
        Some(lines)
    }
}

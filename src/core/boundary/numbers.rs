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
        let number = |r: &Root| [r.at, flag(r.opens), flag(r.shown)];
        let head =
            [self.across, f64::from(self.terms), f64::from(self.hidden), flag(self.left_out), self.pixels];
        out.extend(head);
        out.extend(self.signs);
        for i in 0..2 {
            out.push(self.roots[i].len() as f64);
            out.extend(self.roots[i].iter().flat_map(number));
            out.push(self.tongues[i].len() as f64);
            out.extend(self.tongues[i].iter().flat_map(|t| [t.at, t.width]));
        }
        for roots in [&self.norm, &self.seam] {
            out.push(roots.len() as f64);
            out.extend(roots.iter().flat_map(number));
        }
    }

    /// Reads all lines that [`ScanLine::write`] has written; `None` if the numbers are not such a list.
    pub fn read(numbers: &[f64]) -> Option<Vec<Self>> {
        let root = |[at, opens, shown]: [f64; 3]| Root { at, opens: opens != 0.0, shown: shown != 0.0 };
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
                line.roots[i] = list(&mut rest)?.into_iter().map(root).collect();
                line.tongues[i] =
                    list(&mut rest)?.into_iter().map(|[at, width]| Tongue { at, width }).collect();
            }
            line.norm = list(&mut rest)?.into_iter().map(root).collect();
            line.seam = list(&mut rest)?.into_iter().map(root).collect();
            lines.push(line);
        }
        Some(lines)
    }
}

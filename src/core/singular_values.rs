//! Singular values of small matrices by one-sided Jacobi rotations: small ones keep their digits beside large ones.

/// Sweeps at most; six are enough for `n ≤ 16`.
const SWEEPS: usize = 30;

/// Columns whose cosine is below this are orthogonal.
const ORTHOGONAL: f64 = 1e-15;

/// The singular values of the matrix whose columns are the chunks of `columns`, each `rows` long, in descending order. What
/// is in `columns` is replaced by the rotated columns.
///
/// Hestenes' method (Golub and Van Loan, *Matrix Computations*, section 8.6.3): pairs of columns are turned until all are
/// orthogonal; then their lengths are the singular values, each to about `n ε` of itself for columns of any lengths that are
/// well conditioned once scaled to length 1, and of the largest otherwise. NaN if an entry is. Cost: about six sweeps of `3 n²` products of `rows`.
pub fn singular_values(columns: &mut [f64], rows: usize) -> Vec<f64> {
    let count = columns.len() / rows.max(1);
    for _ in 0..SWEEPS {
        let mut turned = false;
        for right in 1..count {
            for left in 0..right {
                let (before, after) = columns.split_at_mut(right * rows);
                turned |= orthogonalise(&mut before[left * rows..][..rows], &mut after[..rows]);
            }
        }
        if !turned {
            break;
        }
    }
    let mut values: Vec<f64> =
        columns.chunks_exact(rows.max(1)).map(|column| dot(column, column).sqrt()).collect();
    crate::core::stats::sort(&mut values);
    values.reverse();
    values
}

/// Turns two columns until they are orthogonal; false if they already are.
fn orthogonalise(a: &mut [f64], b: &mut [f64]) -> bool {
    let (aa, bb, ab) = (dot(a, a), dot(b, b), dot(a, b));
    if !(ab.abs() > ORTHOGONAL * (aa * bb).sqrt()) {
        return false;
    }
    let zeta = (bb - aa) / (2.0 * ab);
    let tangent = 1.0_f64.copysign(zeta) / (zeta.abs() + (1.0 + zeta * zeta).sqrt());
    let cosine = 1.0 / (1.0 + tangent * tangent).sqrt();
    let sine = cosine * tangent;
    for (x, y) in a.iter_mut().zip(b) {
        (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
    }
    true
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

//! Eigenvalues of a small real matrix that need not be symmetric.

/// Share of the largest entry by which two computations may differ.
const ALIKE: f64 = 1e-12;

/// Steps after which a block that has not come apart is given up; most need two or three.
const STEPS: u32 = 60;

/// Real and imaginary parts of the eigenvalues of a matrix given row by row, in no order. `None` where rounding decides on them: those
/// of the matrix in another basis are the same, and must come out so, to 1e-12 of the largest entry. (Near a matrix without a basis
/// of eigenvectors they move by roots of the rounding.) Cost: some `40 d³`.
pub fn eigenvalues(matrix: &[f64], dim: usize) -> Option<Vec<[f64; 2]>> {
    let size = matrix.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    if size == 0.0 {
        return Some(vec![[0.0; 2]; dim]);
    }
    let scaled: Vec<f64> = matrix.iter().map(|x| x / size).collect();
    let mut turned = Blocks { a: scaled.clone(), dim };
    // the fractional parts of multiples of the golden ratio: no axis is left where it was
    turned.reflect(0, (1..=dim).map(|i| 0.5 + i as f64 * 0.618_033_988_749_894_9 % 1.0).collect());
    let mut again = turned.eigenvalues()?;
    let found = Blocks { a: scaled, dim }.eigenvalues()?;
    let mut twice = |&[x, y]: &[f64; 2]| {
        let same = again.iter().position(|[a, b]| libm::hypot(x - a, y - b) <= ALIKE);
        same.map(|place| again.swap_remove(place)).is_some()
    };
    found.iter().all(&mut twice).then(|| found.iter().map(|h| h.map(|x| size * x)).collect())
}

/// A matrix on its way to blocks of one and two rows, row by row; its largest entry is of the order of 1.
struct Blocks {
    a: Vec<f64>,
    dim: usize,
}

impl Blocks {
    fn at(&self, i: usize, j: usize) -> f64 {
        self.a[i * self.dim + j]
    }

    /// Hessenberg's form, then Francis's steps with two shifts at once (Golub and Van Loan, *Matrix Computations*, sections 7.4 and 7.5).
    fn eigenvalues(mut self) -> Option<Vec<[f64; 2]>> {
        for k in 1..self.dim {
            self.clear(k, self.dim - k);
        }
        let mut found = Vec::with_capacity(self.dim);
        let (mut end, mut steps) = (self.dim, 0);
        while end > 0 {
            // the last block that is still in one piece
            let mut from = end - 1;
            while from > 0 && !self.is_apart(from) {
                from -= 1;
            }
            if end - from <= 2 {
                if end - from == 1 {
                    found.push([self.at(from, from), 0.0]);
                } else {
                    found.extend(self.of_two(from));
                }
                (end, steps) = (from, 0);
            } else {
                steps += 1;
                self.step(from, end, steps % 10 == 0);
                if steps == STEPS {
                    return None;
                }
            }
        }
        Some(found)
    }

    /// Whether the entry before the diagonal of a row is rounding.
    fn is_apart(&self, row: usize) -> bool {
        let beside = self.at(row - 1, row - 1).abs() + self.at(row, row).abs();
        self.at(row, row - 1).abs() <= f64::EPSILON * if beside == 0.0 { 1.0 } else { beside }
    }

    /// The eigenvalues of a block of two rows.
    fn of_two(&self, from: usize) -> [[f64; 2]; 2] {
        let [a, b, c, d] = [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(i, j)| self.at(from + i, from + j));
        let half = 0.5 * (a - d);
        let square = half * half + b * c;
        let root = square.abs().sqrt();
        if square < 0.0 {
            return [root, -root].map(|imaginary| [d + half, imaginary]);
        }
        // the one that does not cancel, and the other from their product
        let far = half + root.copysign(half);
        [d + far, if far == 0.0 { d } else { d - b * c / far }].map(|real| [real, 0.0])
    }

    /// One step on the rows of a block, with the eigenvalues of its last two rows as shifts; `unlike` them now and then, where they
    /// go round in circles.
    fn step(&mut self, from: usize, end: usize, unlike: bool) {
        let [a, b, c, d] = [(2, 2), (2, 1), (1, 2), (1, 1)].map(|(i, j)| self.at(end - i, end - j));
        let other = c.abs() + self.at(end - 2, end - 3).abs();
        let (sum, product) = if unlike { (1.5 * other, other * other) } else { (a + d, a * d - b * c) };
        // the first column of (A − s₁)(A − s₂)
        let (x, y) = (self.at(from, from), self.at(from + 1, from));
        let first = [
            x * (x - sum) + product + self.at(from, from + 1) * y,
            y * (x + self.at(from + 1, from + 1) - sum),
            y * self.at(from + 2, from + 1),
        ];
        self.reflect(from, first.to_vec());
        for k in from + 1..end {
            self.clear(k, 3.min(end - k));
        }
    }

    /// Clears the column before a row below it, in so many rows from it.
    fn clear(&mut self, row: usize, rows: usize) {
        let column: Vec<f64> = (row..row + rows).map(|i| self.at(i, row - 1)).collect();
        self.reflect(row, column);
        (row + 1..row + rows).for_each(|i| self.a[i * self.dim + row - 1] = 0.0);
    }

    /// `A ← P A P`, `P` the reflection of rows from one on that turns a vector towards the first of them.
    fn reflect(&mut self, from: usize, mut vector: Vec<f64>) {
        if vector[1..].iter().all(|x| *x == 0.0) {
            return;
        }
        let most = vector.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
        for x in &mut vector {
            *x /= most;
        }
        let square = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>();
        vector[0] += square(&vector).sqrt().copysign(vector[0]);
        let twice = 2.0 / square(&vector);
        let (dim, rows) = (self.dim, vector.len());
        let mut along = vec![0.0; dim];
        for (row, v) in self.a[from * dim..].chunks_exact(dim).zip(&vector) {
            along.iter_mut().zip(row).for_each(|(sum, x)| *sum += twice * v * x);
        }
        for (row, v) in self.a[from * dim..].chunks_exact_mut(dim).zip(&vector) {
            row.iter_mut().zip(&along).for_each(|(x, along)| *x -= v * along);
        }
        for row in self.a.chunks_exact_mut(dim) {
            let row = &mut row[from..from + rows];
            let along = twice * row.iter().zip(&vector).map(|(x, v)| x * v).sum::<f64>();
            row.iter_mut().zip(&vector).for_each(|(x, v)| *x -= along * v);
        }
    }
}

//! One step of a product.

/// One step `M = offset·I + scale·Ĥ`, `Ĥ` the mean of `batch` draws of `H`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factor {
    /// `m`: `1 − λγ` for SGD.
    pub offset: f64,
    /// `c`: `−λ` for SGD.
    pub scale: f64,
    /// `S ≥ 1`.
    pub batch: u32,
    /// Whether a batch from a list is drawn with replacement. If not, `S ≤ N`. Other laws do not know it.
    pub replacement: bool,
}

impl Factor {
    /// `M = H`.
    pub const PLAIN: Self = Self { offset: 0.0, scale: 1.0, batch: 1, replacement: true };

    /// A step of SGD with learning rate `λ` and weight decay `γ`: `M = (1 − λγ) I − λĤ`.
    pub fn sgd(rate: f64, decay: f64, batch: u32) -> Self {
        Self { offset: 1.0 - rate * decay, scale: -rate, batch: batch.max(1), replacement: true }
    }

    /// `p` of `Var Ĥ = p Var H`: `1/S`, or `(N − S)/(S(N − 1))` without replacement (Mulayoff and Michaeli,
    /// arXiv:2306.07850); 0 for a full batch and for N = 1.
    pub fn variance_factor(&self, count: Option<usize>) -> f64 {
        let s = f64::from(self.batch);
        match count {
            Some(1) => 0.0,
            Some(count) if !self.replacement => {
                let n = count as f64;
                ((n - s) / (s * (n - 1.0))).max(0.0)
            }
            _ => 1.0 / s,
        }
    }
}

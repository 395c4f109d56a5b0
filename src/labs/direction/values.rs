//! What is kept of the reader's own values: there may be a million of them, and every job asks for their law.
//!
//! They are known by content, so what they give does not depend on what was kept.

use crate::core::certificate::Doubles;
use crate::core::convolution::ATOM_LIMIT;
use crate::core::curvature::{BatchLaw, Law, LawError};
use crate::core::data_set::DataSet;
use crate::core::measured::{Measured, MeasuredError};
use crate::core::sample::Sampler;
use crate::core::stats;
use crate::params::content::Hash;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

/// Lists that are kept: the present one, and the one before it.
const LISTS: usize = 2;
/// Batch laws that are kept of a list.
const LAWS: usize = 3;

/// Different values up to which they are counted: of more there are over two million pairs.
const MOST_DISTINCT: usize = 2000;

thread_local! {
    /// The last used, newest first.
    static KEPT: RefCell<Vec<(Hash, Rc<Values>)>> = const { RefCell::new(Vec::new()) };
}

/// Different values, each with how often it occurs.
type Counted = Rc<[(f64, u64)]>;

/// A list of values, and what was made from it; each is made when it is first asked for.
pub struct Values {
    numbers: Rc<[f64]>,
    /// Why they are no law, if they are none.
    pub checked: Result<(), LawError>,
    moments: OnceCell<(f64, f64)>,
    distinct: OnceCell<Option<Counted>>,
    doubles: OnceCell<Rc<Doubles>>,
    law: OnceCell<Result<Rc<Law>, LawError>>,
    /// Of one draw.
    single: OnceCell<Rc<BatchLaw>>,
    /// By batch size above 1, newest first.
    batches: RefCell<Vec<(u32, Rc<BatchLaw>)>>,
    /// By batch size: the last.
    sampler: RefCell<Option<(u32, Rc<Sampler>)>>,
    /// By the sign of h = ± z.
    measured: RefCell<Vec<(bool, Rc<Measured>)>>,
}

impl Values {
    /// What is kept of these numbers.
    pub fn of(hash: Hash, numbers: &Rc<[f64]>) -> Rc<Self> {
        KEPT.with_borrow_mut(|kept| {
            if let Some(place) = kept.iter().position(|(of, _)| *of == hash) {
                kept[..=place].rotate_right(1);
            } else {
                kept.truncate(LISTS - 1);
                kept.insert(0, (hash, Rc::new(Self::new(Rc::clone(numbers)))));
            }
            Rc::clone(&kept[0].1)
        })
    }

    fn new(numbers: Rc<[f64]>) -> Self {
        Self {
            checked: Law::check_sample(&numbers),
            numbers,
            moments: OnceCell::new(),
            distinct: OnceCell::new(),
            doubles: OnceCell::new(),
            law: OnceCell::new(),
            single: OnceCell::new(),
            batches: RefCell::default(),
            sampler: RefCell::default(),
            measured: RefCell::default(),
        }
    }

    /// Their law, the values ascending: batch laws of sorted values are had without another sort.
    ///
    /// # Errors
    /// See [`Law::empirical`].
    pub fn law(&self) -> Result<Rc<Law>, LawError> {
        let make = || {
            let mut sorted = self.numbers.to_vec();
            stats::sort(&mut sorted);
            Law::empirical(sorted).map(Rc::new)
        };
        self.law.get_or_init(|| self.checked.clone().and_then(|()| make())).clone()
    }

    /// The law of the mean of a batch, kept; `None` if they are no law.
    pub fn batch_law(&self, batch: u32) -> Option<Rc<BatchLaw>> {
        if batch == 1 {
            return self.single();
        }
        let mut batches = self.batches.borrow_mut();
        if let Some((_, law)) = batches.iter().find(|(of, _)| *of == batch) {
            return Some(Rc::clone(law));
        }
        let law = self.batch_within(batch, ATOM_LIMIT)?;
        batches.truncate(LAWS - 1);
        batches.insert(0, (batch, Rc::clone(&law)));
        Some(law)
    }

    /// The same on a grid where it has more than `most` atoms, and not kept unless of one draw.
    pub fn batch_within(&self, batch: u32, most: usize) -> Option<Rc<BatchLaw>> {
        let single = self.single()?;
        match &*single {
            BatchLaw::Discrete(one) if batch > 1 => Some(Rc::new(BatchLaw::of_draws(one, batch, most))),
            _ => Some(single),
        }
    }

    /// The law of one draw: those of batches are made from it.
    fn single(&self) -> Option<Rc<BatchLaw>> {
        let law = self.law().ok()?;
        Some(Rc::clone(self.single.get_or_init(|| Rc::new(law.batch(1)))))
    }

    /// Draws of the mean of a batch.
    pub fn sampler(&self, batch: u32) -> Rc<Sampler> {
        let mut kept = self.sampler.borrow_mut();
        if let Some((_, sampler)) = kept.as_ref().filter(|(of, _)| *of == batch) {
            return Rc::clone(sampler);
        }
        let data = DataSet { inputs: vec![1.0; self.numbers.len()], outputs: self.numbers.to_vec() };
        let sampler = Rc::new(Sampler::from_data(&data, batch));
        *kept = Some((batch, Rc::clone(&sampler)));
        sampler
    }

    /// Mean and variance of one of them.
    pub fn moments(&self) -> (f64, f64) {
        *self.moments.get_or_init(|| {
            let count = self.numbers.len() as f64;
            let mean = self.numbers.iter().sum::<f64>() / count;
            (mean, self.numbers.iter().map(|z| (z - mean) * (z - mean)).sum::<f64>() / count)
        })
    }

    /// What a proof of a sign needs of them, whatever the rate.
    pub fn doubles(&self) -> Rc<Doubles> {
        Rc::clone(self.doubles.get_or_init(|| Rc::new(Doubles::new(Rc::clone(&self.numbers)))))
    }

    /// The different values, each with how often it occurs, as they first come; `None` if there are more than 2,000.
    pub fn distinct(&self) -> Option<Counted> {
        let find = || {
            // Each value's bits with its place in `found`, in the order of the bits.
            let mut places: Vec<(u64, usize)> = Vec::new();
            let mut found: Vec<(f64, u64)> = Vec::new();
            for value in self.numbers.iter() {
                let bits = value.to_bits();
                match places.binary_search_by_key(&bits, |(bits, _)| *bits) {
                    Ok(at) => found[places[at].1].1 += 1,
                    Err(_) if found.len() == MOST_DISTINCT => return None,
                    Err(at) => {
                        places.insert(at, (bits, found.len()));
                        found.push((*value, 1));
                    }
                }
            }
            Some(found.into())
        };
        self.distinct.get_or_init(find).clone()
    }

    /// The curvatures `h = ± z`, in the order that groups are formed from.
    ///
    /// # Errors
    /// See [`Measured::new`].
    pub fn measured(&self, negated: bool) -> Result<Rc<Measured>, MeasuredError> {
        let mut measured = self.measured.borrow_mut();
        if let Some((_, values)) = measured.iter().find(|(of, _)| *of == negated) {
            return Ok(Rc::clone(values));
        }
        let sign = if negated { -1.0 } else { 1.0 };
        let values = Rc::new(Measured::new(self.numbers.iter().map(|z| sign * z).collect())?);
        *measured = vec![(negated, Rc::clone(&values))];
        Ok(values)
    }
}

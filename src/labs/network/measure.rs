//! What is measured of a trained network.

use super::parameters::{LossName, Params};
use super::sweep::AtRate;
use super::training::Outcome;
use crate::charts::figure::{Axis, Scale};
use crate::labs::drawing::linear;

/// What is measured of a trained network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Mean loss over the training set.
    Loss,
    /// Part of the test images that are recognised.
    Accuracy,
    /// Effective rank of the last hidden layer.
    Rank,
    /// Part of dead neurons.
    Dead,
}

impl Measure {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Loss, Self::Accuracy, Self::Rank, Self::Dead];

    /// Name of its figure.
    pub fn id(self) -> &'static str {
        match self {
            Self::Loss => "outcome",
            Self::Accuracy => "accuracy",
            Self::Rank => "rank",
            Self::Dead => "dead",
        }
    }

    /// Its name with its unit.
    pub fn label(self, p: &Params) -> &'static str {
        match (self, p.loss) {
            (Self::Loss, LossName::CrossEntropy) => "training loss, nats",
            (Self::Loss, LossName::Squared) => "training loss",
            (Self::Accuracy, _) => "accuracy on test images",
            (Self::Rank, _) => "effective rank of the last layer",
            (Self::Dead, _) => "fraction of dead neurons",
        }
    }

    /// The number of one run.
    pub fn of(self) -> fn(&Outcome) -> f64 {
        match self {
            Self::Loss => |outcome| outcome.loss,
            Self::Accuracy => |outcome| outcome.accuracy,
            Self::Rank => |outcome| outcome.rank,
            Self::Dead => |outcome| outcome.dead,
        }
    }

    /// Its axis, so that all that is known fits on it.
    pub fn axis(self, p: &Params, known: &[AtRate]) -> Axis {
        let ends = known.iter().filter_map(|at| at.quartiles(self.of())).flat_map(|q| [q.low, q.high]);
        match self {
            Self::Loss => {
                let none = at_nothing_learned(p);
                let (low, high) = ends
                    .filter(|loss| *loss > 0.0)
                    .fold((none, none), |(low, high), loss| (low.min(loss), high.max(loss)));
                Axis {
                    label: self.label(p).to_owned(),
                    min: (0.6 * low).max(1e-8),
                    max: 1.8 * high,
                    scale: Scale::Log,
                }
            }
            Self::Rank => {
                let most = ends.fold(1.0_f64, f64::max);
                linear(self.label(p), -0.04 * most, 1.1 * most)
            }
            Self::Accuracy | Self::Dead => linear(self.label(p), -0.04, 1.04),
        }
    }
}

/// The loss of a network whose outputs are all 0: where it ends if it collapses.
pub fn at_nothing_learned(p: &Params) -> f64 {
    match p.loss {
        LossName::Squared => 0.5,
        LossName::CrossEntropy => libm::log(super::digits::CLASSES as f64),
    }
}

//! The numbers of the page at the value of the sweep next to the point.

use super::comparison::LEVEL;
use super::growth::no_exponent;
use super::measure::Measure;
use super::origin;
use super::parameters::{AxisName, Params};
use super::sweep::{AtRate, known};
use crate::labs::direction::quantities::plain;
use crate::labs::summary::number;
use crate::labs::{Done, Quantity};

/// All numbers, in the order of the page; those on the way have no value yet.
pub fn quantities(p: &Params, done: &Done) -> Vec<Quantity> {
    let (name, label) = match p.x {
        AxisName::Lr => ("rate", "learning rate of the sweep next to the point"),
        AxisName::Noise => ("noise", "label noise of the sweep next to the point"),
    };
    let mut rows = vec![plain(name, label, p.swept().symbol, Some(p.place(p.nearest())))];
    let at = AtRate::of(p, done, p.nearest());
    for (name, label, symbol, measure) in [
        ("training_loss", "training loss, median of the runs", "", Measure::Loss),
        ("accuracy", "accuracy on test images, median", "", Measure::Accuracy),
        ("effective_rank", "effective rank of the last hidden layer, median", "", Measure::Rank),
        ("dead", "fraction of dead neurons, median", "", Measure::Dead),
    ] {
        rows.push(measured(name, label, symbol, at.as_ref(), measure));
    }
    for (name, label, count) in [
        ("collapsed", "runs that collapsed", at.as_ref().map(|at| at.collapsed)),
        ("diverged", "runs that diverged", at.as_ref().map(|at| at.diverged)),
    ] {
        let mut row = plain(name, label, "", count.map(|count| count as f64));
        row.exact = false;
        row.method.clear();
        if let (Some(count), Some(at)) = (count, &at) {
            row.words = format!("{count} of {}", at.runs);
        }
        rows.push(row);
    }
    rows.push(exponent(p, done));
    rows.extend(of_the_data(p, done));
    let finished: usize = known(p, done).iter().map(|at| at.runs).sum();
    let mut runs = plain("finished", "finished runs of the sweep", "", Some(finished as f64));
    runs.words = format!("{finished} of {}", p.rates * p.runs);
    rows.push(runs);
    rows
}

/// The median of a measure, its quartiles in the method.
fn measured(
    name: &'static str,
    label: &'static str,
    symbol: &'static str,
    at: Option<&AtRate>,
    measure: Measure,
) -> Quantity {
    let mut row = plain(name, label, symbol, None);
    row.exact = false;
    let Some(at) = at else { return row };
    if let Some(quartiles) = at.quartiles(measure.of()) {
        row.value = Some(vec![quartiles.median]);
        row.method = format!(
            "quartiles {} and {} of {} runs",
            number(quartiles.low, 3),
            number(quartiles.high, 3),
            at.runs - at.diverged
        );
    } else {
        row.value = Some(vec![f64::INFINITY]);
        "diverged".clone_into(&mut row.words);
        row.method = format!("{} of {} runs diverged", at.diverged, at.runs);
    }
    row
}

/// Λ₁ of the origin.
fn exponent(p: &Params, done: &Done) -> Quantity {
    let mut row = plain("exponent", "growth of a neuron per step near the origin", "Λ₁", None);
    row.exact = false;
    if !p.shape().has_hessian_at_origin() {
        no_exponent(p).clone_into(&mut row.words);
        return row;
    }
    if let Some(found) = origin::exponent(p, done, p.nearest()) {
        row.value = Some(vec![found.mean.value]);
        row.standard_error = Some(found.mean.standard_error).filter(|error| error.is_finite());
        let short = if found.drifts() { ", but the two halves of the run differ" } else { "" };
        row.method = format!(
            "product of random matrices, 16 runs of {} steps, 95 % interval ± {}{short}",
            found.steps,
            number(found.half_width(LEVEL), 2)
        );
    }
    row
}

/// What the mean of the data says: exact for these images and labels.
fn of_the_data(p: &Params, done: &Done) -> [Quantity; 3] {
    let signal = origin::known_signal(p, done, p.nearest());
    let signal = signal.as_ref().as_ref();
    let slope = p.activation.slope_at_origin();
    let strength = signal.map(|signal| signal.strengths[0]);
    let descends = p.shape().has_hessian_at_origin();
    let here = p.at(p.nearest());
    let descent = signal.filter(|_| descends).and_then(|s| origin::of_gradient_descent(&here, s));
    let modes = signal.zip(slope).filter(|_| descends).map(|(s, slope)| s.modes(slope, p.decay) as f64);
    let mut rows = [
        plain("signal", "strongest mode of the data, E r xᵀ", "σ₁", strength),
        plain("gradient_descent", "exponent of gradient descent at the origin", "Λ₁ for S = N", descent),
        plain(
            "modes",
            "modes stronger than the decay: the rank that gradient descent learns",
            "φ′(0) σᵢ > γ",
            modes,
        ),
    ];
    if let Some(count) = modes {
        rows[2].words = count.to_string();
    }
    if !descends {
        for row in &mut rows[1..] {
            no_exponent(p).clone_into(&mut row.words);
        }
    }
    rows
}

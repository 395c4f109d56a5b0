//! Every stated error holds, also where the rounding of `X` is all that is left of it: against numbers that were had at 150
//! digits (`reference/near_poles.py`).

use saddlescope::core::curvature::Law;
use saddlescope::core::exponent::Estimate;
use serde_json::Value;

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn law(case: &Value) -> Law {
    let parameters = &case["parameters"];
    let [first, second] = [&parameters[0], &parameters[1]];
    match case["law"].as_str().unwrap() {
        "uniform" => Law::uniform(first.as_f64().unwrap(), second.as_f64().unwrap()),
        "gaussian" => Law::gaussian(first.as_f64().unwrap(), second.as_f64().unwrap()),
        _ => Law::discrete(numbers(first), numbers(second)),
    }
    .unwrap()
}

#[test]
fn stated_errors_hold_near_the_zero_of_a_factor() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("reference/near_poles.json")).unwrap();
    for case in &cases {
        let [m, c] = ["offset", "scale"].map(|key| case[key].as_f64().unwrap());
        let law = law(case).batch(case["batch"].as_u64().unwrap() as u32);
        let check = |what: &str, got: Estimate, want: &Value| {
            let want = want.as_f64().unwrap();
            let off = (got.value - want).abs();
            assert!(off <= got.error, "{what} of {case}: {got:?}, {off:e} off");
            off
        };
        let width = match case["law"].as_str().unwrap() {
            "uniform" => case["parameters"][1].as_f64().unwrap() - case["parameters"][0].as_f64().unwrap(),
            "gaussian" => case["parameters"][1].as_f64().unwrap(),
            _ => 0.0,
        };
        let exponent = law.exponent(m, c);
        let off = check("exponent", exponent, &case["exponent"]);
        // and it is no excuse where nothing cancels
        if width > 0.5 {
            let bound = 1e-12 * exponent.value.abs().max(1.0);
            assert!(off <= bound && exponent.error < 1e-10, "{case}: {exponent:?}, {off:e} off");
        }
        check("variance", law.log_variance(m, c), &case["variance"]);
        check("third cumulant", law.log_third_cumulant(m, c), &case["third_cumulant"]);
        for pair in case["log_moment"].as_array().unwrap() {
            let p = pair[0].as_f64().unwrap();
            check(&format!("moment {p}"), law.log_moment(m, c, p), &pair[1]);
        }
    }
}

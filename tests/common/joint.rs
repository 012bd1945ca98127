//! Laws that read more than one size, or no size: a truth, a design and the formula written out for each.

use lawfit::data::{Dataset, Input, Response};
use lawfit::form::{self, Form};
use rand::RngExt;

/// The forms of which this file knows a truth.
pub fn forms() -> Vec<&'static dyn Form> {
    form::CATALOGUE.iter().copied().filter(|f| truth(f.id()).is_some()).collect()
}

/// Natural parameters that make sense for a form: the truth of its simulations.
pub fn truth(id: &str) -> Option<Vec<f64>> {
    Some(match id {
        "bounded-rational" => vec![1.8, 10.8, 60.0, 0.35, 50.0, 0.3, 0.8, 0.4, 0.6],
        // Published, arXiv:2203.15556, equation 10.
        "chinchilla" => vec![1.69, 406.4, 0.34, 410.7, 0.28],
        "data-constrained" => vec![1.87, 521.0, 0.3526596, 1488.0, 0.39, 5.309743, 15.387756],
        // Published, arXiv:2506.10972.
        "farseer" => {
            vec![-0.062465, 0.13, 0.128488, 230.734, -0.1729, -1.54421, -1.665631, 0.0459, 3.133347]
        }
        "gemstones" => vec![1.5, 20.0, 0.5, 1.2, 0.8, 400.0, 0.34, 2000.0, 0.37],
        // Published, arXiv:2001.08361, table 2.
        "kaplan" => vec![6.4e13, 0.076, 1.8e13, 0.103],
        "multiplicative" => vec![30.0, 0.07, 0.05],
        "multiplicative-floor" => vec![1.7, 600.0, 0.12, 0.17],
        "over-training" => vec![1.84, 212.0, 468.0, 0.136],
        "skaling" => vec![1.7, 560.0, 0.45, 2.0, 0.4, 0.8],
        "task-error" => vec![0.857, 2.206, 0.7146],
        _ => return None,
    })
}

/// The formula as it is written, at predictor values `x`.
pub fn written(id: &str, p: &[f64], x: &[f64]) -> f64 {
    match id {
        "bounded-rational" => {
            let (n, t, d) = (x[0], x[1], x[2]);
            let h = p[2] * n.powf(-p[3]) + p[4] * t.powf(-p[5]) + p[6] * n.powf(p[7]) * d.powf(-p[8]);
            p[0] + (p[1] - p[0]) * h / (1.0 + h)
        }
        "chinchilla" => p[0] + p[1] * x[0].powf(-p[2]) + p[3] * x[1].powf(-p[4]),
        "data-constrained" => {
            let (n, d, u) = (x[0], x[1], x[2]);
            let (e, a, alpha, b, beta, rn, rd) = (p[0], p[1], p[2], p[3], p[4], p[5], p[6]);
            let g = (alpha * a / (beta * b)).powf(1.0 / (alpha + beta));
            let un = n.min((u * g).powf(beta / alpha) * g);
            let n1 = un + un * rn * (1.0 - (-(n / un - 1.0) / rn).exp());
            let d1 = u + u * rd * (1.0 - (-(d / u - 1.0) / rd).exp());
            e + a / n1.powf(alpha) + b / d1.powf(beta)
        }
        "farseer" => {
            let (n, d) = (x[0], x[1]);
            (p[0] * n.powf(p[1]) + p[2]).exp()
                + (p[3] * n.powf(p[4]) + p[5]).exp() * d.powf(-(p[6] * n.powf(p[7]) + p[8]).exp())
        }
        "gemstones" => p[0] + (0..4).map(|k| p[1 + 2 * k] / x[k].powf(p[2 + 2 * k])).sum::<f64>(),
        "kaplan" => ((p[0] / x[0]).powf(p[1] / p[3]) + p[2] / x[1]).powf(p[3]),
        "multiplicative" => p[0] * x[0].powf(-p[1]) * x[1].powf(-p[2]),
        "multiplicative-floor" => p[0] + p[1] * x[0].powf(-p[2]) * x[1].powf(-p[3]),
        "over-training" => {
            let (m, c, eta) = (x[1] / x[0], 6.0 * x[0] * x[1], p[3]);
            p[0] + (p[1] * m.powf(eta) + p[2] * m.powf(-eta)) * c.powf(-eta)
        }
        "skaling" => p[0] + p[1] * (x[0].powf(-p[2]) + p[3] * x[1].powf(-p[4])).powf(p[5]),
        "task-error" => p[0] - p[1] * (-p[2] * x[0]).exp(),
        other => panic!("write `{other}` out here"),
    }
}

/// Values spaced evenly in logarithms.
fn spaced(low: f64, high: f64, count: usize) -> Vec<f64> {
    let step = (high / low).powf(1.0 / (count - 1) as f64);
    (0..count).map(|i| low * step.powi(i as i32)).collect()
}

/// Runs that a laboratory would train for a form: predictor columns, from which its parameters can be told.
pub fn runs(id: &str) -> Vec<Vec<f64>> {
    let mut rows: Vec<Vec<f64>> = Vec::new();
    match id {
        "task-error" => rows.extend(spaced(1.9, 6.0, 24).into_iter().map(|l| vec![l])),
        "gemstones" => {
            for (i, w) in spaced(256.0, 4096.0, 6).into_iter().enumerate() {
                for (j, d) in spaced(3.0, 96.0, 5).into_iter().enumerate() {
                    for (k, t) in spaced(1e9, 1e12, 4).into_iter().enumerate() {
                        // Embeddings and feed-forward widths that vary keep the parameters from being a product.
                        let p = (8.0 + 3.0 * ((i + 2 * j + k) % 4) as f64) * w * w * d + 1e5 * w;
                        rows.push(vec![w, d, p, t]);
                    }
                }
            }
        }
        "bounded-rational" => {
            for n in spaced(1e5, 1e10, 6) {
                for d in spaced(1e6, 1e10, 5) {
                    rows.extend([1.0, 6.0, 40.0, 300.0].iter().map(|epochs| vec![n, d * epochs, d]));
                }
            }
        }
        "data-constrained" => {
            for n in spaced(1e7, 1e10, 6) {
                for u in spaced(1e8, 1e11, 5) {
                    rows.extend([1.0, 3.0, 9.0, 30.0, 100.0].iter().map(|epochs| vec![n, u * epochs, u]));
                }
            }
        }
        "farseer" => {
            for n in spaced(1e8, 6.4e9, 9) {
                rows.extend(spaced(2e9, 5e11, 9).into_iter().map(|d| vec![n, d]));
            }
        }
        _ => {
            for n in spaced(1e7, 1e10, 7) {
                // Tokens a parameter from 1 to 1,000, within what one would pay for.
                rows.extend(spaced(1e8, 1e12, 9).into_iter().filter(|d| d / n < 2e4).map(|d| vec![n, d]));
            }
        }
    }
    (0..rows[0].len()).map(|k| rows.iter().map(|r| r[k]).collect()).collect()
}

/// Predictors and response as a data set.
pub fn data(form: &dyn Form, columns: &[Vec<f64>], y: Vec<f64>) -> Dataset {
    let inputs = form
        .about()
        .predictors
        .iter()
        .zip(columns)
        .map(|(name, values)| Input { name: (*name).into(), unit: None, values: values.clone() })
        .collect();
    let lines = (2..y.len() + 2).collect();
    Dataset::new("test", inputs, Response { name: "loss".into(), values: y }, lines).expect("valid rows")
}

/// The form's runs with normal errors of standard deviation `sigma` in ln y.
pub fn simulated(form: &dyn Form, sigma: f64, seed: u64) -> Dataset {
    let (columns, p) = (runs(form.id()), truth(form.id()).expect("a truth"));
    let mut rng = lawfit::math::random::stream(seed, 23);
    let y = (0..columns[0].len())
        .map(|i| {
            let x: Vec<f64> = columns.iter().map(|c| c[i]).collect();
            let z: f64 = rng.sample(rand_distr::StandardNormal);
            written(form.id(), &p, &x) * (sigma * z).exp()
        })
        .collect();
    data(form, &columns, y)
}

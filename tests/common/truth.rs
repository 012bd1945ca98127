//! What the tests know of every form: parameters to simulate with, and the formula written out once more.

use lawfit::data::Dataset;
use lawfit::data::Scale;
use lawfit::form::Form;

/// The truth of a form's simulations.
#[derive(Clone, Copy)]
pub struct Truth {
    /// The form.
    pub id: &'static str,
    /// Natural parameters that make sense for it.
    pub params: &'static [f64],
    /// Sizes over which they can be told apart.
    pub range: (f64, f64),
    /// The formula as [`lawfit::form::About::formula`] has it.
    pub formula: &'static str,
    /// The formula as arithmetic: parameters and size.
    pub mean: fn(&[f64], f64) -> f64,
    /// The same law in a unit of N that is smaller by the factor (all sizes larger); `None` where there is none.
    pub in_unit: Option<fn(&mut [f64], f64)>,
}

/// The usual sizes.
const USUAL: (f64, f64) = (1e7, 1e10);

/// Sorted as the catalogue is.
const TRUTHS: &[Truth] = &[
    Truth {
        id: "bnsl1",
        params: &[0.5, 10.0, 0.3, 0.2, 1e3, 0.5],
        range: (1e1, 1e6),
        formula: "a + b*N^-c0*(1+(N/d1)^(1/f1))^(-c1*f1)",
        mean: |p, n| p[0] + p[1] * n.powf(-p[2]) * broken(&p[3..], n),
        in_unit: Some(|p, s| {
            p[1] *= s.powf(p[2]);
            p[4] *= s;
        }),
    },
    Truth {
        id: "bnsl2",
        params: &[0.3, 8.0, 0.05, 0.4, 1e3, 0.3, -0.35, 1e6, 0.4],
        range: (1e1, 1e9),
        formula: "a + b*N^-c0*(1+(N/d1)^(1/f1))^(-c1*f1)*(1+(N/d2)^(1/f2))^(-c2*f2)",
        mean: |p, n| p[0] + p[1] * n.powf(-p[2]) * broken(&p[3..], n),
        in_unit: Some(|p, s| {
            p[1] *= s.powf(p[2]);
            p[4] *= s;
            p[7] *= s;
        }),
    },
    Truth {
        id: "bnsl3",
        params: &[0.2, 9.0, 0.05, 0.4, 1e3, 0.3, -0.35, 1e6, 0.4, 0.5, 1e9, 0.3],
        range: (1e1, 1e12),
        formula: "a + b*N^-c0*(1+(N/d1)^(1/f1))^(-c1*f1)*(1+(N/d2)^(1/f2))^(-c2*f2)*(1+(N/d3)^(1/f3))^(-c3*f3)",
        mean: |p, n| p[0] + p[1] * n.powf(-p[2]) * broken(&p[3..], n),
        in_unit: Some(|p, s| {
            p[1] *= s.powf(p[2]);
            p[4] *= s;
            p[7] *= s;
            p[10] *= s;
        }),
    },
    Truth {
        id: "ceiling",
        params: &[0.9, 40.0, 0.3],
        range: USUAL,
        formula: "C - A*N^-alpha",
        mean: |p, n| p[0] - p[1] * n.powf(-p[2]),
        in_unit: Some(|p, s| p[1] *= s.powf(p[2])),
    },
    Truth {
        id: "constant",
        params: &[2.5],
        range: USUAL,
        formula: "c",
        mean: |p, _| p[0],
        in_unit: Some(|_, _| ()),
    },
    Truth {
        id: "correction",
        params: &[5.0, 0.1, 3e3, 0.6],
        range: (1e4, 1e10),
        formula: "A*N^-alpha*(1 + B*N^-w)",
        mean: |p, n| p[0] * n.powf(-p[1]) * (1.0 + p[2] * n.powf(-p[3])),
        in_unit: Some(|p, s| {
            p[0] *= s.powf(p[1]);
            p[2] *= s.powf(p[3]);
        }),
    },
    Truth {
        id: "correction-negative",
        params: &[50.0, 0.2, 100.0, 0.55],
        range: (1e4, 1e10),
        formula: "A*N^-alpha*(1 - B*N^-w)",
        mean: |p, n| p[0] * n.powf(-p[1]) * (1.0 - p[2] * n.powf(-p[3])),
        in_unit: Some(|p, s| {
            p[0] *= s.powf(p[1]);
            p[2] *= s.powf(p[3]);
        }),
    },
    Truth {
        id: "decay",
        params: &[4.0, 3e9],
        range: USUAL,
        formula: "A*exp(-N/N0)",
        mean: |p, n| p[0] * (-n / p[1]).exp(),
        in_unit: Some(|p, s| p[1] *= s),
    },
    Truth {
        id: "error-power",
        params: &[4.0, 0.12],
        range: USUAL,
        formula: "1 - A*N^-alpha",
        mean: |p, n| 1.0 - p[0] * n.powf(-p[1]),
        in_unit: Some(|p, s| p[0] *= s.powf(p[1])),
    },
    Truth {
        id: "exp-power",
        params: &[1.85, 20.0, -0.4],
        range: (1e0, 1e4),
        formula: "c - exp((N + N0)^a)",
        mean: |p, n| p[0] - (n + p[1]).powf(p[2]).exp(),
        in_unit: None,
    },
    Truth {
        id: "exponential",
        params: &[1.5, 2.0, 1e9],
        range: USUAL,
        formula: "E + A*exp(-N/N0)",
        mean: |p, n| p[0] + p[1] * (-n / p[2]).exp(),
        in_unit: Some(|p, s| p[2] *= s),
    },
    Truth {
        id: "exponential-ceiling",
        params: &[0.9, 0.6, 1e9],
        range: USUAL,
        formula: "C - A*exp(-N/N0)",
        mean: |p, n| p[0] - p[1] * (-n / p[2]).exp(),
        in_unit: Some(|p, s| p[2] *= s),
    },
    Truth {
        id: "floor",
        params: &[1.69, 406.4, 0.34],
        range: USUAL,
        formula: "E + A*N^-alpha",
        mean: |p, n| p[0] + p[1] * n.powf(-p[2]),
        in_unit: Some(|p, s| p[1] *= s.powf(p[2])),
    },
    Truth {
        id: "inverse-log",
        params: &[0.5, 20.0],
        range: USUAL,
        formula: "a + b/ln(N)",
        mean: |p, n| p[0] + p[1] / n.ln(),
        in_unit: None,
    },
    Truth {
        id: "linear",
        params: &[3.0, -2e-10],
        range: USUAL,
        formula: "a + b*N",
        mean: |p, n| p[0] + p[1] * n,
        in_unit: Some(|p, s| p[1] /= s),
    },
    Truth {
        id: "log-corrected",
        params: &[2.0, 0.2, 1.5],
        range: (1e2, 1e10),
        formula: "A*N^-alpha*ln(N)^gamma",
        mean: |p, n| p[0] * n.powf(-p[1]) * n.ln().powf(p[2]),
        in_unit: None,
    },
    Truth {
        id: "log-linear",
        params: &[0.05, 0.03],
        range: USUAL,
        formula: "a + b*ln(N)",
        mean: |p, n| p[0] + p[1] * n.ln(),
        in_unit: Some(|p, s| p[0] -= p[1] * s.ln()),
    },
    Truth {
        id: "logit-power",
        params: &[60.0, 0.2],
        range: USUAL,
        formula: "1/(1 + A*N^-alpha)",
        mean: |p, n| 1.0 / (1.0 + p[0] * n.powf(-p[1])),
        in_unit: Some(|p, s| p[0] *= s.powf(p[1])),
    },
    Truth {
        id: "logpower",
        params: &[3.0, 1e8, 0.3],
        range: (1e5, 1e11),
        formula: "A/(1 + (N/N0)^c)",
        mean: |p, n| p[0] / (1.0 + (n / p[1]).powf(p[2])),
        in_unit: Some(|p, s| p[1] *= s),
    },
    Truth {
        id: "loss-sigmoid",
        params: &[0.25, 2.0, 3e3, 0.4],
        range: (1e7, 1e11),
        formula: "y0 + (1-y0)/(1 + exp(A*N^-alpha - h))",
        mean: |p, n| p[0] + (1.0 - p[0]) / (1.0 + (p[2] * n.powf(-p[3]) - p[1]).exp()),
        in_unit: Some(|p, s| p[2] *= s.powf(p[3])),
    },
    Truth {
        id: "m3",
        params: &[400.0, 3e-9, 0.3],
        range: (1e6, 1e10),
        formula: "beta*(1/N + gamma)^c",
        mean: |p, n| p[0] * (1.0 / n + p[1]).powf(p[2]),
        in_unit: Some(|p, s| {
            p[0] *= s.powf(p[2]);
            p[1] /= s;
        }),
    },
    Truth {
        id: "m4",
        params: &[0.2, 0.9, 0.8, 3.0, -0.4],
        range: (1e-2, 1e6),
        formula: "(m - Einf)/(E0 - m)^alpha = beta*N^c",
        mean: implicit,
        in_unit: Some(|p, s| p[3] *= s.powf(-p[4])),
    },
    Truth {
        id: "mmf",
        params: &[4.0, 1.5, 1e8, 0.5],
        range: (1e5, 1e11),
        formula: "a + (c-a)/(1 + (N/N0)^-d)",
        mean: |p, n| p[0] + (p[1] - p[0]) / (1.0 + (n / p[2]).powf(-p[3])),
        in_unit: Some(|p, s| p[2] *= s),
    },
    Truth {
        id: "neg-log-accuracy",
        params: &[15.0, 0.15],
        range: USUAL,
        formula: "exp(-A*N^-alpha)",
        mean: |p, n| (-p[0] * n.powf(-p[1])).exp(),
        in_unit: Some(|p, s| p[0] *= s.powf(p[1])),
    },
    Truth {
        id: "power",
        params: &[8.5, 0.07],
        range: USUAL,
        formula: "f*N^-alpha",
        mean: |p, n| p[0] * n.powf(-p[1]),
        in_unit: Some(|p, s| p[0] *= s.powf(p[1])),
    },
    Truth {
        id: "shifted",
        params: &[100.0, 3e7, 0.25],
        range: (1e6, 1e10),
        formula: "A*(N + N0)^-alpha",
        mean: |p, n| p[0] * (n + p[1]).powf(-p[2]),
        in_unit: Some(|p, s| {
            p[0] *= s.powf(p[2]);
            p[1] *= s;
        }),
    },
    Truth {
        id: "shifted-ceiling",
        params: &[0.9, 300.0, 1e7, 0.4],
        range: (1e6, 1e11),
        formula: "C - A*(N + N0)^-alpha",
        mean: |p, n| p[0] - p[1] * (n + p[2]).powf(-p[3]),
        in_unit: Some(|p, s| {
            p[1] *= s.powf(p[3]);
            p[2] *= s;
        }),
    },
    Truth {
        id: "shifted-floor",
        params: &[1.5, 3e3, 1e7, 0.4],
        range: (1e6, 1e11),
        formula: "E + A*(N + N0)^-alpha",
        mean: |p, n| p[0] + p[1] * (n + p[2]).powf(-p[3]),
        in_unit: Some(|p, s| {
            p[1] *= s.powf(p[3]);
            p[2] *= s;
        }),
    },
    Truth {
        id: "sigmoid",
        params: &[0.25, 0.85, 1e8, 0.6],
        range: (1e5, 1e11),
        formula: "y0 + (y1-y0)/(1 + (N/N0)^-k)",
        mean: |p, n| p[0] + (p[1] - p[0]) / (1.0 + (n / p[2]).powf(-p[3])),
        in_unit: Some(|p, s| p[2] *= s),
    },
    Truth {
        id: "stretched",
        params: &[1.5, 3.0, 1e8, 0.4],
        range: (1e5, 1e10),
        formula: "E + A*exp(-(N/N0)^b)",
        mean: |p, n| p[0] + p[1] * (-(n / p[2]).powf(p[3])).exp(),
        in_unit: Some(|p, s| p[2] *= s),
    },
    Truth {
        id: "stretched-ceiling",
        params: &[0.9, 0.6, 1e8, 0.4],
        range: (1e5, 1e10),
        formula: "C - A*exp(-(N/N0)^b)",
        mean: |p, n| p[0] - p[1] * (-(n / p[2]).powf(p[3])).exp(),
        in_unit: Some(|p, s| p[2] *= s),
    },
    Truth {
        id: "vapor-pressure",
        params: &[8.0, 4e6, 0.08],
        range: USUAL,
        formula: "f*exp(b/N)*N^-alpha",
        mean: |p, n| p[0] * (p[1] / n).exp() * n.powf(-p[2]),
        in_unit: Some(|p, s| {
            p[0] *= s.powf(p[2]);
            p[1] *= s;
        }),
    },
];

/// The factors of breaks (c, d, f), as they are written.
fn broken(breaks: &[f64], n: f64) -> f64 {
    breaks.chunks(3).map(|b| (1.0 + (n / b[1]).powf(1.0 / b[2])).powf(-b[0] * b[2])).product()
}

/// The root of the equation of M4, by bisection.
fn implicit(p: &[f64], n: f64) -> f64 {
    let right = p[3] * n.powf(p[4]);
    let (mut low, mut high) = (p[0], p[1]);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if (middle - p[0]) / (p[1] - middle).powf(p[2]) < right { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// What the tests know of a form of one predictor.
///
/// A new form has its entry here, or the tests say that it is missing.
pub fn truth(form: &dyn Form) -> &'static Truth {
    TRUTHS.iter().find(|t| t.id == form.id()).unwrap_or_else(|| {
        panic!("`{}` is new: give it an entry in TRUTHS of tests/common/truth.rs", form.id())
    })
}

/// Draw runs of the truth of a form.
pub fn simulated(form: &'static dyn Form, scale: Scale, sigma: f64, sizes: usize, seed: u64) -> Dataset {
    let t = truth(form);
    let simulation = lawfit::benchmark::Simulation {
        form,
        params: t.params.to_vec(),
        scale,
        range: t.range,
        sizes,
        replicates: 1,
        sigma,
        noise: lawfit::benchmark::Noise::Normal,
        seed,
    };
    let rows = simulation.draw().expect("a valid design");
    let (x, y): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
    super::dataset(&x, &y)
}

//! The diagnostic picture of an analysis: residuals, local exponents, influence and quantiles of one fit.

use super::chart::{residual_label, size_label};
use super::number::{level, rounded_size};
use super::panels::{
    Break, Estimate, ExponentPanel, Flag, Influence, InfluencePanel, Panels, Quantile, QuantilePanel,
    ResidualPanel, Window,
};
use super::sections::FitSection;
use super::{Analysis, Report};
use crate::data::Dataset;
use crate::diagnose::Tangent;
use crate::diagnose::local_exponents::{WINDOW, local_exponents, unit_of_exponent};
use crate::diagnose::quantile_band::quantile_band;
use crate::fit::Fit;
use crate::math::smooth::local_linear;

/// Most abscissae of the smooth line.
const GRID: usize = 80;
/// Share of the runs that each value of the smooth line is fitted to: the most, for few runs, and the least.
const SPANS: (f64, f64) = (0.75, 0.3);
/// Runs that a value of the smooth line is fitted to, between those shares.
const NEIGHBOURS: f64 = 10.0;
/// Fewest sizes with a smooth line: through fewer it would join the dots.
const FEWEST_SIZES: usize = 8;
/// Number of standard errors from which on a value is drawn there, and its label says where it is.
const FAR: f64 = 20.0;
/// Most runs that are set apart for their influence: with many runs the usual threshold is passed by very many.
const FLAGGED: usize = 12;
/// What stands in the panels of residuals of a law without any.
const EXACT: &str = "the law passes through every run: its residuals are rounding error";

/// What stands in the panel of local exponents of a law that is no line.
const CURVE: &str = "this law is a curve: its slope changes along it, so that no one exponent can be compared with those of a few sizes";

/// Build the diagnostic picture of the fit of a form; without one, of the plain power law where it was fitted, else of the
/// first fit. `None` when the form is not among the fits.
///
/// Studentised residuals, and changes of the exponent, beyond 20 standard errors are drawn at 20, and their labels say so.
/// Influence is drawn from the report: without [`super::Detail::Full`] its panel may hold a note instead.
#[must_use]
pub fn diagnostic_figure(data: &Dataset, analysis: &Analysis, form: Option<&str>) -> Option<Panels> {
    let index = |id: &str| analysis.fits.iter().position(|f| f.form.id() == id);
    let k = match form {
        Some(id) => index(id)?,
        None => index("power").unwrap_or(0),
    };
    let shown = Shown {
        data,
        report: &analysis.report,
        fit: analysis.fits.get(k)?,
        section: analysis.report.fits.get(k)?,
    };
    Some(Panels {
        x_label: size_label(data),
        residuals: shown.residuals(),
        exponents: shown.exponents(),
        influence: shown.influence(),
        quantiles: shown.quantiles(),
    })
}

/// The fit that is shown, and what it was fitted to.
struct Shown<'a> {
    data: &'a Dataset,
    report: &'a Report,
    fit: &'a Fit,
    section: &'a FitSection,
}

impl Shown<'_> {
    /// Return what is written in a panel of residuals of an exact fit.
    fn exact(&self) -> Option<String> {
        self.fit.is_exact().then(|| EXACT.to_owned())
    }

    fn residuals(&self) -> ResidualPanel {
        let note = self.exact();
        let x = &self.data.x().values;
        let unit = self.fit.design.residual_unit();
        let residuals = self.fit.residuals.iter().map(|e| e * unit);
        let points: Vec<(f64, f64)> =
            if note.is_none() { x.iter().copied().zip(residuals).collect() } else { Vec::new() };
        let two = 2.0 * self.fit.sigma();
        ResidualPanel {
            y_label: residual_label(self.data, Some(self.fit.design.scale)),
            smooth: if self.data.distinct() < FEWEST_SIZES { Vec::new() } else { smooth(&points) },
            points,
            limits: (note.is_none() && two.is_finite()).then_some((-two, two)),
            break_at: self.break_at().filter(|_| note.is_none()),
            flags: if note.is_none() { self.outliers() } else { Vec::new() },
            note,
        }
    }

    /// Return the break of the law that the verdict judges, where it finds one.
    fn break_at(&self) -> Option<Break> {
        let verdict = &self.report.verdict;
        if verdict.form != Some(self.section.form) || verdict.shape.answer.holds != Some(false) {
            return None;
        }
        let b = verdict.shape.location.as_ref()?.break_point.as_ref()?;
        let size = rounded_size(b.at, self.data.x().unit.as_deref());
        Some(Break {
            at: b.at,
            low: b.low.unwrap_or(0.0),
            high: b.high.unwrap_or(f64::INFINITY),
            label: format!("break at {size}"),
            legend: format!("break, {} interval", level(b.level)),
        })
    }

    /// Return the rows that stand apart from this law, the farthest first.
    fn outliers(&self) -> Vec<Flag> {
        let noise = &self.report.verdict.noise;
        if noise.outliers_of != Some(self.section.form) {
            return Vec::new();
        }
        let row = |line: usize| self.data.lines.iter().position(|l| *l == line);
        let flag = |line| Some(Flag { index: row(line)?, text: format!("line {line}") });
        noise.outliers.iter().filter_map(|o| flag(o.line)).collect()
    }

    /// Return how the formula writes the exponent.
    fn symbol(&self) -> &str {
        if self.section.exponent == "alpha" { "α" } else { self.section.exponent }
    }

    fn exponents(&self) -> ExponentPanel {
        let symbol = self.symbol();
        let unit = unit_of_exponent(self.fit);
        let sizes = self.data.distinct();
        let note = if let Some(note) = self.exact() {
            Some(note)
        } else if unit.is_none() {
            Some(CURVE.to_owned())
        } else if sizes < WINDOW {
            Some(format!("a local exponent needs {WINDOW} sizes, there are {sizes}"))
        } else {
            None
        };
        let mut windows = Vec::new();
        if let (Some(unit), None) = (unit, &note) {
            let limit = |v: Option<f64>| v.map_or(f64::NAN, |v| v * unit);
            windows.extend(local_exponents(self.fit, self.data, self.report.level).iter().map(|w| {
                let (a, b) = (limit(w.low), limit(w.high));
                Window { from: w.from, to: w.to, alpha: w.alpha * unit, low: a.min(b), high: a.max(b) }
            }));
        }
        ExponentPanel {
            y_label: if symbol == "α" { "exponent α".to_owned() } else { format!("slope {symbol}") },
            global: if windows.is_empty() { None } else { self.global() },
            windows,
            level: self.report.level,
            note,
        }
    }

    /// Return the exponent of all runs with the interval to report.
    fn global(&self) -> Option<Estimate> {
        let p = self.section.exponent()?;
        let (low, high) = p.lead().map_or((f64::NAN, f64::NAN), |i| {
            (i.low.unwrap_or(f64::NEG_INFINITY), i.high.unwrap_or(f64::INFINITY))
        });
        Some(Estimate { value: p.estimate, low, high })
    }

    fn influence(&self) -> InfluencePanel {
        let found = self.report.influence.iter().find(|i| i.form == self.section.form);
        let rows = found.map_or(&[][..], |i| &i.rows);
        let has_scatter = self.fit.dof_residual() > 1;
        // DFBETAS is with the run minus without it; the picture shows what happens when it is left out.
        let changes: Vec<f64> = rows
            .iter()
            .map(|r| match (r.dfbetas, r.without.exponent_change) {
                (Some(d), _) => -d,
                // Without this run the others fit exactly.
                (None, Some(change)) if has_scatter => f64::INFINITY.copysign(change),
                _ => f64::NAN,
            })
            .collect();
        let threshold = found.map(|i| i.threshold);
        let mut beyond: Vec<usize> =
            (0..rows.len()).filter(|&i| threshold.is_some_and(|t| changes[i].abs() > t)).collect();
        beyond.sort_by(|&i, &j| changes[j].abs().total_cmp(&changes[i].abs()).then(i.cmp(&j)));
        let note = if let Some(note) = self.exact() {
            Some(note)
        } else if rows.is_empty() {
            Some("the influence of single runs is measured by `lawfit diagnose`".to_owned())
        } else if changes.iter().all(|c| c.is_nan()) {
            Some("without any one run the others leave no scatter to measure by".to_owned())
        } else {
            None
        };
        let unit = self.data.x().unit.as_deref();
        let prediction = |c: Option<f64>| c.map_or(f64::NAN, |c| 100.0 * c.exp_m1());
        let runs = rows.iter().zip(&changes).map(|(r, change)| Influence {
            x: r.x,
            change: change.clamp(-FAR, FAR),
            prediction: prediction(r.without.ln_prediction_change),
        });
        InfluencePanel {
            y_label: format!("change of {} (standard errors)", self.symbol()),
            runs: if note.is_none() { runs.collect() } else { Vec::new() },
            threshold: threshold.filter(|_| note.is_none()),
            threshold_label: "±2/√n".to_owned(),
            prediction_label: found
                .map_or_else(String::new, |i| format!("prediction at {}", rounded_size(i.at, unit))),
            flags: beyond
                .into_iter()
                .take(FLAGGED)
                .map(|index| Flag { index, text: line_label(rows[index].line, changes[index]) })
                .collect(),
            note,
        }
    }

    fn quantiles(&self) -> QuantilePanel {
        let mut panel = QuantilePanel {
            x_label: "t quantile".to_owned(),
            y_label: "studentised residual".to_owned(),
            points: Vec::new(),
            total: 0,
            band_label: format!("{} simultaneous band", level(self.report.level)),
            flags: Vec::new(),
            note: self.exact(),
        };
        if panel.note.is_some() {
            return panel;
        }
        let band = match Tangent::of_rows(self.fit).and_then(|t| quantile_band(&t, self.report.level)) {
            Ok(band) => band,
            Err(why) => {
                panel.note = Some(format!("no studentised residuals: {why}"));
                return panel;
            }
        };
        panel.x_label = format!("t quantile ({} df)", band.dof);
        panel.total = band.total;
        panel.points = band
            .points
            .iter()
            .map(|p| Quantile {
                expected: p.expected,
                observed: p.observed.clamp(-FAR, FAR),
                low: p.low,
                high: p.high,
            })
            .collect();
        let outliers: Vec<usize> = self.outliers().iter().map(|f| f.index).collect();
        let far = (0..band.points.len()).filter(|&i| band.points[i].observed.abs() > FAR);
        let place = |row: &usize| band.points.iter().position(|p| p.row == *row);
        let mut flagged: Vec<usize> = outliers.iter().filter_map(place).collect();
        flagged.extend(far.filter(|&i| !outliers.contains(&band.points[i].row)));
        let label = |i: usize| line_label(self.data.lines[band.points[i].row], band.points[i].observed);
        panel.flags = flagged.into_iter().map(|index| Flag { index, text: label(index) }).collect();
        panel
    }
}

/// Name a row, and the side on which its value lies beyond what is drawn.
fn line_label(line: usize, value: f64) -> String {
    if value > FAR {
        format!("line {line}: > {FAR}")
    } else if value < -FAR {
        format!("line {line}: < −{FAR}")
    } else {
        format!("line {line}")
    }
}

/// Return a smooth line through points with rising sizes, against the logarithm of size.
fn smooth(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let (u, e): (Vec<f64>, Vec<f64>) = points.iter().map(|(x, e)| (x.ln(), *e)).unzip();
    let (Some(first), Some(last)) = (u.first().copied(), u.last().copied()) else { return Vec::new() };
    let mut grid = u.clone();
    grid.dedup();
    if grid.len() > GRID {
        let step = (last - first) / (GRID - 1) as f64;
        grid = (0..GRID).map(|i| first + step * i as f64).collect();
    }
    let span = (NEIGHBOURS / points.len() as f64).clamp(SPANS.1, SPANS.0);
    grid.iter().map(|u| u.exp()).zip(local_linear(&u, &e, span, &grid)).collect()
}

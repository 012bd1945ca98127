//! The wild cluster bootstrap of a t statistic, turned into limits.

use super::cluster_algebra::{in_q, scores};
use super::profile::{Edge, Profile, edges};
use super::resample::WEBB;
use super::{Gathered, IntervalMethod, Level, Limits, Unavailable, std_error};
use crate::fit::Fit;
use crate::form::Functional;
use crate::math::linalg::Regression;
use crate::math::random::stream;
use crate::objective::{Constraint, Objective};
use nalgebra::{DMatrix, DVector};
use rand::RngExt as _;
use std::cell::RefCell;

/// Draws of the weights where no bootstrap says how many.
const DRAWS: usize = 1_999;
/// Most draws of the weights: beyond, the limits move by less than a hundredth of a standard error.
const MOST_DRAWS: usize = 9_999;
/// Weights that are drawn at most, unless that leaves too few draws: with thousands of clusters the statistic is normal anyway.
const MOST_WEIGHTS: usize = 4_000_000;
/// Fewest draws.
const FEWEST_DRAWS: usize = 199;
/// Rows above which a curve is not fitted again for every value.
const MANY_ROWS: usize = 20_000;
/// Factor by which the walk outwards grows.
const GROWTH: f64 = 1.6;
/// Steps of the walk outwards: eight orders of magnitude.
const WALK: usize = 40;
/// Steps of the bisection of a line: a limit to ten digits of its distance.
const BISECTION: usize = 34;
/// The same of a curve, which is fitted again at every step: seven digits.
const BISECTION_OF_CURVE: usize = 24;
/// Share by which a drawn statistic may fall short of the observed one and still count as equal.
const TIE: f64 = 1e-9;

/// The wild cluster bootstrap-t interval, the null imposed.
///
/// # Formula
/// {v0 : p(v0) > 1 - level}, p(v0) = (1 + #{|T*| >= |T|})/(B + 1). T = z'r/sqrt(sum over clusters of (z_g'm_g)^2) with r the
/// residuals of the fit in which c'theta = v0, z = Q R^-T c, m = (I - H) r; T* is the same of w_g r_g, w_g a weight of Webb's for
/// the whole cluster. Studentised by CR1, whose factor cancels. The weights are the same for every v0; up to five clusters they
/// are all there are, 6^G, and p(v0) = #{|T*| >= |T|}/6^G. p need not fall steadily: the limits are where a walk outwards from the
/// estimate, by steps that grow 1.6-fold, first meets a rejection, refined by bisection.
/// # Assumptions
/// Independent clusters, anything within them. Exact algebra for a law that is linear on the scale of the fit: no refits. For a
/// curve the law is linearised at the constrained optimum, so that both T and T* are those of one Gauss-Newton step from
/// there. With G clusters at most 6^G weights differ: at two clusters no value is rejected at 95%, and the limits are infinite.
/// # Reference
/// Cameron, Gelbach and Miller (2008), Rev. Econ. Stat. 90:414; Webb (2023), Can. J. Econ. 56:839; Kline and Santos (2012),
/// J. Econometric Methods 1:23, for the step.
#[derive(Debug, Clone, Copy)]
pub struct WildClusterT;

impl IntervalMethod for WildClusterT {
    fn id(&self) -> &'static str {
        "wild-cluster-t"
    }
    fn meaning(&self) -> &'static str {
        "values that a wild cluster bootstrap of the t statistic does not reject"
    }
    fn needs_clusters(&self) -> bool {
        true
    }
    fn limits(&self, target: &Functional, gathered: &Gathered<'_>, level: Level) -> Limits {
        let fit = gathered.fit;
        let clusters = fit.design.clusters.as_ref().ok_or(Unavailable::NoClusters)?.members();
        let regression = fit.regression.as_ref().ok_or(Unavailable::RankDeficient)?;
        let centre = target.combination(&fit.solution.theta);
        let step = fit.vcov().map(|v| std_error(target, &v)).filter(|se| se.is_finite() && *se > 0.0);
        let step = step.ok_or(Unavailable::RankDeficient)?;
        let (replicates, seed) = gathered.draws.map_or((DRAWS, 1), |d| (d.replicates, d.seed));
        let affordable = MOST_DRAWS.min((MOST_WEIGHTS / clusters.len()).max(FEWEST_DRAWS));
        let replicates = replicates.min(affordable);
        let test = Test::new(&clusters, replicates, seed, 1.0 - level.get());
        let (bottom, top) = edges(fit, target);
        if fit.is_linear() {
            let at = Scores::new(regression, &in_q(regression, target), &clusters, &fit.residuals);
            // Coordinates of the test: the distance from the estimate in units of |R^-T c|.
            let unit = in_q(regression, target).norm();
            let rejects = |v: f64| test.rejects(&at.moved((centre - v) / unit));
            let limit = |step, edge| limit(&rejects, BISECTION, centre, step, edge);
            return Ok((limit(-step, bottom), limit(step, top)));
        }
        if fit.nobs() > MANY_ROWS {
            return Err(Unavailable::ManyRows { rows: fit.nobs() });
        }
        let curve = Curve::new(fit, target, &clusters);
        let rejects = |v: f64| match curve.scores(v) {
            Null::Impossible => true,
            // Where the data cannot tell the parameters apart they do not speak against the value.
            Null::Flat => false,
            Null::Fitted(at) => test.rejects(&at),
        };
        let limit = |step, edge| limit(&rejects, BISECTION_OF_CURVE, centre, step, edge);
        Ok((limit(-step, bottom), limit(step, top)))
    }
}

/// Walk outwards until a value is rejected, and bisect back; infinite when none is.
fn limit(rejects: &dyn Fn(f64) -> bool, bisection: usize, centre: f64, step: f64, edge: Edge) -> f64 {
    let beyond = |v: f64| if step > 0.0 { v >= edge.at } else { v <= edge.at };
    let (mut inside, mut reach) = (centre, step);
    for _ in 0..WALK {
        let last = beyond(centre + reach);
        let mut outside = if last { edge.at } else { centre + reach };
        if outside == inside || !outside.is_finite() {
            break;
        }
        if rejects(outside) {
            for _ in 0..bisection {
                let middle = 0.5 * (inside + outside);
                if rejects(middle) {
                    outside = middle;
                } else {
                    inside = middle;
                }
            }
            return 0.5 * (inside + outside);
        }
        if last {
            break;
        }
        inside = outside;
        reach *= GROWTH;
    }
    if edge.at.is_finite() && beyond(centre + reach) {
        edge.limit(step)
    } else {
        step.signum() * f64::INFINITY
    }
}

/// What the statistic needs of every cluster, for residuals that respect the null.
struct Scores {
    /// z_g'r_g with z of length one.
    own: Vec<f64>,
    /// z_g'z_g.
    length: Vec<f64>,
    /// Q_g'r_g, a column a cluster.
    score: DMatrix<f64>,
    /// Q_g'z_g, a column a cluster.
    lean: DMatrix<f64>,
}

impl Scores {
    fn new(regression: &Regression, v: &DVector<f64>, clusters: &[Vec<usize>], r: &[f64]) -> Scores {
        let z = &regression.q * (v / v.norm());
        let sum = |rows: &[usize], r: &[f64]| rows.iter().map(|&i| z[i] * r[i]).sum::<f64>();
        let columns = |r: &[f64]| -> DMatrix<f64> {
            let columns: Vec<DVector<f64>> =
                clusters.iter().map(|rows| scores(&regression.q, rows, r)).collect();
            DMatrix::from_columns(&columns)
        };
        Scores {
            own: clusters.iter().map(|rows| sum(rows, r)).collect(),
            length: clusters.iter().map(|rows| sum(rows, z.as_slice())).collect(),
            score: columns(r),
            lean: columns(z.as_slice()),
        }
    }

    /// The same for residuals r + distance*z: those of a null value so far below the estimate.
    fn moved(&self, distance: f64) -> Scores {
        Scores {
            own: self.own.iter().zip(&self.length).map(|(a, b)| a + distance * b).collect(),
            length: self.length.clone(),
            score: &self.score + &self.lean * distance,
            lean: self.lean.clone(),
        }
    }

    /// The squared statistic of residuals w_g r_g; infinite where they have no spread. `total` is room for p numbers.
    fn statistic(&self, weight: impl Fn(usize) -> f64, total: &mut [f64]) -> f64 {
        total.fill(0.0);
        let mut sum = 0.0;
        for (g, own) in self.own.iter().enumerate() {
            let w = weight(g);
            sum += w * own;
            for (total, s) in total.iter_mut().zip(self.score.column(g).iter()) {
                *total += w * s;
            }
        }
        let mut spread = 0.0;
        for (g, own) in self.own.iter().enumerate() {
            let taken: f64 = self.lean.column(g).iter().zip(&*total).map(|(t, s)| t * s).sum();
            spread += (weight(g) * own - taken).powi(2);
        }
        if spread > 0.0 { sum * sum / spread } else { f64::INFINITY }
    }
}

/// The weights, drawn once, and the level of the test.
struct Test {
    /// Indices into [`WEBB`], one a cluster, draw after draw.
    picks: Vec<u8>,
    clusters: usize,
    size: f64,
    /// Whether these are all the weights that there are.
    complete: bool,
}

impl Test {
    fn new(clusters: &[Vec<usize>], replicates: usize, seed: u64, size: f64) -> Test {
        let every = u32::try_from(clusters.len()).ok().and_then(|g| WEBB.len().checked_pow(g));
        if let Some(every) = every.filter(|n| *n <= MOST_DRAWS) {
            let digits =
                |mut k: usize| (0..clusters.len()).map(move |_| (k % WEBB.len(), k /= WEBB.len()).0 as u8);
            let picks = (0..every).flat_map(digits).collect();
            return Test { picks, clusters: clusters.len(), size, complete: true };
        }
        let mut picks = Vec::with_capacity(replicates * clusters.len());
        for i in 0..replicates {
            let mut rng = stream(seed, i as u64);
            picks.extend(clusters.iter().map(|_| rng.random_range(0..6u32) as u8));
        }
        Test { picks, clusters: clusters.len(), size, complete: false }
    }

    /// Whether the null is rejected at the size of the test.
    fn rejects(&self, at: &Scores) -> bool {
        let mut total = vec![0.0; at.score.nrows()];
        let observed = at.statistic(|_| 1.0, &mut total) * (1.0 - TIE);
        let draws = self.picks.chunks_exact(self.clusters);
        let count = draws.len();
        let larger = draws
            .filter(|picks| at.statistic(|g| WEBB[usize::from(picks[g])], &mut total) >= observed)
            .count();
        // The observed statistic is one more draw, unless it is among them (all weights 1).
        let own = usize::from(!self.complete);
        (own + larger) as f64 <= self.size * (count + own) as f64 * (1.0 + TIE)
    }
}

/// A curve under a value of the null.
enum Null {
    /// No law of the form has the value.
    Impossible,
    /// The parameters cannot be told apart there.
    Flat,
    Fitted(Scores),
}

/// A curve that is fitted again for every value of the null.
struct Curve<'a, C: Fn(f64) -> Option<Constraint>> {
    profile: Profile<'a, C>,
    objective: RefCell<Objective<'a>>,
    fit: &'a Fit,
    target: &'a Functional,
    clusters: &'a [Vec<usize>],
}

impl<'a> Curve<'a, Box<dyn Fn(f64) -> Option<Constraint> + 'a>> {
    fn new(fit: &'a Fit, target: &'a Functional, clusters: &'a [Vec<usize>]) -> Self {
        let constrain = |v| Some(Constraint::linear(fit.form, &target.coefficients, v - target.offset));
        Curve {
            profile: Profile::new(fit, Box::new(constrain)),
            objective: RefCell::new(fit.objective()),
            fit,
            target,
            clusters,
        }
    }

    /// The scores of the fit in which the quantity is `v`.
    fn scores(&self, v: f64) -> Null {
        let Some(solution) = self.profile.solve(v) else { return Null::Impossible };
        let theta = solution.theta;
        let objective = &mut *self.objective.borrow_mut();
        let fitted = objective.fitted(&theta);
        let residuals: Vec<f64> = self.fit.design.target.iter().zip(fitted).map(|(t, f)| t - f).collect();
        let jacobian = objective.jacobian(&theta);
        let regression = Regression::new(DMatrix::from_vec(residuals.len(), self.fit.dim(), jacobian));
        match regression {
            None => Null::Flat,
            Some(r) => Null::Fitted(Scores::new(&r, &in_q(&r, self.target), self.clusters, &residuals)),
        }
    }
}

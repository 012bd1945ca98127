//! Losses: what a residual costs.
//!
//! A [`Loss`] turns residuals into a cost, the SUM over rows of rho(r), and tells the solver the two weights per row
//! that its gradient and its normal equations need. A loss that is minus a log density (up to constants) says so;
//! the others make likelihoods and information criteria unavailable rather than wrong.

mod squared;

pub use squared::Squared;

/// Every loss, sorted by id.
pub static CATALOGUE: &[&dyn Loss] = &[&Squared];

/// A cost for residuals: the rho contract is rho(0) = 0, rho'(0) = 0, rho''(0) = 1, rho even and rising in |r|.
pub trait Loss: Sync + std::fmt::Debug {
    /// Name on the command line and in JSON.
    fn id(&self) -> &'static str;

    /// Add up rho over a batch of residuals, weighted; leave psi = rho'(r) and the curvature weight psi(r)/r behind.
    ///
    /// All slices have one length. Returns the sum over rows of w*rho(r).
    fn batch(&self, w: &[f64], r: &[f64], psi: &mut [f64], curvature: &mut [f64]) -> f64;

    /// Whether rho is minus the log density of normal errors, so that t, F and the likelihood are exact or standard.
    fn is_gaussian(&self) -> bool;
}

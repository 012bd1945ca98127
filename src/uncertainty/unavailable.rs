//! Why a method gives no interval.

use super::Resampler;
use crate::loss::{Inference, Loss};
use thiserror::Error;

/// Why a method gives no interval here.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum Unavailable {
    /// The law passes through every point.
    #[error("the law fits exactly: residuals are rounding error")]
    Exact,
    /// The Jacobian's columns are linearly dependent.
    #[error("the parameters cannot be told apart at the optimum")]
    RankDeficient,
    /// A row determines a parameter by itself.
    #[error("one row has leverage 1")]
    LeverageOne,
    /// The method needs a bootstrap that was not run.
    #[error("no bootstrap was run")]
    NoDraws,
    /// The rows say themselves how precise they are.
    #[error("the rows have a precision of their own")]
    OwnPrecision,
    /// Several predictors: no size that a spread could follow.
    #[error("with several predictors there is no one size that the spread could follow")]
    NoSingleSize,
    /// Too few refits succeeded.
    #[error("only {succeeded} refits succeeded")]
    TooFewDraws {
        /// Successful refits.
        succeeded: usize,
    },
    /// Too few rows lie where psi of the loss has a slope.
    #[error("at the optimum the loss is too flat for a standard error")]
    Flat,
    /// The method rests on another loss.
    #[error("{}", other_loss(loss))]
    OtherLoss {
        /// The loss of the fit.
        loss: Loss,
    },
    /// The parameter is not the only one that enters the law nonlinearly, or the errors are on another scale.
    #[error("it is for the only nonlinear parameter of a law with errors on the law's own scale")]
    NotAlone,
    /// The test rejects every value.
    #[error("the test rejects every value")]
    EmptySet,
    /// A budget has no best split between size and data under the fitted law.
    #[error("the fitted law has no best split of a budget")]
    NoOptimum,
    /// The data have no clusters.
    #[error("the data have no clusters (`--cluster COLUMN`)")]
    NoClusters,
    /// No other cluster says anything of the quantity.
    #[error("it rests on one cluster alone")]
    OneCluster,
    /// A fit without one row or cluster is missing.
    #[error("some rows or clusters cannot be left out")]
    NoJackknife,
    /// The method reads the draws of another resampler.
    #[error("it reads no draws of `{}`", resampler.id())]
    OtherDraws {
        /// The resampler of the draws.
        resampler: Resampler,
    },
    /// A subsample would hold every row.
    #[error("{rows} rows are too few to draw fewer of")]
    NoSubsample {
        /// Rows of the fit.
        rows: usize,
    },
    /// The method refits a curve for every value that it tries.
    #[error("with {rows} rows its refits take too long")]
    ManyRows {
        /// Rows of the fit.
        rows: usize,
    },
    /// The arithmetic of the method came to no number.
    #[error("its limits are no numbers here")]
    NotANumber,
    /// Lower and upper limit are one number.
    #[error("its limits coincide: the draws do not vary, or lie beyond the edge of the domain")]
    NoWidth,
    /// All draws lie on one side of the estimate, or the jackknife has no spread.
    #[error("the bias correction is not finite")]
    NoBiasCorrection,
}

/// Say why a method does not go with a loss.
fn other_loss(loss: &Loss) -> String {
    match loss.family().inference() {
        Inference::LeastSquares => "for least squares HC3 is the robust interval".to_owned(),
        Inference::Sandwich | Inference::Density => {
            format!("it assumes least squares, and the loss is {loss}")
        }
        Inference::Resampling => {
            format!("the loss {loss} estimates no centre of the errors: only resampling tells how it varies")
        }
    }
}

//! Quantities that follow from the parameters of a law and are no linear combination of its coordinates.

use crate::math::{MAX_PARAMS, Theta};

/// How a budget of compute is split between size and data by a law E + A*N^-alpha + B*D^-beta.
///
/// # Formula
/// With N*D = P, the product that a budget buys (P = C/6 where C = 6*N*D), m is least at N* = G P^a and D* = P^b/G, with
/// a = beta/(alpha + beta), b = alpha/(alpha + beta), G = (alpha*A/(beta*B))^(1/(alpha + beta))
/// # Symbols
/// ln A = theta_a + alpha*`centre_n`, ln B = theta_b + beta*`centre_d`, both but for the unit of the response, which cancels.
/// # Reference
/// Hoffmann et al. (2022), arXiv:2203.15556, equation 4.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// Coordinate ln A, at the centre of ln N.
    pub a: usize,
    /// Coordinate alpha.
    pub alpha: usize,
    /// Coordinate ln B, at the centre of ln D.
    pub b: usize,
    /// Coordinate beta.
    pub beta: usize,
    /// Mean of ln N.
    pub centre_n: f64,
    /// Mean of ln D.
    pub centre_d: f64,
}

/// Which quantity of a split.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Of {
    /// a: the exponent of the size in N* ~ C^a.
    SizeExponent,
    /// b: the exponent of the data in D* ~ C^b.
    DataExponent,
    /// ln N* for a given ln(N*D).
    LogSize {
        /// ln(N*D).
        log_product: f64,
    },
    /// ln D* for a given ln(N*D).
    LogData {
        /// ln(N*D).
        log_product: f64,
    },
}

/// A quantity with a name, as a function of the coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Derived {
    /// Name: `a`, `b`, `ln N_opt`, `ln D_opt`.
    pub name: &'static str,
    /// What it is, in words.
    pub meaning: &'static str,
    /// The split that it belongs to.
    pub split: Split,
    /// Which quantity of the split.
    pub of: Of,
}

impl Split {
    /// The exponent of the size in the optimum.
    #[must_use]
    pub fn size_exponent(self) -> Derived {
        Derived {
            name: "a",
            meaning: "exponent of the size that spends a budget best: N_opt ~ C^a",
            split: self,
            of: Of::SizeExponent,
        }
    }

    /// The exponent of the data in the optimum.
    #[must_use]
    pub fn data_exponent(self) -> Derived {
        Derived {
            name: "b",
            meaning: "exponent of the data that spend a budget best: D_opt ~ C^b",
            split: self,
            of: Of::DataExponent,
        }
    }

    /// The logarithm of the size that spends a budget best; `product` is what the budget buys of N*D, C/6 by the usual rule.
    #[must_use]
    pub fn log_size(self, product: f64) -> Derived {
        Derived {
            name: "ln N_opt",
            meaning: "logarithm of the size that spends the budget best",
            split: self,
            of: Of::LogSize { log_product: product.ln() },
        }
    }

    /// The logarithm of the data that spend a budget best; `product` is what the budget buys of N*D, C/6 by the usual rule.
    #[must_use]
    pub fn log_data(self, product: f64) -> Derived {
        Derived {
            name: "ln D_opt",
            meaning: "logarithm of the data that spend the budget best",
            split: self,
            of: Of::LogData { log_product: product.ln() },
        }
    }

    /// ln N* and its derivatives.
    fn optimum(&self, theta: &[f64], log_product: f64) -> (f64, Theta) {
        let (alpha, beta) = (theta[self.alpha], theta[self.beta]);
        let sum = alpha + beta;
        let ratio = alpha.ln() - beta.ln() + self.log_ratio(theta);
        let value = (ratio + beta * log_product) / sum;
        let mut slopes = [0.0; MAX_PARAMS];
        slopes[self.a] = 1.0 / sum;
        slopes[self.b] = -1.0 / sum;
        slopes[self.alpha] = (1.0 / alpha + self.centre_n - value) / sum;
        slopes[self.beta] = (log_product - 1.0 / beta - self.centre_d - value) / sum;
        (value, slopes)
    }

    /// ln A - ln B.
    fn log_ratio(&self, theta: &[f64]) -> f64 {
        theta[self.a] - theta[self.b] + theta[self.alpha] * self.centre_n - theta[self.beta] * self.centre_d
    }
}

impl Derived {
    /// Evaluate the quantity; not finite where the law has no inner optimum.
    #[must_use]
    pub fn value(&self, theta: &[f64]) -> f64 {
        self.evaluate(theta).0
    }

    /// Return the derivatives by the coordinates.
    #[must_use]
    pub fn gradient(&self, theta: &[f64]) -> Theta {
        self.evaluate(theta).1
    }

    fn evaluate(&self, theta: &[f64]) -> (f64, Theta) {
        let s = &self.split;
        let (alpha, beta) = (theta[s.alpha], theta[s.beta]);
        let square = (alpha + beta).powi(2);
        let exponent = |value: f64, sign: f64| {
            let mut slopes = [0.0; MAX_PARAMS];
            slopes[s.alpha] = -sign * beta / square;
            slopes[s.beta] = sign * alpha / square;
            (value, slopes)
        };
        match self.of {
            Of::SizeExponent => exponent(beta / (alpha + beta), 1.0),
            Of::DataExponent => exponent(alpha / (alpha + beta), -1.0),
            Of::LogSize { log_product } => s.optimum(theta, log_product),
            Of::LogData { log_product } => {
                let (value, slopes) = s.optimum(theta, log_product);
                (log_product - value, slopes.map(|v| -v))
            }
        }
    }

    /// Where the quantity ends, whatever the coordinates.
    #[must_use]
    pub fn range(&self) -> (f64, f64) {
        match self.of {
            Of::SizeExponent | Of::DataExponent => (0.0, 1.0),
            Of::LogSize { .. } | Of::LogData { .. } => (f64::NEG_INFINITY, f64::INFINITY),
        }
    }

    /// Return the coefficients c of the equation c'theta = 0 that the quantity has this value in, where there is one.
    ///
    /// # Formula
    /// a = `value`: (1 - value) beta - value alpha = 0
    #[must_use]
    pub fn linear(&self, value: f64) -> Option<Theta> {
        let share = match self.of {
            Of::SizeExponent => value,
            Of::DataExponent => 1.0 - value,
            Of::LogSize { .. } | Of::LogData { .. } => return None,
        };
        let mut coefficients = [0.0; MAX_PARAMS];
        coefficients[self.split.alpha] = -share;
        coefficients[self.split.beta] = 1.0 - share;
        Some(coefficients)
    }

    /// Coordinates that the quantity can be solved for.
    #[must_use]
    pub fn pivots(&self) -> [usize; 2] {
        let s = &self.split;
        match self.of {
            Of::SizeExponent | Of::DataExponent => [s.alpha, s.beta],
            Of::LogSize { .. } | Of::LogData { .. } => [s.a, s.b],
        }
    }

    /// Return the value of coordinate `pivot` for which the quantity is `value`, all else as in `theta`; `None` where none is.
    #[must_use]
    pub fn solve(&self, pivot: usize, theta: &[f64], value: f64) -> Option<f64> {
        let s = &self.split;
        let (alpha, beta) = (theta[s.alpha], theta[s.beta]);
        let of_share = |share: f64| {
            let odds = share / (1.0 - share);
            if pivot == s.alpha { beta / odds } else { alpha * odds }
        };
        let of_optimum = |log_size: f64, log_product: f64| {
            // What ln A - ln B must be.
            let wanted = (alpha + beta) * log_size - beta * log_product - alpha.ln() + beta.ln();
            let missing = wanted - s.log_ratio(theta);
            if pivot == s.a { theta[s.a] + missing } else { theta[s.b] - missing }
        };
        let solution = match self.of {
            Of::SizeExponent => of_share(value),
            Of::DataExponent => of_share(1.0 - value),
            Of::LogSize { log_product } => of_optimum(value, log_product),
            Of::LogData { log_product } => of_optimum(log_product - value, log_product),
        };
        solution.is_finite().then_some(solution)
    }
}

//! What a predictor measures, and what columns of it are usually called.

/// What a predictor measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// Model size N: parameters.
    Size,
    /// Training data D: tokens or samples.
    Data,
    /// Training compute C: floating-point operations.
    Compute,
}

impl Quantity {
    /// Every quantity, in order of preference as the predictor.
    pub const ALL: [Quantity; 3] = [Quantity::Size, Quantity::Data, Quantity::Compute];

    /// Return the letter that formulas write.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Quantity::Size => "N",
            Quantity::Data => "D",
            Quantity::Compute => "C",
        }
    }

    /// Find the quantity that formulas write with a letter.
    #[must_use]
    pub fn by_letter(letter: &str) -> Option<Quantity> {
        Quantity::ALL.into_iter().find(|q| q.letter() == letter)
    }

    /// Say what a column measures, from its name.
    #[must_use]
    pub fn of(name: &str) -> Option<Quantity> {
        let name = plain(name);
        Quantity::ALL.into_iter().find(|q| q.usual().contains(&name.as_str()))
    }

    /// Usual names of columns, in order of preference, as [`plain`] writes them.
    pub(super) fn usual(self) -> &'static [&'static str] {
        match self {
            Quantity::Size => &[
                "n",
                "params",
                "parameters",
                "nparams",
                "numparams",
                "numparameters",
                "nparameters",
                "paramcount",
                "parametercount",
                "modelsize",
                "modelparams",
                "modelparameters",
                "nonembeddingparams",
                "nonembeddingparameters",
                "paramsnonembedding",
                "totalparams",
                "size",
            ],
            Quantity::Data => &[
                "d",
                "tokens",
                "ntokens",
                "numtokens",
                "traintokens",
                "trainingtokens",
                "tokensseen",
                "datasetsize",
                "datasize",
                "trainsize",
                "trainingsize",
                "samples",
                "nsamples",
                "numsamples",
                "examples",
                "nexamples",
                "numexamples",
            ],
            Quantity::Compute => &[
                "c",
                "flops",
                "flop",
                "compute",
                "trainflops",
                "trainflop",
                "trainingflops",
                "traincompute",
                "trainingcompute",
                "totalflops",
                "pfdays",
                "petaflopdays",
            ],
        }
    }
}

/// Write a name without case, underscores, hyphens and blanks.
pub(super) fn plain(name: &str) -> String {
    name.to_lowercase().chars().filter(|c| !matches!(c, '_' | '-' | ' ')).collect()
}

//! How a run fails: a message, a hint, an exit code.

use super::interrupt::STOPPED;
use crate::benchmark::SimulateError;
use crate::benchmark::calibrate::CheckpointError;
use crate::benchmark::coverage::StudyError;
use crate::data::{DataError, FilterError, FlopRuleError};
use crate::fit::FitError;
use crate::form::FormError;
use crate::form::formula::FormulaError;
use crate::loss::LossError;
use crate::report::ReportError;
use crate::report::plot::PlotError;
use crate::solve::SolveError;
use crate::uncertainty::UncertaintyError;
use std::io::{self, Write as _};
use std::process::ExitCode;

/// Exit code for a result that is not to be trusted.
const UNTRUSTED: u8 = 1;
/// Exit code for a command line that makes no sense.
const USAGE: u8 = 2;
/// Exit code for data that cannot be analysed.
const BAD_DATA: u8 = 3;
/// Exit code for failed input or output.
const IO: u8 = 4;

/// Why a run ends without success.
#[derive(Debug)]
pub(super) struct Failure {
    message: String,
    hint: Option<String>,
    code: u8,
}

impl Failure {
    /// A command line that makes no sense.
    pub(super) fn usage(message: impl Into<String>, hint: &str) -> Failure {
        Failure { message: message.into(), hint: Some(hint.to_owned()), code: USAGE }
    }

    /// A result that is not to be trusted, under `--strict`.
    pub(super) fn untrusted(reasons: &str) -> Failure {
        Failure {
            message: format!("the result is not to be trusted (--strict): {reasons}"),
            hint: Some("read \"What to keep in mind\" above; without --strict this run succeeds".into()),
            code: UNTRUSTED,
        }
    }

    /// A file that cannot be written.
    pub(super) fn write(path: &str, error: &io::Error) -> Failure {
        Failure {
            message: format!("cannot write `{path}`: {error}"),
            hint: Some(
                "check that the folder exists, that you may write to it, and that the disk is not full"
                    .into(),
            ),
            code: IO,
        }
    }

    /// A file that cannot be read.
    pub(super) fn read(path: &str, error: &io::Error) -> Failure {
        Failure {
            message: format!("cannot read `{path}`: {error}"),
            hint: Some("check the name, and that you may read the file".into()),
            code: IO,
        }
    }

    /// A run that an interrupt ended before its work was done.
    pub(super) fn stopped(message: impl Into<String>, hint: &str) -> Failure {
        Failure { message: message.into(), hint: Some(hint.to_owned()), code: STOPPED }
    }

    /// Standard output that cannot be written; a reader that went away is a success.
    pub(super) fn stdout(error: &io::Error) -> Result<(), Failure> {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Ok(());
        }
        Err(Failure { message: format!("cannot write to standard output: {error}"), hint: None, code: IO })
    }

    /// Print the failure to standard error and return its exit code.
    pub(super) fn report(self) -> ExitCode {
        let mut err = io::stderr().lock();
        // Nothing is left to tell when standard error is closed too.
        let _ = writeln!(err, "error: {}", self.message);
        if let Some(hint) = self.hint {
            let _ = writeln!(err, "hint: {hint}");
        }
        ExitCode::from(self.code)
    }
}

impl From<DataError> for Failure {
    fn from(e: DataError) -> Failure {
        Failure { hint: e.hint(), code: if e.is_io() { IO } else { BAD_DATA }, message: e.to_string() }
    }
}

impl From<ReportError> for Failure {
    fn from(e: ReportError) -> Failure {
        let code = match e {
            ReportError::Formula(e) => return e.into(),
            ReportError::Uncertainty(_)
            | ReportError::Fit(
                crate::fit::FitError::Form(_)
                | crate::fit::FitError::Restriction(_)
                | crate::fit::FitError::TwoSpreads { .. }
                | crate::fit::FitError::Solve(_),
            ) => USAGE,
            _ => BAD_DATA,
        };
        Failure { message: e.to_string(), hint: e.hint(), code }
    }
}

impl From<FormError> for Failure {
    fn from(e: FormError) -> Failure {
        Failure::usage(e.to_string(), "`lawfit forms` lists every form")
    }
}

impl From<FormulaError> for Failure {
    fn from(e: FormulaError) -> Failure {
        let code = if matches!(e, FormulaError::Domain { .. }) { BAD_DATA } else { USAGE };
        Failure { hint: e.hint(), code, message: e.to_string() }
    }
}

impl From<SolveError> for Failure {
    fn from(e: SolveError) -> Failure {
        let hint = match e {
            SolveError::Unknown { .. } => "leave `--solver` out to have it chosen",
            _ => "leave `--starts` out: the starting points of the form itself nearly always suffice",
        };
        Failure::usage(e.to_string(), hint)
    }
}

impl From<LossError> for Failure {
    fn from(e: LossError) -> Failure {
        Failure::usage(e.to_string(), "for instance --loss huber:1e-3, --loss huber:auto or --loss student:4")
    }
}

impl From<UncertaintyError> for Failure {
    fn from(e: UncertaintyError) -> Failure {
        ReportError::from(e).into()
    }
}

impl From<FilterError> for Failure {
    fn from(e: FilterError) -> Failure {
        Failure::usage(e.to_string(), "write for instance --where 'C < 1e21' or --where \"family == pythia\"")
    }
}

impl From<PlotError> for Failure {
    fn from(e: PlotError) -> Failure {
        Failure::usage(e.to_string(), "use a name that ends in .svg")
    }
}

impl From<SimulateError> for Failure {
    fn from(e: SimulateError) -> Failure {
        Failure::usage(
            e.to_string(),
            "for instance: lawfit simulate --form floor --param E=1.69 --param A=406.4 --param alpha=0.34",
        )
    }
}

impl From<CheckpointError> for Failure {
    fn from(e: CheckpointError) -> Failure {
        let hint = "give the same data and choices as before, or another file to --checkpoint";
        Failure { message: e.to_string(), hint: Some(hint.to_owned()), code: USAGE }
    }
}

impl From<FitError> for Failure {
    fn from(e: FitError) -> Failure {
        ReportError::from(e).into()
    }
}

impl From<StudyError> for Failure {
    fn from(e: StudyError) -> Failure {
        let (hint, code) = match e {
            StudyError::Other { .. } => {
                ("give the same seed, sets, replicates and methods, or write to another file", USAGE)
            }
            StudyError::Differs { .. } => ("the files come from different versions of the program", BAD_DATA),
            _ => ("tables of a study are written by `lawfit bench coverage --output FILE`", BAD_DATA),
        };
        Failure { message: e.to_string(), hint: Some(hint.to_owned()), code }
    }
}

impl From<FlopRuleError> for Failure {
    fn from(e: FlopRuleError) -> Failure {
        Failure::usage(format!("--flops: {e}"), "6ND is usual: six operations a parameter and token")
    }
}

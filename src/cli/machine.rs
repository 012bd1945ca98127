//! The machine: how many threads work, and who watches them.

use super::failure::Failure;
use crate::report::Progress;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal as _;
use std::sync::OnceLock;

/// Run `work` on a number of threads; `None` for all cores.
pub(super) fn with_threads<T: Send>(
    threads: Option<usize>,
    work: impl FnOnce() -> T + Send,
) -> Result<T, Failure> {
    match threads {
        None => Ok(work()),
        Some(0) => {
            Err(Failure::usage("--threads: found 0, expected at least 1", "leave it out for all cores"))
        }
        Some(n) => {
            // More threads than cores gain nothing.
            let cores = std::thread::available_parallelism().map_or(1, usize::from);
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(n.min(4 * cores))
                .build()
                .map_err(|e| Failure::usage(format!("--threads {n}: {e}"), "ask for fewer threads"))?;
            Ok(pool.install(work))
        }
    }
}

/// A progress bar on standard error, on a terminal only.
#[derive(Debug)]
pub(super) struct Bar {
    what: &'static str,
    bar: OnceLock<ProgressBar>,
}

impl Bar {
    /// Prepare a bar that names what is counted.
    pub(super) fn new(what: &'static str) -> Bar {
        Bar { what, bar: OnceLock::new() }
    }
}

impl Progress for Bar {
    fn begin(&self, total: usize) {
        if std::io::stderr().is_terminal() && total > 0 {
            let bar = ProgressBar::new(total as u64).with_message(self.what);
            if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} {eta}") {
                bar.set_style(style);
            }
            let _ = self.bar.set(bar);
        }
    }

    fn advance(&self) {
        if let Some(bar) = self.bar.get() {
            bar.inc(1);
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

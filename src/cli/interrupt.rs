//! Ctrl-C, or the end of a job: work stops at the next data set, and what is done is kept.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);
static LISTENS: OnceLock<()> = OnceLock::new();

/// Exit code of a run that was stopped: 128 and the number of the signal, as shells have it.
pub(super) const STOPPED: u8 = 130;

/// Listen for an interrupt from now on; a second one ends the program at once.
pub(super) fn listen() {
    LISTENS.get_or_init(|| {
        // Where no handler can be had, an interrupt ends the program as it always does.
        let _ = ctrlc::set_handler(|| {
            if ASKED.swap(true, Ordering::SeqCst) {
                std::process::exit(i32::from(STOPPED));
            }
        });
    });
}

/// Whether an interrupt asked for an end.
pub(super) fn asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}

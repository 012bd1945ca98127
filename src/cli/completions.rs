//! `lawfit completions`: a completion script for a shell.

use super::failure::Failure;
use super::output;
use clap::Args;
use clap_complete::Shell;

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs, command: &mut clap::Command) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, command, "lawfit", &mut script);
    output::print(&String::from_utf8_lossy(&script))
}

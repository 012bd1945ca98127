//! `lawfit datasets`: the built-in data.

use super::failure::Failure;
use super::output;
use crate::data::{BUILTIN, builtin};
use clap::Args;

/// Arguments of `datasets`.
#[derive(Debug, Args)]
pub(super) struct DatasetsArgs {
    /// Name of a data set whose rows are printed as CSV
    name: Option<String>,
}

pub(super) fn run(args: &DatasetsArgs) -> Result<(), Failure> {
    if let Some(name) = &args.name {
        let set = builtin(name.trim_start_matches('@'))?;
        return output::print(set.text);
    }
    let mut text = String::new();
    for set in BUILTIN {
        text.push_str(&format!("@{:<14}{}\n", set.id, set.title));
        text.push_str(&format!("{:15}source: {}\n", "", set.source));
        text.push_str(&format!("{:15}licence: {}\n", "", set.licence));
        text.push_str(&format!("{:15}{}\n\n", "", set.published));
    }
    text.push_str("Use one by its name: lawfit fit @cerebras-gpt\n");
    output::print(&text)
}

//! Where results go: standard output, or files that appear whole or not at all.

use super::failure::Failure;
use std::io::{self, Write as _};
use std::path::Path;

/// Print text to standard output.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(e) => Failure::stdout(&e),
    }
}

/// Whether two paths lead to the same file.
pub(super) fn same_file(a: &str, b: &str) -> bool {
    match (std::fs::canonicalize(a), std::fs::canonicalize(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

/// Write a file by way of a temporary one beside it.
pub(super) fn save(path: &str, bytes: &[u8]) -> Result<(), Failure> {
    let fail = |e: &io::Error| Failure::write(path, e);
    // A link stays a link: what it leads to is replaced.
    let resolved = std::fs::canonicalize(path).unwrap_or_else(|_| path.into());
    let target = resolved.as_path();
    let folder = match target.parent() {
        Some(p) if !p.as_os_str().is_empty() => p,
        _ => Path::new("."),
    };
    if target.is_dir() {
        return Err(fail(&io::Error::other("it is a directory")));
    }
    // Devices and pipes cannot be replaced by a rename: they are written to.
    if target.exists() && !target.is_file() {
        return std::fs::write(target, bytes).map_err(|e| fail(&e));
    }
    let mut draft = tempfile::Builder::new()
        .prefix(".lawfit-")
        .permissions_like(target)
        .tempfile_in(folder)
        .map_err(|e| fail(&e.kind().into()))?;
    draft.write_all(bytes).map_err(|e| fail(&e))?;
    draft.persist(target).map_err(|e| fail(&e.error))?;
    Ok(())
}

/// A new file gets the permissions that any new file gets, a replaced one keeps its own.
trait PermissionsLike {
    fn permissions_like(&mut self, target: &Path) -> &mut Self;
}

impl PermissionsLike for tempfile::Builder<'_, '_> {
    fn permissions_like(&mut self, target: &Path) -> &mut Self {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(target).map_or(0o666, |m| m.permissions().mode());
            self.permissions(std::fs::Permissions::from_mode(mode));
        }
        #[cfg(not(unix))]
        let _ = target;
        self
    }
}

//! The binary, started as a person would.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How a run of the binary ended.
pub(crate) struct Done {
    /// Exit code.
    pub(crate) code: i32,
    /// What it printed.
    pub(crate) stdout: String,
    /// What it complained about.
    pub(crate) stderr: String,
}

/// Top of the workspace.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap().to_owned()
}

/// The fixtures.
pub(crate) fn fixtures() -> PathBuf {
    root().join("fixtures")
}

/// Runs the binary at the top of the workspace.
pub(crate) fn rig(arguments: &[&str]) -> Done {
    rig_in(&root(), arguments)
}

/// Runs the binary in a folder.
pub(crate) fn rig_in(folder: &Path, arguments: &[&str]) -> Done {
    ended(&mut command(folder, arguments))
}

/// Runs a command to its end.
pub(crate) fn ended(command: &mut Command) -> Done {
    let output = command.output().unwrap();
    Done {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The binary in a folder, not yet started.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rig"));
    command
        .current_dir(folder)
        .args(arguments)
        .env_remove("RIG_FIXTURES")
        .env("COLUMNS", "100")
        .stdin(Stdio::null());
    command
}

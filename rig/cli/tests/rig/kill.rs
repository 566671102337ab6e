//! Signals to other processes.

use std::process::{Child, Command};

/// Sends a signal to a process.
pub(crate) fn signal(child: &Child, name: &str) {
    signal_all(&[child.id()], name);
}

/// Sends a signal to several processes at once.
pub(crate) fn signal_all(processes: &[u32], name: &str) {
    let numbers: Vec<String> = processes.iter().map(u32::to_string).collect();
    let numbers = numbers.join(" ");
    // The shell has it built in, whatever else a machine has.
    let sent = Command::new("sh")
        .args(["-c", &format!("kill -{name} {numbers}")])
        .status()
        .unwrap();
    assert!(sent.success(), "{name} to {numbers}");
}

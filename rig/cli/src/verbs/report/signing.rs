//! Detached signatures in minisign's format, so that others verify without a rig.

use crate::exit::Usage;
use anyhow::Result;
use minisign::{SecretKey, SecretKeyBox};
use std::io::Cursor;
use std::path::Path;

/// Variable with the password of an encrypted key.
const PASSWORD: &str = "RIG_KEY_PASSWORD";

/// Reads a secret key; an encrypted one is opened with the password in `RIG_KEY_PASSWORD`.
///
/// # Errors
/// When the file is no key or the password doesn't open it.
pub(super) fn read_key(path: &Path) -> Result<SecretKey> {
    let wrong = |what: &str| Usage::new(format!("{}: {what}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(&error.to_string()))?;
    let boxed = SecretKeyBox::from_string(&text)
        .map_err(|error| wrong(&format!("no secret key: {error}")))?;
    let key = match std::env::var(PASSWORD) {
        Ok(password) => boxed.into_secret_key(Some(password)),
        Err(_) => boxed.into_unencrypted_secret_key(),
    };
    key.map_err(|error| {
        wrong(&format!(
            "the key can't be opened: {error}; an encrypted one needs its password in {PASSWORD}"
        ))
        .into()
    })
}

/// Signs a manifest.
pub(super) fn sign(key: Option<&SecretKey>, manifest: &str) -> Result<String, String> {
    let key = key.ok_or("no key")?;
    let comment = "rig manifest of a run";
    minisign::sign(
        None,
        key,
        Cursor::new(manifest),
        Some(comment),
        Some(comment),
    )
    .map(|signature| signature.into_string())
    .map_err(|error| error.to_string())
}

//! `rig verify`: whether a run's folder is what was sealed.

use crate::args::{Format, Verify};
use crate::exit::{COULD_NOT_TELL, FAILED, Usage};
use crate::run::Console;
use anyhow::{Context as _, Result};
use record::{AlterationKind, RunDirectory, Verified, verify};
use serde_json::json;

/// Name and version of the JSON.
const FORMAT: &str = "rig.verify/1";

/// What is known of the signature.
enum Signed {
    /// It fits the manifest and the key.
    Good(String),
    /// It doesn't.
    Bad(String),
    /// There is one, and no key to check it with.
    Unchecked,
    /// There is none.
    No,
}

pub(crate) fn perform(arguments: &Verify) -> Result<u8> {
    let journal = RunDirectory(arguments.run.clone()).journal();
    if !journal.is_file() {
        return Err(Usage::new(format!(
            "{} is no run: it has no journal.ndjson; name a folder that `rig run` made",
            arguments.run.display()
        ))
        .into());
    }
    let found = verify(&arguments.run).context("the run can't be verified")?;
    let signed = signed(arguments, &found)?;
    let wanted = arguments.public_key.is_some();
    let bad = !found.alterations.is_empty() || matches!(signed, Signed::Bad(_));
    let told = found.sealed && (!wanted || matches!(signed, Signed::Good(_)));
    let verdict = match (bad, told) {
        (true, _) => "altered",
        (false, true) => "intact",
        (false, false) => "unknown",
    };
    match arguments.format {
        Format::Text => print(&found, &signed, verdict, wanted),
        Format::Json => super::print_json(&json!({
            "format": FORMAT,
            "verdict": verdict,
            "sealed": found.sealed,
            "files": found.files,
            "journal_entries": found.entries,
            "alterations": found.alterations,
            "signature": match &signed {
                Signed::Good(_) => "good",
                Signed::Bad(_) => "bad",
                Signed::Unchecked => "unchecked",
                Signed::No => "none",
            },
        })),
    }
    Ok(match verdict {
        "altered" => FAILED,
        "intact" => 0,
        _ => COULD_NOT_TELL,
    })
}

fn signed(arguments: &Verify, found: &Verified) -> Result<Signed> {
    let Some(text) = &found.signature else {
        return Ok(Signed::No);
    };
    let Some(path) = &arguments.public_key else {
        return Ok(Signed::Unchecked);
    };
    let key = minisign::PublicKey::from_file(path)
        .map_err(|error| Usage::new(format!("{}: no public key: {error}", path.display())))?;
    let signature = match minisign::SignatureBox::from_string(text) {
        Ok(signature) => signature,
        Err(error) => return Ok(Signed::Bad(format!("it can't be read: {error}"))),
    };
    let manifest = std::io::Cursor::new(&found.manifest);
    Ok(
        match minisign::verify(&key, &signature, manifest, true, false, false) {
            Ok(()) => Signed::Good(signature.trusted_comment().unwrap_or_default()),
            Err(error) => Signed::Bad(error.to_string()),
        },
    )
}

fn print(found: &Verified, signed: &Signed, verdict: &str, wanted: bool) {
    let console = Console::new();
    for one in &found.alterations {
        let place = match (one.kind, one.from_byte == one.to_byte) {
            (AlterationKind::Missing, _) => "is missing".to_owned(),
            (AlterationKind::Unlisted, _) => "is not part of the sealed run".to_owned(),
            (AlterationKind::Altered, true) => "was altered".to_owned(),
            (AlterationKind::Altered, false) => {
                format!(
                    "was altered between byte {} and byte {}",
                    one.from_byte, one.to_byte
                )
            }
        };
        let line = one
            .line
            .map_or_else(String::new, |line| format!(", line {line}"));
        console.line(&format!("{} {place}{line}: {}", one.path, one.what));
    }
    match signed {
        Signed::Good(comment) => console.line(&format!("signature: good ({comment})")),
        Signed::Bad(why) => console.line(&format!("signature: BAD: {why}")),
        Signed::Unchecked => {
            console.line("signature: there is one; name the key with --public-key to check it");
        }
        Signed::No if wanted => console.line("signature: there is none"),
        Signed::No => {}
    }
    let (files, entries) = (found.files, found.entries);
    console.line(&match verdict {
        "altered" => format!("NOT what was sealed ({files} files, {entries} journal entries in order)"),
        "intact" => format!("intact: {files} files and {entries} journal entries are what was sealed"),
        _ if !found.sealed => format!(
            "the run was never sealed: the chain of its {entries} journal entries holds, nothing is known of other files; `rig report` seals it"
        ),
        _ => format!("{files} files are what was sealed, but who sealed them could not be told"),
    });
}

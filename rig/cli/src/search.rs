//! Where fixtures and features are looked for.

use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

/// Names the variable that puts a folder in front of the search path.
pub const FIXTURES_VARIABLE: &str = "RIG_FIXTURES";

/// Folders that hold `benches/`, `products/`, `devices/`, `faults/`, `manual/`: first the ones of
/// `RIG_FIXTURES`, then `fixtures` here and in every folder above, then the one this program was
/// built beside.
#[must_use]
pub fn fixture_folders() -> Vec<PathBuf> {
    let named = std::env::var_os(FIXTURES_VARIABLE);
    let here = std::env::current_dir().unwrap_or_default();
    folders(named.as_deref(), &here, "fixtures")
}

fn folders(named: Option<&std::ffi::OsStr>, here: &Path, name: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = named
        .map(|list| std::env::split_paths(list).collect())
        .unwrap_or_default();
    found.extend(here.ancestors().map(|folder| folder.join(name)));
    found.push(workspace().join(name));
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|folder| {
        folder.is_dir() && seen.insert(folder.canonicalize().unwrap_or_else(|_| folder.clone()))
    });
    found
}

/// The features to run where none were named: `features` here or in the nearest folder above, else
/// the one that this program was built beside.
///
/// # Errors
/// When there is none.
pub fn feature_folder() -> Result<PathBuf> {
    let here = std::env::current_dir()?;
    let Some(found) = folders(None, &here, "features").into_iter().next() else {
        bail!(
            "no features were named and there is no folder `features` in {} or above it; name feature files or folders: `rig run my.feature`",
            here.display()
        );
    };
    Ok(found)
}

fn workspace() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap_or(manifest).to_owned()
}

/// `path` as seen from the current folder, where it lies below it: what people read in messages.
#[must_use]
pub fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let short = path.strip_prefix(&here).unwrap_or(path);
    let short = short.strip_prefix(".").unwrap_or(short);
    short.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::folders;
    use std::path::Path;

    #[test]
    fn named_folders_come_first_then_the_nearest() {
        let root = tempfile::tempdir().unwrap();
        let deep = root.path().join("a/b");
        let named = root.path().join("mine");
        for folder in [
            deep.join("fixtures"),
            root.path().join("fixtures"),
            named.clone(),
        ] {
            std::fs::create_dir_all(folder).unwrap();
        }
        let found = folders(Some(named.as_os_str()), &deep, "fixtures");
        assert_eq!(
            found[..3],
            [named, deep.join("fixtures"), root.path().join("fixtures")]
        );
        assert!(!found.contains(&Path::new("a/fixtures").to_owned()));
    }
}

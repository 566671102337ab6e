//! Copies of everything that went into a run, with their hashes.

use anyhow::{Context as _, Result};
use record::{InputFile, RunDirectory};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// Files that go into a run, each once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inputs(BTreeMap<String, PathBuf>);

impl Inputs {
    pub(crate) fn add(&mut self, path: &Path) {
        self.0.insert(name_of(path), path.to_owned());
    }

    /// Copies them into the run's folder.
    ///
    /// # Errors
    /// When one can't be read or its copy can't be written.
    pub(crate) fn keep(&self, run: &RunDirectory) -> Result<Vec<InputFile>> {
        let mut kept = Vec::new();
        for (name, path) in &self.0 {
            let bytes = read(path)?;
            let copy = run.inputs().join(name);
            let written = copy
                .parent()
                .map_or(Ok(()), std::fs::create_dir_all)
                .and_then(|()| std::fs::write(&copy, &bytes));
            written.with_context(|| format!("can't write {}", copy.display()))?;
            kept.push(input(name, &bytes));
        }
        Ok(kept)
    }

    /// Their hashes as they are now.
    ///
    /// # Errors
    /// When one can't be read.
    pub(crate) fn hashes(&self) -> Result<Vec<InputFile>> {
        let files = self.0.iter();
        files
            .map(|(name, path)| Ok(input(name, &read(path)?)))
            .collect()
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("can't read {} into the run", path.display()))
}

fn input(name: &str, bytes: &[u8]) -> InputFile {
    InputFile {
        path: name.to_owned(),
        sha256: hex::encode(Sha256::digest(bytes)),
    }
}

/// The path relative to the current folder; what lies outside it keeps its last three parts.
fn name_of(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let whole = path.canonicalize().unwrap_or_else(|_| here.join(path));
    let here = here.canonicalize().unwrap_or(here);
    let parts: Vec<String> = match whole.strip_prefix(&here) {
        Ok(inside) => normal_parts(inside),
        Err(_) => {
            let all = normal_parts(&whole);
            all[all.len().saturating_sub(3)..].to_vec()
        }
    };
    parts.join("/")
}

fn normal_parts(path: &Path) -> Vec<String> {
    path.components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
            Component::Prefix(_)
            | Component::RootDir
            | Component::CurDir
            | Component::ParentDir => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Inputs;
    use record::RunDirectory;

    #[test]
    fn copies_carry_the_hash_of_what_was_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("benches/sim.yaml");
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, "abc").unwrap();
        let mut inputs = Inputs::default();
        inputs.add(&file);
        inputs.add(&file);
        let run = RunDirectory(folder.path().join("run"));
        let kept = inputs.keep(&run).unwrap();
        assert_eq!(kept.len(), 1);
        assert_eq!(
            kept[0].sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        let copy = run.inputs().join(&kept[0].path);
        assert_eq!(std::fs::read_to_string(copy).unwrap(), "abc");
    }
}

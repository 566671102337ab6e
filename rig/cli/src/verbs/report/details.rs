//! What only people know of a test: a YAML file, kept with the run.

use crate::exit::Usage;
use anyhow::Result;
use reports::Details;
use std::path::Path;

/// Its name in a run's folder.
const KEPT: &str = "details.yaml";

/// Reads the details that were named, with the file's text for the run's folder, or those that were
/// kept there before.
///
/// # Errors
/// When the file can't be read or says something unknown.
pub(super) fn of_run(run: &Path, named: Option<&Path>) -> Result<(Details, Option<String>)> {
    let kept = run.join(KEPT);
    let path = match named {
        Some(path) => path,
        None if kept.is_file() => &kept,
        None => return Ok((Details::default(), None)),
    };
    let text = std::fs::read_to_string(path)
        .map_err(|error| Usage::new(format!("{}: {error}", path.display())))?;
    let details = serde_yaml::from_str(&text)
        .map_err(|error| Usage::new(format!("{}: {error}", path.display())))?;
    Ok((details, named.map(|_| text)))
}

#[cfg(test)]
mod tests {
    use super::of_run;

    #[test]
    fn what_is_unknown_is_refused_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("order.yaml");
        std::fs::write(&file, "issued: 2027-01-01\ncondtion: new\n").unwrap();
        let error = of_run(folder.path(), Some(&file)).unwrap_err().to_string();
        assert!(
            error.contains("condtion") && error.contains("line 2"),
            "{error}"
        );
        assert!(!folder.path().join("details.yaml").exists());
    }

    #[test]
    fn named_details_come_with_their_text_and_kept_ones_without() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("order.yaml");
        std::fs::write(&file, "condition: new\n").unwrap();
        let (given, text) = of_run(folder.path(), Some(&file)).unwrap();
        assert_eq!(given.condition.as_deref(), Some("new"));
        let text = text.unwrap();
        std::fs::write(folder.path().join("details.yaml"), text).unwrap();
        assert_eq!(of_run(folder.path(), None).unwrap(), (given, None));
    }
}

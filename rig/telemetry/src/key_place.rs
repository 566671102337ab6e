//! Where the keys of a bench are kept, and how they are read from there.

use crate::{Key, KeyError};
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Where keys are kept. A bench file writes it as `env:NAME` or `file:PATH`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPlace {
    /// In an environment variable.
    Variable(String),
    /// In a file that only its owner can read.
    File(PathBuf),
}

/// Why no keys come from a place. What stands there is never quoted.
#[derive(Debug, thiserror::Error)]
pub enum KeyPlaceError {
    /// Neither a variable nor a file.
    #[error("this is no place for keys; say where they are: `env:NAME` or `file:PATH`")]
    NoPlace,
    /// The variable isn't there, or isn't text.
    #[error(
        "environment variable {name} holds no keys: it {state}; export it with the keys of the batteries in the bench's order, separated by commas"
    )]
    Variable {
        /// Its name.
        name: String,
        /// What it is instead.
        state: &'static str,
    },
    /// The file can't be read.
    #[error("key file {file} can't be read: {source}; correct the path, or make the file")]
    Unreadable {
        /// Which.
        file: String,
        /// What the system says.
        source: io::Error,
    },
    /// Others than the owner can get at the file.
    #[error(
        "key file {file} has mode {mode:04o}, so others than its owner can get at the keys; run `chmod 600 {file}`, then try again"
    )]
    Open {
        /// Which.
        file: String,
        /// Its permissions.
        mode: u32,
    },
    /// One of the keys is none.
    #[error("key {number} in {place} is wrong: {source}")]
    Key {
        /// The place, as a bench file writes it.
        place: String,
        /// Which, from 1.
        number: usize,
        /// What is wrong with it.
        source: KeyError,
    },
}

impl FromStr for KeyPlace {
    type Err = KeyPlaceError;
    fn from_str(text: &str) -> Result<Self, KeyPlaceError> {
        match text.split_once(':') {
            Some(("env", name)) if !name.is_empty() => Ok(Self::Variable(name.to_owned())),
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(path.into())),
            // It may be a key that was put where its place belongs.
            _ => Err(KeyPlaceError::NoPlace),
        }
    }
}

impl KeyPlace {
    /// Reads the keys, in the bench's order.
    ///
    /// # Errors
    /// When the variable or the file can't be read, others can get at the file, or one is no key.
    pub fn read(&self) -> Result<Vec<Key>, KeyPlaceError> {
        match self {
            Self::Variable(name) => self.of_variable(name, std::env::var_os(name)),
            Self::File(path) => self.parse(&text_of(path)?),
        }
    }

    fn of_variable(&self, name: &str, value: Option<OsString>) -> Result<Vec<Key>, KeyPlaceError> {
        let wrong = |state| KeyPlaceError::Variable {
            name: name.to_owned(),
            state,
        };
        let value = value.ok_or_else(|| wrong("isn't set"))?;
        self.parse(&value.into_string().map_err(|_| wrong("is no text"))?)
    }

    fn parse(&self, text: &str) -> Result<Vec<Key>, KeyPlaceError> {
        Key::parse_list(text).map_err(|(index, source)| KeyPlaceError::Key {
            place: match self {
                Self::Variable(name) => format!("env:{name}"),
                Self::File(path) => format!("file:{}", path.display()),
            },
            number: index + 1,
            source,
        })
    }
}

fn text_of(path: &Path) -> Result<String, KeyPlaceError> {
    let unreadable = |source| KeyPlaceError::Unreadable {
        file: path.display().to_string(),
        source,
    };
    let mut file = File::open(path).map_err(unreadable)?;
    // Asked of the open file: what the path leads to may change in between.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = file.metadata().map_err(unreadable)?.permissions().mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(KeyPlaceError::Open {
                file: path.display().to_string(),
                mode,
            });
        }
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(unreadable)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::{KeyPlace, KeyPlaceError};
    use crate::Key;

    const TEXT: &str = "5a0f1e2d3c4b5a69788796a5b4c3d2e1";

    fn variable(value: Option<&str>) -> Result<Vec<Key>, KeyPlaceError> {
        let place: KeyPlace = "env:RIG_BATTERY_KEYS".parse()?;
        place.of_variable("RIG_BATTERY_KEYS", value.map(Into::into))
    }

    #[test]
    fn a_variable_gives_its_keys_in_order() {
        let text = format!("{TEXT},{}", "07".repeat(16));
        let expected = vec![TEXT.parse().unwrap(), Key::new([7; 16])];
        assert_eq!(variable(Some(&text)).unwrap(), expected);
    }

    #[test]
    fn errors_say_what_to_do_and_quote_no_key() {
        let message = |value: Option<&str>| variable(value).unwrap_err().to_string();
        insta::assert_snapshot!(message(None), @"environment variable RIG_BATTERY_KEYS holds no keys: it isn't set; export it with the keys of the batteries in the bench's order, separated by commas");
        insta::assert_snapshot!(message(Some(&format!("{TEXT},{}", &TEXT[1..]))), @"key 2 in env:RIG_BATTERY_KEYS is wrong: a key has 32 hexadecimal digits, this one has 31; copy it again from the app (product info, instant readout)");
        let misplaced = TEXT.parse::<KeyPlace>().unwrap_err();
        insta::assert_snapshot!(misplaced, @"this is no place for keys; say where they are: `env:NAME` or `file:PATH`");
        assert!(!format!("{misplaced:?}").contains(TEXT));
        let absent = KeyPlace::File("no/such/keys".into()).read().unwrap_err();
        insta::assert_snapshot!(absent, @"key file no/such/keys can't be read: No such file or directory (os error 2); correct the path, or make the file");
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_that_others_can_read_is_refused() {
        use std::fs::{Permissions, remove_file, set_permissions, write};
        use std::os::unix::fs::PermissionsExt as _;
        let path = std::env::temp_dir().join(format!("rig-keys-{}", std::process::id()));
        write(&path, format!("{TEXT}\n")).unwrap();
        let read = |mode| {
            set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            KeyPlace::File(path.clone()).read()
        };
        let (group, other, own) = (read(0o640), read(0o604), read(0o600));
        remove_file(&path).unwrap();
        let message = group.unwrap_err().to_string();
        let message = message.replace(&path.display().to_string(), "KEYS");
        insta::assert_snapshot!(message, @"key file KEYS has mode 0640, so others than its owner can get at the keys; run `chmod 600 KEYS`, then try again");
        assert!(matches!(
            other,
            Err(KeyPlaceError::Open { mode: 0o604, .. })
        ));
        assert_eq!(own.unwrap(), vec![TEXT.parse().unwrap()]);
    }
}

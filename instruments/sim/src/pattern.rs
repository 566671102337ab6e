//! Header patterns: `[:SOURce<channel>]:VOLTage[:LEVel]`.
//!
//! Capitals and digits are the short form, the whole word is the long form, brackets mark what may
//! be left out, and `<…>` is a numeric suffix that is handed to whoever executes the header.

/// What a header's numeric suffix means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// No suffix is expected here.
    None,
    /// The channel the command is for.
    Channel,
    /// Any other number: a line, a memory, a slot.
    Index,
}

/// One word of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) short: String,
    pub(crate) long: String,
    pub(crate) role: Role,
    pub(crate) optional: bool,
}

/// Splits a pattern into its words.
pub(crate) fn parse(pattern: &str) -> Result<Vec<Word>, String> {
    if let Some(name) = pattern.strip_prefix('*') {
        return Ok(vec![word(&format!("*{name}"), false)?]);
    }
    let mut words = Vec::new();
    let mut rest = pattern;
    while !rest.is_empty() {
        let (optional, body) = match rest.strip_prefix('[') {
            Some(inside) => {
                let (body, after) = inside
                    .split_once(']')
                    .ok_or_else(|| format!("`[` isn't closed in `{pattern}`"))?;
                rest = after;
                (true, body)
            }
            None => {
                let start = usize::from(rest.starts_with(':'));
                let end = rest[start..]
                    .find([':', '['])
                    .map_or(rest.len(), |at| at + start);
                let body = &rest[..end];
                rest = &rest[end..];
                (false, body)
            }
        };
        words.push(word(body.trim_start_matches(':'), optional)?);
    }
    if words.iter().all(|word| word.optional) {
        return Err(format!("every word of `{pattern}` is optional"));
    }
    Ok(words)
}

fn word(text: &str, optional: bool) -> Result<Word, String> {
    let (name, role) = match text.split_once('<') {
        None => (text, Role::None),
        Some((name, "channel>")) => (name, Role::Channel),
        Some((name, "n>")) => (name, Role::Index),
        Some((_, other)) => {
            return Err(format!("`<{other}` is neither `<channel>` nor `<n>`"));
        }
    };
    let plain = name.strip_prefix('*').unwrap_or(name);
    let legal = !plain.is_empty()
        && plain
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && plain.as_bytes()[0].is_ascii_alphabetic();
    if !legal {
        return Err(format!("`{text}` isn't a word a header can have"));
    }
    if name.len() > KEY_BYTES {
        return Err(format!("`{name}` is longer than {KEY_BYTES} characters"));
    }
    let short: String = name
        .chars()
        .filter(|letter| !letter.is_ascii_lowercase())
        .collect();
    if plain.as_bytes()[0].is_ascii_lowercase() {
        return Err(format!("`{name}` has no short form: write its capitals"));
    }
    Ok(Word {
        short,
        long: name.to_ascii_uppercase(),
        role,
        optional,
    })
}

/// Words are compared as one number: sixteen upper-case bytes.
pub(crate) const KEY_BYTES: usize = 16;

/// The number a word is compared as; `None` when it's too long for any header.
pub(crate) fn key(word: &[u8]) -> Option<u128> {
    if word.len() > KEY_BYTES {
        return None;
    }
    let mut bytes = [0; KEY_BYTES];
    for (to, from) in bytes.iter_mut().zip(word) {
        *to = from.to_ascii_uppercase();
    }
    Some(u128::from_be_bytes(bytes))
}

/// All ways to write a pattern: each optional word in or out.
pub(crate) fn spellings(words: &[Word]) -> Vec<Vec<&Word>> {
    let mut all = vec![Vec::new()];
    for word in words {
        let with = all.iter().map(|path: &Vec<&Word>| {
            let mut path = path.clone();
            path.push(word);
            path
        });
        let with: Vec<_> = with.collect();
        if word.optional {
            all.extend(with);
        } else {
            all = with;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_has_its_spellings() {
        let words = parse("[:SOURce<channel>]:VOLTage[:LEVel]").unwrap();
        let mut all: Vec<String> = spellings(&words)
            .iter()
            .map(|path| {
                path.iter()
                    .map(|word| word.short.as_str())
                    .collect::<Vec<_>>()
                    .join(":")
            })
            .collect();
        all.sort();
        assert_eq!(all, ["SOUR:VOLT", "SOUR:VOLT:LEV", "VOLT", "VOLT:LEV"]);
        assert_eq!(words[0].role, Role::Channel);
        assert_eq!(words[1].long, "VOLTAGE");
    }

    #[test]
    fn mistakes_are_named() {
        let errors: Vec<String> = ["[:SOURce", "[:SOURce]", ":VOLT<x>", ":9VOLT", "volt", ""]
            .iter()
            .map(|pattern| parse(pattern).unwrap_err())
            .collect();
        insta::assert_snapshot!(errors.join("\n"), @r"
        `[` isn't closed in `[:SOURce`
        every word of `[:SOURce]` is optional
        `<x>` is neither `<channel>` nor `<n>`
        `9VOLT` isn't a word a header can have
        `volt` has no short form: write its capitals
        every word of `` is optional
        ");
    }
}

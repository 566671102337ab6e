//! All headers of a dialect, as a tree that is walked one word at a time.

use std::collections::BTreeMap;

use crate::fault::Fault;
use crate::pattern::{Role, Word, key, spellings};

/// Deeper headers don't exist.
pub(crate) const DEPTH: usize = 10;

/// Numeric suffixes as they were written, by depth.
pub(crate) type Suffixes = [Option<u16>; DEPTH];

/// Which row of the table a header leads to, and what its suffixes mean.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) row: usize,
    roles: [Role; DEPTH],
}

/// The suffixes of a header, sorted by meaning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Captured {
    pub(crate) channel: Option<u16>,
    pub(crate) index: Option<u16>,
}

impl Target {
    /// A suffix where none is expected may still say 1, which is what leaving it out means.
    pub(crate) fn capture(&self, suffixes: &Suffixes) -> Result<Captured, Fault> {
        let mut captured = Captured::default();
        for (role, suffix) in self.roles.iter().zip(suffixes) {
            match (role, suffix) {
                (_, None) | (Role::None, Some(1)) => {}
                (Role::None, Some(_)) => return Err(Fault::SUFFIX_OUT_OF_RANGE),
                (Role::Channel, Some(_)) => captured.channel = *suffix,
                (Role::Index, Some(_)) => captured.index = *suffix,
            }
        }
        Ok(captured)
    }
}

#[derive(Debug, Default)]
struct Node {
    /// Short and long forms, sorted by key once the tree is complete.
    children: Vec<(u128, usize)>,
    command: Option<Target>,
    query: Option<Target>,
}

/// The tree, and the place where every header starts.
#[derive(Debug)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
}

/// Where the words of a header led to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    node: usize,
    depth: usize,
    pub(crate) suffixes: Suffixes,
}

impl Place {
    pub(crate) const ROOT: Self = Self {
        node: 0,
        depth: 0,
        suffixes: [None; DEPTH],
    };
}

impl Tree {
    pub(crate) fn target(&self, place: &Place, query: bool) -> Option<&Target> {
        let node = &self.nodes[place.node];
        if query {
            node.query.as_ref()
        } else {
            node.command.as_ref()
        }
    }

    /// One word further.
    ///
    /// A word that ends in digits is looked up whole first (`EXT1` may be a name), then as a name
    /// with a suffix.
    pub(crate) fn step(&self, from: &Place, word: &[u8]) -> Result<Place, Fault> {
        if from.depth == DEPTH {
            return Err(Fault::UNDEFINED_HEADER);
        }
        let mut to = Place {
            depth: from.depth + 1,
            ..*from
        };
        if let Some(node) = self.child(from.node, word) {
            to.node = node;
            to.suffixes[from.depth] = None;
            return Ok(to);
        }
        let digits = word
            .iter()
            .rev()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if digits == 0 {
            return Err(Fault::UNDEFINED_HEADER);
        }
        let (name, suffix) = word.split_at(word.len() - digits);
        to.node = self.child(from.node, name).ok_or(Fault::UNDEFINED_HEADER)?;
        to.suffixes[from.depth] = Some(
            std::str::from_utf8(suffix)
                .ok()
                .and_then(|digits| digits.parse().ok())
                .ok_or(Fault::SUFFIX_OUT_OF_RANGE)?,
        );
        Ok(to)
    }

    fn child(&self, node: usize, word: &[u8]) -> Option<usize> {
        let key = key(word)?;
        let children = &self.nodes[node].children;
        let at = children.binary_search_by_key(&key, |(key, _)| *key).ok()?;
        Some(children[at].1)
    }
}

/// Collects headers, then becomes a [`Tree`].
#[derive(Debug)]
pub(crate) struct Builder {
    nodes: Vec<Node>,
    children: Vec<BTreeMap<u128, usize>>,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            nodes: vec![Node::default()],
            children: vec![BTreeMap::new()],
        }
    }

    /// Enters a row under every spelling of its header. On a clash it returns the row that was
    /// there before, unless that one is to be `kept`.
    pub(crate) fn insert(
        &mut self,
        words: &[Word],
        row: usize,
        (command, query): (bool, bool),
        kept: bool,
    ) -> Result<(), usize> {
        for path in spellings(words) {
            let mut node = 0;
            let mut roles = [Role::None; DEPTH];
            for (depth, word) in path.iter().enumerate().take(DEPTH) {
                node = self.descend(node, word);
                roles[depth] = word.role;
            }
            let target = Target { row, roles };
            let node = &mut self.nodes[node];
            for (wanted, place) in [(command, &mut node.command), (query, &mut node.query)] {
                if !wanted {
                    continue;
                }
                match place {
                    Some(_) if kept => {}
                    Some(before) if before.row != row => return Err(before.row),
                    _ => *place = Some(target.clone()),
                }
            }
        }
        Ok(())
    }

    fn descend(&mut self, node: usize, word: &Word) -> usize {
        // Pattern words are checked to be short enough.
        let (short, long) = (key(word.short.as_bytes()), key(word.long.as_bytes()));
        let (short, long) = (short.unwrap_or_default(), long.unwrap_or_default());
        let known = self.children[node]
            .get(&long)
            .or_else(|| self.children[node].get(&short));
        let next = known.copied().unwrap_or_else(|| {
            self.nodes.push(Node::default());
            self.children.push(BTreeMap::new());
            self.nodes.len() - 1
        });
        self.children[node].insert(short, next);
        self.children[node].insert(long, next);
        next
    }

    pub(crate) fn finish(mut self) -> Tree {
        for (node, children) in self.nodes.iter_mut().zip(self.children) {
            node.children = children.into_iter().collect();
        }
        Tree { nodes: self.nodes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::parse;

    fn tree(patterns: &[&str]) -> Tree {
        let mut builder = Builder::new();
        for (row, pattern) in patterns.iter().enumerate() {
            builder
                .insert(&parse(pattern).unwrap(), row, (true, true), false)
                .unwrap();
        }
        builder.finish()
    }

    fn find(tree: &Tree, header: &str) -> Result<(usize, Captured), Fault> {
        let mut place = Place::ROOT;
        for word in header.split(':') {
            place = tree.step(&place, word.as_bytes())?;
        }
        let target = tree.target(&place, false).ok_or(Fault::UNDEFINED_HEADER)?;
        Ok((target.row, target.capture(&place.suffixes)?))
    }

    #[test]
    fn suffixes_are_handed_over() {
        let tree = tree(&[
            "[:SOURce<channel>]:VOLTage[:LEVel]",
            ":OUTPut[:STATe]",
            ":TRIGger:DIO<n>",
            ":TRIGger:EXT1",
        ]);
        let captured = |channel, index| Captured { channel, index };
        for (header, expected) in [
            ("volt", Ok((0, captured(None, None)))),
            ("SOUR2:VOLTage:lev", Ok((0, captured(Some(2), None)))),
            ("outp1", Ok((1, captured(None, None)))),
            ("OUTP2", Err(Fault::SUFFIX_OUT_OF_RANGE)),
            ("VOLT3", Err(Fault::SUFFIX_OUT_OF_RANGE)),
            ("SOUR99999:VOLT", Err(Fault::SUFFIX_OUT_OF_RANGE)),
            ("TRIG:DIO7", Ok((2, captured(None, Some(7))))),
            ("TRIG:EXT1", Ok((3, captured(None, None)))),
            ("VOLTA", Err(Fault::UNDEFINED_HEADER)),
            ("SOUR", Err(Fault::UNDEFINED_HEADER)),
            ("LEV", Err(Fault::UNDEFINED_HEADER)),
        ] {
            assert_eq!(find(&tree, header), expected, "{header}");
        }
    }

    #[test]
    fn two_rows_for_one_header_clash() {
        let mut builder = Builder::new();
        builder
            .insert(&parse(":VOLTage[:LEVel]").unwrap(), 0, (true, true), false)
            .unwrap();
        assert_eq!(
            builder.insert(&parse(":VOLTage").unwrap(), 1, (true, false), false),
            Err(0)
        );
        assert_eq!(
            builder.insert(&parse(":VOLTage:STEP").unwrap(), 2, (true, true), false),
            Ok(())
        );
    }
}

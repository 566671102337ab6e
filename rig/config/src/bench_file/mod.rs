//! Reads bench files.

mod boards;
mod device;
mod envelope;
mod installation;
mod instruments;
mod raw;
mod roles;
mod wiring;

use crate::source::{At, Source};
use crate::{Bench, BenchKind, ConfigError, Lab, Rule};
use raw::{RawBench, RawKind, RawLab, RawRule};
use std::path::Path;

/// What benches usually give beyond their wiring; other words are taken as they are.
const PROVIDED: [&str; 2] = ["chamber", "imbalance"];

/// Reads a bench.
///
/// # Errors
/// When the file can't be read, or something in it is wrong; the message has every mistake that
/// could be told from the others, each with its place.
pub fn load_bench(path: &Path) -> Result<Bench, ConfigError> {
    check(Source::read(path)?)
}

/// The same from text; `path` is for messages and for [`Bench::path`].
///
/// # Errors
/// When something in it is wrong.
pub fn parse_bench(text: &str, path: &Path) -> Result<Bench, ConfigError> {
    check(Source::new(path, text.to_owned()))
}

fn check(mut source: Source) -> Result<Bench, ConfigError> {
    let raw: RawBench = source.parse()?;
    let kind = match raw.kind {
        RawKind::Board => BenchKind::Board,
        RawKind::Battery => BenchKind::Battery,
    };
    provided(
        &raw.provides,
        raw.wiring.value.chamber.is_some(),
        &mut source,
    );
    let cells = match kind {
        BenchKind::Board => raw.wiring.value.cells.len(),
        BenchKind::Battery => raw
            .wiring
            .value
            .sense
            .cells
            .first()
            .map_or(0, |at| at.value.len()),
    };
    let device = device::check(raw.device, kind, cells, &mut source);
    let boards = boards::check(raw.boards, device.topology.batteries(), &mut source);
    let envelope = envelope::check(
        &raw.envelope,
        kind,
        cells * device.topology.series,
        &mut source,
    );
    let places: Vec<_> = raw
        .instruments
        .iter()
        .map(|(id, at)| (id.clone(), at.referenced))
        .collect();
    let instruments = instruments::check(raw.instruments, &mut source);
    let context = wiring::Context {
        kind,
        batteries: device.topology.batteries(),
        instruments: &instruments,
        places: &places,
    };
    let wiring = wiring::check(raw.wiring, &context, &mut source);
    let installation = raw
        .installation
        .map(|raw| installation::check(raw, &mut source));
    let bench = Bench {
        name: raw.name,
        about: raw.about,
        kind,
        path: source.path().to_owned(),
        provides: raw.provides.into_iter().map(|word| word.value).collect(),
        only: raw.only,
        instruments,
        wiring,
        device,
        boards,
        envelope,
        lab: raw.lab.checked(),
        installation,
    };
    source.finish(bench)
}

fn provided(words: &[At<String>], chamber: bool, source: &mut Source) {
    for word in words {
        if word.value == "chamber" && !chamber {
            source.wrong(
                word.referenced,
                "the bench provides a chamber that its wiring doesn't have",
                "name the instrument in `wiring: chamber`",
            );
        }
        let near = crate::error::nearest(&word.value, PROVIDED);
        if let Some(near) = near.filter(|near| *near != word.value) {
            source.wrong(
                word.referenced,
                format!("nothing asks for `{}`", word.value),
                &format!("did you mean `{near}`?"),
            );
        }
    }
}

impl RawLab {
    fn checked(self) -> Lab {
        Lab {
            name: self.name,
            address: self.address,
            customer: self.customer,
            operators: self.operators,
            rule: match self.decision_rule {
                RawRule::GuardBand => Rule::GuardBand,
                RawRule::SimpleAcceptance => Rule::SimpleAcceptance,
                RawRule::NonBinary => Rule::NonBinary,
            },
        }
    }
}

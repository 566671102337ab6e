//! Checks which firmware is on a bench's boards, and by which probes it gets there.

use crate::error::nearest;
use crate::source::{At, Source};
use crate::{BoardRole, Boards, Firmware, ProbeRole};
use serde::Deserialize;
use serde_yaml::Location;
use std::path::{Path, PathBuf};

/// A board as it's written.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBoards {
    btv: Option<RawBoard>,
    bms: Option<RawBoard>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBoard {
    firmware: Option<At<String>>,
    probe: Option<At<RawProbe>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProbe {
    selector: At<String>,
    serial: Option<At<String>>,
    chip: At<String>,
    #[serde(default)]
    under_reset: bool,
}

/// The boards of a bench with so many batteries.
pub(super) fn check(raw: RawBoards, batteries: usize, source: &mut Source) -> Boards {
    let places = [&raw.btv, &raw.bms].map(|raw| {
        let probe = raw.as_ref()?.probe.as_ref()?;
        Some(probe.referenced)
    });
    let boards = Boards {
        btv: role(raw.btv, source),
        bms: role(raw.bms, source),
    };
    if let [Some(place), _] = places
        && batteries > 1
    {
        source.wrong(
            place,
            format!("one probe on the boards of {batteries} batteries"),
            "a probe is on one board: describe it on a bench with one battery",
        );
    }
    if let ([Some(_), Some(place)], Some(btv), Some(bms)) =
        (places, &boards.btv.probe, &boards.bms.probe)
        && (&btv.selector, &btv.serial) == (&bms.selector, &bms.serial)
    {
        source.wrong(
            place,
            "the same probe is on both boards",
            "tell the two apart by `serial`",
        );
    }
    boards
}

fn role(raw: Option<RawBoard>, source: &mut Source) -> BoardRole {
    let Some(raw) = raw else {
        return BoardRole::default();
    };
    BoardRole {
        firmware: raw.firmware.map_or(Firmware::Native, |at| {
            firmware(&at.value, at.referenced, source)
        }),
        probe: raw.probe.map(|at| probe(at.value, source)),
    }
}

fn firmware(text: &str, place: Location, source: &mut Source) -> Firmware {
    if text == "native" {
        return Firmware::Native;
    }
    let path = Path::new(text);
    let ending = path.extension().unwrap_or_default();
    if !["elf", "hex", "bin"]
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known))
    {
        let near = nearest(text, ["native"]);
        let suggestion = near.map_or_else(
            || "write `native`, or the path of an `.elf`, `.hex` or `.bin` file".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        source.wrong(place, format!("`{text}` is no firmware"), &suggestion);
        return Firmware::Native;
    }
    let folder = source.path().parent().unwrap_or(Path::new(""));
    let path = plain(&folder.join(path));
    if !path.is_file() {
        let suggestion = beside(&path)
            .unwrap_or_else(|| "the path is taken from the bench file's own folder".to_owned());
        let what = format!("there is no image `{}`", path.display());
        source.wrong(place, what, &suggestion);
    }
    Firmware::Image(path)
}

/// The path without detours, so that it reads the same wherever the bench file was named from.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        let named = plain
            .components()
            .next_back()
            .is_some_and(|last| matches!(last, std::path::Component::Normal(_)));
        match part {
            std::path::Component::ParentDir if named => drop(plain.pop()),
            std::path::Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

/// The image in the same folder that was meant.
fn beside(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_string_lossy().into_owned();
    let mut names: Vec<String> = std::fs::read_dir(path.parent()?)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .filter(|name| name.ends_with(".elf"))
        .collect();
    names.sort();
    let near = nearest(&wanted, names.iter().map(String::as_str))?;
    Some(format!("did you mean `{near}`?"))
}

fn probe(raw: RawProbe, source: &mut Source) -> ProbeRole {
    let number = |text: &str| text.len() == 4 && u16::from_str_radix(text, 16).is_ok();
    let selects = raw
        .selector
        .value
        .split_once(':')
        .is_some_and(|(vendor, product)| number(vendor) && number(product));
    if !selects {
        source.wrong(
            raw.selector.referenced,
            format!("`{}` selects no debug probe", raw.selector.value),
            "write vendor and product number in hexadecimal, as in `0483:374b`; the serial number has a key of its own, `serial`",
        );
    }
    for (at, what) in [
        (Some(&raw.chip), "chip"),
        (raw.serial.as_ref(), "serial number"),
    ] {
        if let Some(at) = at.filter(|at| at.value.trim().is_empty()) {
            source.wrong(
                at.referenced,
                format!("the {what} has no name"),
                "write it as it is printed on the part, or leave the key out",
            );
        }
    }
    ProbeRole {
        selector: raw.selector.value,
        serial: raw.serial.map(|at| at.value),
        chip: raw.chip.value,
        under_reset: raw.under_reset,
    }
}

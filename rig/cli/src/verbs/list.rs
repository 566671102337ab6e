//! `rig list`: which instruments can be driven, and which have a software twin.

use crate::args::{Format, List};
use crate::run::Console;
use drivers::DriverInfo;
use serde_json::{Value, json};

/// Name and version of the JSON.
const FORMAT: &str = "rig.list/1";

/// A software twin, as far as a list shows it.
struct Twin {
    model: String,
    about: String,
    products: Vec<String>,
}

pub(crate) fn perform(arguments: &List) -> anyhow::Result<u8> {
    let twins = twins()?;
    let wanted = arguments.containing.as_deref().unwrap_or_default();
    let wanted = wanted.to_lowercase();
    let (found, rows): (Vec<&DriverInfo>, Vec<Row>) = drivers::registry()
        .iter()
        .map(|info| (info, row(info, &twins)))
        .filter(|(_, row)| row.join(" ").to_lowercase().contains(&wanted))
        .unzip();
    match arguments.format {
        Format::Text => {
            let console = Console::new();
            for line in aligned(&rows) {
                console.line(&line);
            }
        }
        Format::Json => super::print_json(&json!({
            "format": FORMAT,
            "drivers": found.iter().map(|info| object(info, &twins)).collect::<Vec<_>>(),
            "twins": twins
                .iter()
                .map(|twin| json!({
                    "model": twin.model,
                    "about": twin.about,
                    "products": twin.products,
                }))
                .collect::<Vec<_>>(),
        })),
    }
    Ok(0)
}

/// What is told of a driver, by column.
type Row = [String; 6];

const HEAD: [&str; 6] = ["DRIVER", "ROLES", "LINKS", "TWIN", "MET HARDWARE", "MODELS"];

fn row(info: &DriverInfo, twins: &[Twin]) -> Row {
    let roles: Vec<_> = info.roles.iter().map(|role| role.name()).collect();
    let links: Vec<_> = info.links.iter().map(|link| link.scheme()).collect();
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    [
        info.name.to_owned(),
        roles.join(", "),
        links.join(", "),
        yes(has_twin(info, twins)),
        yes(info.met_hardware),
        info.models.join(", "),
    ]
}

/// A line a driver under a line of headings; the last column is as wide as it likes.
fn aligned(rows: &[Row]) -> Vec<String> {
    let head = HEAD.map(str::to_owned);
    let all = || std::iter::once(&head).chain(rows);
    let width: [usize; 6] =
        std::array::from_fn(|column| all().map(|row| row[column].len()).max().unwrap_or(0));
    all()
        .map(|row| {
            let cells = row.iter().zip(width);
            let line: String = cells
                .map(|(cell, wide)| format!("{cell:<wide$}  "))
                .collect();
            line.trim_end().to_owned()
        })
        .collect()
}

fn object(info: &DriverInfo, twins: &[Twin]) -> Value {
    json!({
        "driver": info.name,
        "models": info.models,
        "roles": info.roles.iter().map(|role| role.name()).collect::<Vec<_>>(),
        "links": info.links.iter().map(|link| link.scheme()).collect::<Vec<_>>(),
        "met_hardware": info.met_hardware,
        "source": info.source,
        "twin": has_twin(info, twins),
    })
}

fn has_twin(info: &DriverInfo, twins: &[Twin]) -> bool {
    twins.iter().any(|twin| twin.model == info.name)
}

#[cfg(feature = "sim")]
fn twins() -> anyhow::Result<Vec<Twin>> {
    let models = crate::run::catalogue()?.models();
    Ok(models
        .into_iter()
        .map(|info| Twin {
            model: info.model,
            about: info.about,
            products: info.variants,
        })
        .collect())
}

/// A build for the lab has none.
#[cfg(not(feature = "sim"))]
fn twins() -> anyhow::Result<Vec<Twin>> {
    Ok(Vec::new())
}

#[cfg(test)]
mod tests {
    use super::{Twin, aligned, object, row};

    #[test]
    fn a_driver_is_shown_with_what_it_has_not_met() {
        let twins = [Twin {
            model: "rigol-dp832".to_owned(),
            about: String::new(),
            products: Vec::new(),
        }];
        let info = drivers::find("rigol-dp832").unwrap();
        let chamber = drivers::find("watlow-f4t").unwrap();
        insta::assert_snapshot!(aligned(&[row(info, &twins), row(chamber, &twins)]).join("\n"), @r"
        DRIVER       ROLES    LINKS                TWIN  MET HARDWARE  MODELS
        rigol-dp832  supply   tcp, serial, usbtmc  yes   no            DP832, DP832A
        watlow-f4t   chamber  tcp                  no    no            F4T
        ");
        assert_eq!(object(info, &[])["twin"], false);
        assert_eq!(object(info, &twins)["met_hardware"], false);
    }
}

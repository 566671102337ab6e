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
    let found: Vec<&DriverInfo> = drivers::registry()
        .iter()
        .filter(|info| line(info, &twins).to_lowercase().contains(&wanted))
        .collect();
    match arguments.format {
        Format::Text => {
            let console = Console::new();
            for info in found {
                console.line(&line(info, &twins));
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

/// `rigol-dp832: DP832, DP832A; supply; tcp, serial, usbtmc; twin; met hardware: none`
fn line(info: &DriverInfo, twins: &[Twin]) -> String {
    let roles: Vec<_> = info.roles.iter().map(|role| role.name()).collect();
    let links: Vec<_> = info.links.iter().map(|link| link.scheme()).collect();
    let twin = if has_twin(info, twins) { "twin; " } else { "" };
    format!(
        "{}: {}; {}; {}; {twin}met hardware: {}",
        info.name,
        info.models.join(", "),
        roles.join(", "),
        links.join(", "),
        if info.met_hardware { "yes" } else { "none" }
    )
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
    use super::{Twin, line, object};

    #[test]
    fn a_driver_is_shown_with_what_it_has_not_met() {
        let twins = [Twin {
            model: "rigol-dp832".to_owned(),
            about: String::new(),
            products: Vec::new(),
        }];
        let info = drivers::find("rigol-dp832").unwrap();
        insta::assert_snapshot!(line(info, &twins), @"rigol-dp832: DP832, DP832A; supply; tcp, serial, usbtmc; twin; met hardware: none");
        assert_eq!(object(info, &[])["twin"], false);
        assert_eq!(object(info, &twins)["met_hardware"], false);
    }
}

//! Who answers at an address.

use crate::exit::Usage;
use anyhow::Result;
use drivers::DriverInfo;
use std::time::Duration;
use wire::Link;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// An instrument that was asked who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Discovered {
    /// Its id in the bench file: the role it is meant for.
    pub(crate) id: String,
    /// Where it is.
    pub(crate) address: String,
    /// What it said, or why it didn't.
    pub(crate) said: Result<String, String>,
    /// The driver for its model, where there is one.
    pub(crate) driver: Option<&'static str>,
    /// Its serial number.
    pub(crate) serial: Option<String>,
}

/// Asks the instrument of `ID=ADDRESS` who it is. Nothing else is sent.
///
/// # Errors
/// When the text isn't `ID=ADDRESS`. An instrument that doesn't answer is a finding.
pub(crate) fn discover(text: &str) -> Result<Discovered, Usage> {
    let Some((id, address)) = text.split_once('=') else {
        return Err(Usage::new(format!(
            "--instrument {text}: write ID=ADDRESS, as in `charger=tcp://192.168.1.20:5025`"
        )));
    };
    let said = ask(address);
    let mut found = Discovered {
        id: id.to_owned(),
        address: address.to_owned(),
        driver: None,
        serial: None,
        said,
    };
    if let Ok(identity) = &found.said {
        let fields: Vec<&str> = identity.split(',').map(str::trim).collect();
        found.driver = driver_for(&fields).map(|info| info.name);
        let serial = fields.get(2).filter(|serial| !serial.is_empty());
        found.serial = serial.map(|serial| (*serial).to_owned());
    }
    Ok(found)
}

fn ask(address: &str) -> Result<String, String> {
    let mut link: Box<dyn Link> =
        drivers::connect(address, "").map_err(|error| error.to_string())?;
    let mut reply = Vec::new();
    link.write(b"*IDN?")
        .and_then(|()| link.read(&mut reply, PATIENCE))
        .map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(&reply).trim().to_owned())
}

/// The driver that names this model; the longest name, where several are in it.
fn driver_for(fields: &[&str]) -> Option<&'static DriverInfo> {
    let model = fields.get(1)?.to_uppercase();
    let named = |info: &&DriverInfo| {
        let known = info.models.iter().map(|known| known.to_uppercase());
        known
            .filter(|known| model.contains(known.as_str()))
            .map(|known| known.len())
            .max()
    };
    drivers::registry()
        .iter()
        .filter(|info| named(info).is_some())
        .max_by_key(named)
}

#[cfg(test)]
mod tests {
    use super::{discover, driver_for};

    #[test]
    fn models_lead_to_their_drivers() {
        for (identity, driver) in [
            (
                "Rohde&Schwarz,NGM202,3638.4472k03/101403,03.068",
                Some("rs-ngm202"),
            ),
            (
                "RIGOL TECHNOLOGIES,DP832,DP8C1234,00.01.14",
                Some("rigol-dp832"),
            ),
            (
                "Agilent Technologies,34980A,MY44001234,2.51",
                Some("keysight-34980a"),
            ),
            ("B&K PRECISION,8514B,600123,1.58", Some("bk-8514b")),
            ("Acme,ROCKET,1,1", None),
            ("nonsense", None),
        ] {
            let fields: Vec<&str> = identity.split(',').collect();
            assert_eq!(
                driver_for(&fields).map(|info| info.name),
                driver,
                "{identity}"
            );
        }
    }

    #[test]
    fn what_nobody_answers_is_a_finding_and_what_is_no_pair_is_not() {
        let refused = discover("tcp://192.168.1.20:5025").unwrap_err().to_string();
        assert!(refused.contains("write ID=ADDRESS"), "{refused}");
        // A port that nobody listens on.
        let found = discover("psu=tcp://127.0.0.1:1").unwrap();
        assert!(found.said.unwrap_err().contains("cannot connect"));
        assert_eq!((found.driver, found.serial), (None, None));
    }
}

//! Serves one software instrument alone: `instrument MODEL [ADDRESS]`.
//!
//! Options after these: `--load-ohms R`, `--emf V`, `--series-ohms R`.

use std::collections::BTreeMap;
use std::error::Error;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use sim::{Catalogue, Instrument, InstrumentSpec, Standalone, Surroundings, serve};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut plain = Vec::new();
    let mut options = BTreeMap::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.strip_prefix("--") {
            Some(name) => {
                let value = rest
                    .next()
                    .ok_or_else(|| format!("--{name} needs a value"))?;
                options.insert(name, value.parse::<f64>()?);
            }
            None => plain.push(argument.as_str()),
        }
    }
    let model = *plain.first().ok_or("which model?")?;
    let address = plain.get(1).copied().unwrap_or("127.0.0.1:0");
    let normal = Surroundings::default();
    let option = |name: &str, otherwise| options.get(name).copied().unwrap_or(otherwise);
    let surroundings = Surroundings {
        load_ohms: option("load-ohms", normal.load_ohms),
        emf_v: option("emf", normal.emf_v),
        series_ohms: option("series-ohms", normal.series_ohms),
    };
    let catalogue = Catalogue::built_in();
    let spec = InstrumentSpec {
        model: model.to_owned(),
        ..InstrumentSpec::default()
    };
    let kind = catalogue
        .models()
        .into_iter()
        .find(|info| info.model == model)
        .map_or(sim::ModelKind::Supply, |info| info.kind);
    let terminals = Box::new(Standalone::new(kind, surroundings));
    let instrument = Arc::new(Mutex::new(Instrument::new(&catalogue, &spec, terminals)?));
    let server = serve(TcpListener::bind(address)?, instrument)?;
    println!("{model} {model} {}", server.address());
    println!("ready");
    loop {
        std::thread::park();
    }
}

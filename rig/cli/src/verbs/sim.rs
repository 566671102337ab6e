//! `rig sim`: software instruments on TCP.

mod radio;

use crate::args::{Sim, SimInstrument, SimServe};
use crate::exit::Usage;
use crate::run::{Console, Stock, catalogue, simulated_world};
use crate::search::fixture_folders;
use anyhow::{Context as _, Result};
use config::SearchPath;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use sim::{Catalogue, Instrument, InstrumentSpec, ModelInfo, Server, Standalone, Surroundings};
use std::collections::BTreeMap;
use std::io::BufRead;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};

pub(crate) fn perform(arguments: Sim) -> Result<u8> {
    match arguments {
        Sim::Serve(arguments) => serve(&arguments),
        Sim::Instrument(arguments) => instrument(&arguments),
    }
}

fn serve(arguments: &SimServe) -> Result<u8> {
    let search = SearchPath::new(fixture_folders());
    let config = search.bench(&arguments.bench)?;
    let faults = arguments
        .fault
        .iter()
        .map(|name| search.fault(name))
        .collect::<Result<Vec<_>, _>>()?;
    let mut stock = Stock::without_faults(search)?;
    stock.faults = faults;
    stock.seed = arguments.seed;
    let world = simulated_world(&stock, &config)?;
    let mut lines = Vec::new();
    let mut shelf = BTreeMap::new();
    for (place, (id, instrument)) in config.instruments.iter().enumerate() {
        let served = world.instrument(id)?;
        let server = listen(nth_address(arguments.listen, place)?, served.clone())?;
        lines.push(format!("{id} {} {}", instrument.driver, server.address()));
        shelf.insert(id.clone(), (served, server));
    }
    if let Some(file) = &arguments.radio {
        lines.push(radio::on_air(&world, file)?);
    }
    let pace = world.run_at_wall_pace(arguments.speed);
    let shelf = Arc::new(Mutex::new(shelf));
    if arguments.orders {
        let shelf = shelf.clone();
        std::thread::Builder::new()
            .name("orders".into())
            .spawn(move || take_orders(std::io::stdin().lock(), &shelf))
            .context("can't listen for orders")?;
    }
    until_stopped(&lines)?;
    shelf.lock().unwrap_or_else(PoisonError::into_inner).clear();
    drop(pace);
    Ok(0)
}

/// What is served, by id.
type Shelf = BTreeMap<String, (Arc<Mutex<Instrument>>, Server)>;

/// Carries out what is ordered, a line each, until nobody orders any more.
fn take_orders(orders: impl BufRead, shelf: &Mutex<Shelf>) {
    for order in orders.lines().map_while(Result::ok) {
        let shelf = shelf.lock().unwrap_or_else(PoisonError::into_inner);
        let told = match obey(&order, &shelf) {
            Ok(()) => format!("done: {order}"),
            Err(why) => format!("not done: {order}: {why}"),
        };
        Console::new().line(&told);
    }
}

fn obey(order: &str, shelf: &Shelf) -> Result<(), String> {
    let words: Vec<&str> = order.split_whitespace().collect();
    let find = |id: &str| {
        let known: Vec<&str> = shelf.keys().map(String::as_str).collect();
        let known = known.join(", ");
        shelf
            .get(id)
            .ok_or_else(|| format!("there is no instrument `{id}`; there are {known}"))
    };
    let change = |id: &str, change: &dyn Fn(&mut Instrument)| {
        let (instrument, server) = find(id)?;
        change(&mut instrument.lock().unwrap_or_else(PoisonError::into_inner));
        server.hang_up();
        Ok(())
    };
    match words[..] {
        ["power-cycle", id] => change(id, &Instrument::power_cycle),
        ["exchange", id, serial] => change(id, &|instrument| instrument.exchange_for(serial)),
        ["hang-up", id] => change(id, &|_| ()),
        _ => Err("an order is `power-cycle ID`, `exchange ID SERIAL` or `hang-up ID`".into()),
    }
}

fn instrument(arguments: &SimInstrument) -> Result<u8> {
    let catalogue = catalogue()?;
    let models = catalogue.models();
    if arguments.model == "list" {
        let console = Console::new();
        for model in &models {
            console.line(&format!("{}  {}", model.model, model.about));
        }
        return Ok(0);
    }
    let model = find(&models, &arguments.model)?;
    let surroundings = Surroundings {
        load_ohms: arguments.load_ohms,
        emf_v: arguments.emf,
        series_ohms: arguments.series_ohms,
    };
    let instrument = make(&catalogue, model, surroundings)?;
    let server = listen(arguments.listen, Arc::new(Mutex::new(instrument)))?;
    let line = format!("{0} {0} {1}", model.model, server.address());
    until_stopped(&[line])?;
    drop(server);
    Ok(0)
}

fn make(
    catalogue: &Catalogue,
    model: &ModelInfo,
    surroundings: Surroundings,
) -> Result<Instrument> {
    let spec = InstrumentSpec {
        model: model.model.clone(),
        ..InstrumentSpec::default()
    };
    let terminals = Box::new(Standalone::new(model.kind, surroundings));
    Ok(Instrument::new(catalogue, &spec, terminals)?)
}

fn find<'a>(models: &'a [ModelInfo], name: &str) -> Result<&'a ModelInfo, Usage> {
    if let Some(model) = models.iter().find(|model| model.model == name) {
        return Ok(model);
    }
    let known: Vec<&str> = models.iter().map(|model| model.model.as_str()).collect();
    let near = known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .min()
        .filter(|(distance, known)| *distance <= known.len() / 2)
        .map(|(_, known)| format!("; did you mean `{known}`?"))
        .unwrap_or_default();
    Err(Usage::new(format!(
        "there is no software instrument `{name}`{near}; there are {}",
        known.join(", ")
    )))
}

fn listen(address: SocketAddr, instrument: Arc<Mutex<Instrument>>) -> Result<Server> {
    let listener = TcpListener::bind(address)
        .with_context(|| format!("can't listen on {address}; choose another with --listen"))?;
    Ok(sim::serve(listener, instrument)?)
}

/// The instruments' ports follow each other; port 0 is any free one for each.
fn nth_address(first: SocketAddr, place: usize) -> Result<SocketAddr, Usage> {
    if first.port() == 0 {
        return Ok(first);
    }
    let port = u16::try_from(place)
        .ok()
        .and_then(|place| first.port().checked_add(place));
    let port = port.ok_or_else(|| {
        Usage::new(format!(
            "--listen {first} leaves too few ports above it; choose a lower one"
        ))
    })?;
    Ok(SocketAddr::new(first.ip(), port))
}

/// Says where everything is, and waits for a signal.
fn until_stopped(lines: &[String]) -> Result<()> {
    let mut signals =
        Signals::new([SIGINT, SIGTERM, SIGHUP]).context("can't listen for signals")?;
    let console = Console::new();
    for line in lines {
        console.line(line);
    }
    console.line("ready");
    signals.forever().next();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::nth_address;

    #[test]
    fn ports_follow_each_other() {
        let address = |text: &str, place| {
            nth_address(text.parse().unwrap(), place)
                .map(|address| address.to_string())
                .map_err(|error| error.to_string())
        };
        assert_eq!(address("127.0.0.1:5025", 3).unwrap(), "127.0.0.1:5028");
        assert_eq!(address("127.0.0.1:0", 3).unwrap(), "127.0.0.1:0");
        assert_eq!(
            address("127.0.0.1:65535", 1).unwrap_err(),
            "--listen 127.0.0.1:65535 leaves too few ports above it; choose a lower one"
        );
    }
}

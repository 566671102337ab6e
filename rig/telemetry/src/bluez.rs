//! Adverts that the computer's own radio hears, through BlueZ on the system's bus.

use crate::{Advert, AdvertSource, COMPANY_ID, Sender, parse_address};
use api::{Clock, TelemetryError};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use zbus::blocking::{Connection, MessageIterator, Proxy};
use zbus::message::{Message, Type};
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};
use zbus::{MatchRule, names::OwnedInterfaceName};

const BLUEZ: &str = "org.bluez";
const ADAPTER: &str = "org.bluez.Adapter1";
const DEVICE: &str = "org.bluez.Device1";

/// Messages that may wait for the thread that reads them.
const QUEUE: usize = 1024;

type Properties = HashMap<String, OwnedValue>;

/// What has come and wasn't taken yet, and why nothing comes any more.
#[derive(Debug, Default)]
struct Inbox {
    adverts: Vec<Advert>,
    ended: Option<String>,
}

/// A scan that lasts until this is dropped.
pub struct Bluez {
    name: String,
    adapter: Proxy<'static>,
    connection: Connection,
    inbox: Arc<Mutex<Inbox>>,
    threads: Vec<JoinHandle<()>>,
}

impl Bluez {
    /// Begins to scan with an adapter of this computer, `hci0`.
    ///
    /// # Errors
    /// When there is no bus, no BlueZ or no such adapter, or scanning isn't allowed.
    pub fn open(adapter: &str, clock: Arc<dyn Clock>) -> Result<Self, TelemetryError> {
        let connection = Connection::system();
        let connection = connection.map_err(|error| trouble(adapter, &error))?;
        Self::on(connection, adapter, clock)
    }

    /// The same on a bus that is connected to.
    ///
    /// # Errors
    /// As [`Bluez::open`].
    pub fn on(
        connection: Connection,
        adapter: &str,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, TelemetryError> {
        Self::scan(connection, adapter, clock).map_err(|error| trouble(adapter, &error))
    }

    fn scan(
        connection: Connection,
        adapter: &str,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, zbus::Error> {
        let path = format!("/org/bluez/{adapter}");
        let proxy = Proxy::new(&connection, BLUEZ, path.clone(), ADAPTER)?;
        let inbox = Arc::new(Mutex::new(Inbox::default()));
        // Listening begins before scanning: nothing is missed.
        let new = MatchRule::builder()
            .msg_type(Type::Signal)
            .interface("org.freedesktop.DBus.ObjectManager")?
            .member("InterfacesAdded")?
            .build();
        let changed = MatchRule::builder()
            .msg_type(Type::Signal)
            .interface("org.freedesktop.DBus.Properties")?
            .member("PropertiesChanged")?
            .path_namespace(path.clone())?
            .build();
        let mut threads = Vec::new();
        for (rule, read) in [(new, added as Read), (changed, altered as Read)] {
            let messages = MessageIterator::for_match_rule(rule, &connection, Some(QUEUE))?;
            let (inbox, clock, path) = (inbox.clone(), clock.clone(), path.clone());
            let thread = std::thread::Builder::new().name("radio".into());
            threads.push(thread.spawn(move || listen(messages, read, &path, &*clock, &inbox))?);
        }
        // Every advert counts, the ones that say the same again too.
        let filter: HashMap<&str, Value<'_>> = HashMap::from([
            ("Transport", Value::from("le")),
            ("DuplicateData", Value::from(true)),
        ]);
        proxy.call_method("SetDiscoveryFilter", &(filter,))?;
        proxy.call_method("StartDiscovery", &())?;
        Ok(Self {
            name: adapter.to_owned(),
            adapter: proxy,
            connection,
            inbox,
            threads,
        })
    }
}

fn trouble(receiver: &str, reason: &impl ToString) -> TelemetryError {
    TelemetryError::Receiver {
        receiver: receiver.to_owned(),
        reason: format!(
            "BlueZ says: {}; is bluetoothd running, the adapter there (`bluetoothctl list`) and powered, and may you use it?",
            reason.to_string()
        ),
    }
}

impl AdvertSource for Bluez {
    fn drain(&mut self, out: &mut Vec<Advert>) -> Result<(), TelemetryError> {
        let mut inbox = self.inbox.lock().unwrap_or_else(PoisonError::into_inner);
        out.append(&mut inbox.adverts);
        match &inbox.ended {
            Some(reason) => Err(trouble(&self.name, reason)),
            None => Ok(()),
        }
    }
}

impl Drop for Bluez {
    fn drop(&mut self) {
        // BlueZ ends the scan of a connection that is gone, should this fail.
        let _ = self.adapter.call_method("StopDiscovery", &());
        let _ = self.connection.clone().close();
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

type Read = fn(&Message) -> Result<(String, Properties), zbus::Error>;

/// A device that is heard for the first time.
fn added(message: &Message) -> Result<(String, Properties), zbus::Error> {
    let body = message.body();
    let (path, mut interfaces): (OwnedObjectPath, HashMap<OwnedInterfaceName, Properties>) =
        body.deserialize()?;
    let device = interfaces
        .iter_mut()
        .find(|(name, _)| name.as_str() == DEVICE);
    let properties = device.map(|(_, properties)| std::mem::take(properties));
    Ok((path.to_string(), properties.unwrap_or_default()))
}

/// A device that is heard again.
fn altered(message: &Message) -> Result<(String, Properties), zbus::Error> {
    let header = message.header();
    let path = header.path().map(ToString::to_string).unwrap_or_default();
    let body = message.body();
    let (interface, changed, _): (String, Properties, Vec<String>) = body.deserialize()?;
    let ours = interface == DEVICE;
    Ok((path, if ours { changed } else { Properties::new() }))
}

fn listen(
    messages: MessageIterator,
    read: Read,
    adapter: &str,
    clock: &dyn Clock,
    inbox: &Mutex<Inbox>,
) {
    let mut why = "the bus closed the connection".to_owned();
    for message in messages {
        let (path, properties) = match message.and_then(|message| read(&message)) {
            Ok(told) => told,
            Err(zbus::Error::InputOutput(error)) => {
                why = error.to_string();
                break;
            }
            // A signal in another form than ours is somebody else's.
            Err(_) => continue,
        };
        let Some((address, data)) = advert(&path, adapter, &properties) else {
            continue;
        };
        let mut inbox = inbox.lock().unwrap_or_else(PoisonError::into_inner);
        inbox.adverts.push(Advert {
            received: clock.now(),
            sender: Sender::Address(address),
            data,
        });
    }
    let mut inbox = inbox.lock().unwrap_or_else(PoisonError::into_inner);
    inbox.ended.get_or_insert(why);
}

/// The address in `/org/bluez/hci0/dev_C0_11_22_33_44_55`, and the maker's data.
fn advert(path: &str, adapter: &str, properties: &Properties) -> Option<([u8; 6], Vec<u8>)> {
    let device = path.strip_prefix(adapter)?.strip_prefix("/dev_")?;
    let address = parse_address(&device.replace('_', ":")).ok()?;
    let told = properties.get("ManufacturerData")?.try_clone().ok()?;
    let mut of_makers: HashMap<u16, OwnedValue> = told.try_into().ok()?;
    let data = of_makers.remove(&u16::from_le_bytes(COMPANY_ID))?;
    Some((address, Vec::<u8>::try_from(data).ok()?))
}

#[cfg(test)]
mod tests {
    use super::Bluez;
    use crate::{Advert, AdvertSource, Sender};
    use api::{Clock, Stopped};
    use std::collections::HashMap;
    use std::os::unix::net::UnixStream;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;
    use zbus::blocking::{Connection, connection::Builder};
    use zbus::zvariant::{ObjectPath, Value};
    use zbus::{Guid, fdo, interface};

    struct Still;

    impl Clock for Still {
        fn now(&self) -> Duration {
            Duration::from_secs(3)
        }
        fn sleep(&self, _: Duration) -> Result<(), Stopped> {
            Ok(())
        }
        fn sleep_through(&self, _: Duration) {}
    }

    /// As much of BlueZ as a scan needs.
    #[derive(Clone, Default)]
    struct Adapter(Arc<Mutex<Vec<String>>>);

    #[interface(name = "org.bluez.Adapter1")]
    impl Adapter {
        fn set_discovery_filter(&self, filter: HashMap<String, Value<'_>>) -> fdo::Result<()> {
            let mut names: Vec<&String> = filter.keys().collect();
            names.sort();
            self.0.lock().unwrap().push(format!("filter {names:?}"));
            Ok(())
        }
        fn start_discovery(&self) -> fdo::Result<()> {
            self.0.lock().unwrap().push("start".into());
            Ok(())
        }
        fn stop_discovery(&self) -> fdo::Result<()> {
            self.0.lock().unwrap().push("stop".into());
            Ok(())
        }
    }

    /// The two ends of a bus of their own: BlueZ's and ours.
    fn bus(adapter: Adapter) -> (Connection, Connection) {
        let (theirs, ours) = UnixStream::pair().unwrap();
        let guid = Guid::generate();
        let server = std::thread::spawn(move || {
            let builder = Builder::async_io_unix_stream(theirs)
                .server(guid)
                .unwrap()
                .p2p();
            builder
                .serve_at("/org/bluez/hci0", adapter)
                .unwrap()
                .build()
                .unwrap()
        });
        let client = Builder::async_io_unix_stream(ours).p2p().build().unwrap();
        (server.join().unwrap(), client)
    }

    fn makers(id: u16, data: &[u8]) -> HashMap<&'static str, Value<'static>> {
        let data = HashMap::from([(id, Value::from(data.to_vec()))]);
        HashMap::from([("ManufacturerData", Value::from(data))])
    }

    fn added(bluez: &Connection, path: &str, properties: HashMap<&str, Value<'_>>) {
        let interfaces = HashMap::from([("org.bluez.Device1", properties)]);
        let body = (ObjectPath::try_from(path).unwrap(), interfaces);
        let interface = "org.freedesktop.DBus.ObjectManager";
        bluez
            .emit_signal(None::<&str>, "/", interface, "InterfacesAdded", &body)
            .unwrap();
    }

    fn changed(bluez: &Connection, path: &str, properties: HashMap<&str, Value<'_>>) {
        let body = ("org.bluez.Device1", properties, Vec::<&str>::new());
        let interface = "org.freedesktop.DBus.Properties";
        bluez
            .emit_signal(None::<&str>, path, interface, "PropertiesChanged", &body)
            .unwrap();
    }

    /// Everything up to this many adverts.
    fn drained(radio: &mut Bluez, count: usize) -> Vec<Advert> {
        let mut out = Vec::new();
        let (_sender, pause) = std::sync::mpsc::channel::<()>();
        for _ in 0..500 {
            radio.drain(&mut out).unwrap();
            if out.len() >= count {
                break;
            }
            let _ = pause.recv_timeout(Duration::from_millis(10));
        }
        out
    }

    #[test]
    fn adverts_come_from_the_bus() {
        let adapter = Adapter::default();
        let (bluez, ours) = bus(adapter.clone());
        let mut radio = Bluez::on(ours, "hci0", Arc::new(Still)).unwrap();
        assert_eq!(
            *adapter.0.lock().unwrap(),
            [r#"filter ["DuplicateData", "Transport"]"#, "start"]
        );
        // Another maker's, another adapter's, a device that only says how loud it is.
        added(
            &bluez,
            "/org/bluez/hci0/dev_C0_11_22_33_44_55",
            makers(0x004C, &[1]),
        );
        added(
            &bluez,
            "/org/bluez/hci1/dev_C0_11_22_33_44_55",
            makers(0x02E1, &[2]),
        );
        added(
            &bluez,
            "/org/bluez/hci0/dev_C0_11_22_33_44_55",
            HashMap::from([("RSSI", Value::from(-60i16))]),
        );
        added(
            &bluez,
            "/org/bluez/hci0/dev_C0_11_22_33_44_55",
            makers(0x02E1, &[0x10, 3]),
        );
        assert_eq!(
            drained(&mut radio, 1),
            [Advert {
                received: Duration::from_secs(3),
                sender: Sender::Address([0xC0, 0x11, 0x22, 0x33, 0x44, 0x55]),
                data: vec![0x10, 3],
            }]
        );
        changed(
            &bluez,
            "/org/bluez/hci0/dev_C0_11_22_33_44_55",
            makers(0x02E1, &[0x10, 4]),
        );
        assert_eq!(drained(&mut radio, 1)[0].data, [0x10, 4]);
        drop(radio);
        assert_eq!(adapter.0.lock().unwrap().last().unwrap(), "stop");
    }

    #[test]
    fn a_bus_that_is_gone_is_no_silence() {
        let (bluez, ours) = bus(Adapter::default());
        let mut radio = Bluez::on(ours, "hci0", Arc::new(Still)).unwrap();
        bluez.close().unwrap();
        let mut told = String::new();
        let (_sender, pause) = std::sync::mpsc::channel::<()>();
        for _ in 0..500 {
            if let Err(error) = radio.drain(&mut Vec::new()) {
                told = error.to_string();
                break;
            }
            let _ = pause.recv_timeout(Duration::from_millis(10));
        }
        assert!(
            told.starts_with("radio receiver hci0: BlueZ says: "),
            "{told}"
        );
    }
}

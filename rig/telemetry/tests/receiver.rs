//! A stream of advertisements as [`api::Telemetry`].

mod common;

use api::{Telemetry, TelemetryError, TelemetrySample};
use common::{HEALTHY, battery, key, key_bytes, put, seal};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use telemetry::{
    Advert, AdvertSource, LOG_CAPACITY, RadioDevice, Receiver, ReceiverLog, ReceiverSetup, Sender,
};

/// A source that hands out what the test put in.
#[derive(Clone, Default)]
struct Air(Arc<Mutex<VecDeque<Advert>>>);

impl Air {
    fn send(&self, at_s: f64, sender: Sender, data: Vec<u8>) {
        self.0.lock().expect("no panic").push_back(Advert {
            received: Duration::from_secs_f64(at_s),
            sender,
            data,
        });
    }
}

impl AdvertSource for Air {
    fn drain(&mut self, out: &mut Vec<Advert>) -> Result<(), TelemetryError> {
        out.extend(self.0.lock().expect("no panic").drain(..));
        Ok(())
    }
}

fn device(name: &str) -> RadioDevice {
    RadioDevice {
        name: name.to_owned(),
        key: key(),
        address: None,
    }
}

fn rig(batteries: usize) -> (Air, Receiver<Air>, ReceiverLog) {
    let air = Air::default();
    let batteries = (1..=batteries)
        .map(|number| device(&format!("HQ2231A{number}")))
        .collect();
    let receiver = Receiver::new(air.clone(), ReceiverSetup::new("radio", batteries));
    let log = receiver.log();
    (air, receiver, log)
}

fn latest(receiver: &mut Receiver<Air>, at_s: f64) -> Vec<Option<TelemetrySample>> {
    let now = Duration::from_secs_f64(at_s);
    receiver.latest(now).expect("no trouble")
}

fn counters(samples: &[Option<TelemetrySample>]) -> Vec<Option<u16>> {
    let counter = |sample: &Option<TelemetrySample>| sample.as_ref().map(|s| s.report.counter);
    samples.iter().map(counter).collect()
}

fn texts(log: &ReceiverLog) -> Vec<String> {
    log.take().0.iter().map(ToString::to_string).collect()
}

#[test]
fn the_newest_report_of_each_battery_is_given() {
    let (air, mut receiver, log) = rig(3);
    assert_eq!(latest(&mut receiver, 0.0), [None, None, None]);
    air.send(1.0, Sender::Battery(0), battery(10, HEALTHY));
    air.send(1.5, Sender::Battery(2), battery(70, HEALTHY));
    air.send(2.0, Sender::Battery(0), battery(11, HEALTHY));
    let samples = latest(&mut receiver, 2.0);
    assert_eq!(counters(&samples), [Some(11), None, Some(70)]);
    let third = samples[2].as_ref().expect("a sample");
    assert_eq!(
        (third.battery, third.received),
        (2, Duration::from_millis(1500))
    );
    assert_eq!(texts(&log), Vec::<String>::new());
}

#[test]
fn a_report_received_again_is_no_fresher() {
    let (air, mut receiver, _) = rig(1);
    for at in [0.0, 0.3, 0.6, 9.0] {
        air.send(at, Sender::Battery(0), battery(5, HEALTHY));
    }
    assert_eq!(counters(&latest(&mut receiver, 10.0)), [Some(5)]);
    assert_eq!(counters(&latest(&mut receiver, 10.1)), [None]);
    air.send(10.2, Sender::Battery(0), battery(6, HEALTHY));
    assert_eq!(counters(&latest(&mut receiver, 10.2)), [Some(6)]);
}

#[test]
fn a_counter_that_stands_still_is_told_once() {
    let (air, mut receiver, log) = rig(1);
    for second in 0..60 {
        air.send(f64::from(second), Sender::Battery(0), battery(5, HEALTHY));
    }
    assert_eq!(counters(&latest(&mut receiver, 60.0)), [None]);
    assert_eq!(
        texts(&log),
        ["HQ2231A1: sends on, but its data counter stands at 5 since 0.0 s"]
    );
    // It lives again, over the top of the counter, and stops again.
    air.send(61.0, Sender::Battery(0), battery(65535, HEALTHY));
    air.send(62.0, Sender::Battery(0), battery(0, HEALTHY));
    assert_eq!(counters(&latest(&mut receiver, 62.0)), [Some(0)]);
    air.send(72.0, Sender::Battery(0), battery(0, HEALTHY));
    assert_eq!(counters(&latest(&mut receiver, 72.0)), [Some(0)]);
    assert_eq!(
        texts(&log),
        ["HQ2231A1: sends on, but its data counter stands at 0 since 62.0 s"]
    );
}

#[test]
fn a_silent_battery_is_no_frozen_one() {
    let (air, mut receiver, log) = rig(1);
    air.send(0.0, Sender::Battery(0), battery(5, HEALTHY));
    assert_eq!(counters(&latest(&mut receiver, 3600.0)), [None]);
    assert_eq!(texts(&log), Vec::<String>::new());
}

#[test]
fn one_counter_for_two_reports_keeps_the_first() {
    let (air, mut receiver, log) = rig(1);
    let mut other = hex::decode(HEALTHY).expect("a payload");
    put(&mut other, 120, 7, 40 + 60);
    air.send(0.0, Sender::Battery(0), battery(5, HEALTHY));
    air.send(0.5, Sender::Battery(0), battery(5, &hex::encode(other)));
    let samples = latest(&mut receiver, 1.0);
    let temperature = samples[0].as_ref().and_then(|s| s.report.temperature);
    assert_eq!(temperature, Some(units::Celsius(25.0)));
    assert_eq!(
        texts(&log),
        ["HQ2231A1: sent two different reports with data counter 5; the second was ignored"]
    );
}

#[test]
fn a_wrong_key_is_an_error_until_it_fits() {
    let (air, mut receiver, _) = rig(2);
    let mut stale = key_bytes();
    stale[0] = 0x77;
    let payload = hex::decode(HEALTHY).expect("a payload");
    air.send(
        0.0,
        Sender::Battery(1),
        seal(stale, 0xa0ed, 0x05, 1, &payload),
    );
    let error = receiver.latest(Duration::from_secs(1)).unwrap_err();
    assert_eq!(
        error,
        TelemetryError::Key {
            battery: "HQ2231A2".to_owned(),
            found: 0x77,
            ours: 0x5a
        }
    );
    assert_eq!(
        error.to_string(),
        "the reports of battery HQ2231A2 can't be decrypted: their key starts with 77, ours with 5a; read the key again in the app (a PIN reset changes it)"
    );
    air.send(2.0, Sender::Battery(1), battery(2, HEALTHY));
    assert_eq!(counters(&latest(&mut receiver, 2.0)), [None, Some(2)]);
}

#[test]
fn noise_is_withheld_and_then_blamed_on_the_key() {
    let (air, mut receiver, log) = rig(1);
    let payload = hex::decode(HEALTHY).expect("a payload");
    let noise = |counter| {
        // The right first byte, another key.
        let mut wrong = [3; 16];
        wrong[0] = 0x5a;
        seal(wrong, 0xa0ed, 0x05, counter, &payload)
    };
    air.send(0.0, Sender::Battery(0), battery(1, HEALTHY));
    air.send(1.0, Sender::Battery(0), noise(2));
    air.send(2.0, Sender::Battery(0), noise(3));
    // Two may be bad reception: the last good report still stands.
    assert_eq!(counters(&latest(&mut receiver, 2.0)), [Some(1)]);
    let entries = texts(&log);
    assert_eq!(entries.len(), 2);
    assert!(
        entries[0].starts_with("HQ2231A1: withheld a report that makes no sense: "),
        "{entries:?}"
    );
    air.send(3.0, Sender::Battery(0), noise(4));
    let error = receiver.latest(Duration::from_secs(3)).unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with("radio receiver radio: HQ2231A1: withheld a report that makes no sense: "),
        "{text}"
    );
    assert!(
        text.ends_with(
            " (3 reports in a row); its key probably only starts like ours: read it again in the app"
        ),
        "{text}"
    );
    air.send(4.0, Sender::Battery(0), battery(5, HEALTHY));
    assert_eq!(counters(&latest(&mut receiver, 4.0)), [Some(5)]);
}

#[test]
fn standing_oddities_are_told_once() {
    let (air, mut receiver, log) = rig(1);
    let mut odd = hex::decode(HEALTHY).expect("a payload");
    put(&mut odd, 104, 12, 1287);
    let odd = hex::encode(odd);
    for counter in 0..5 {
        air.send(
            f64::from(counter),
            Sender::Battery(0),
            battery(counter, &odd),
        );
    }
    // Handed on all the same: a battery that lies is what the rig is there to see.
    let samples = latest(&mut receiver, 4.0);
    let voltage = samples[0].as_ref().and_then(|s| s.report.voltage);
    assert_eq!(voltage, Some(units::Volts(12.87)));
    let told = "HQ2231A1: the battery reports 12.87 V, but its cells add up to between 13.32 V and 13.32 V";
    assert_eq!(texts(&log), [told]);
    air.send(5.0, Sender::Battery(0), battery(5, HEALTHY));
    air.send(6.0, Sender::Battery(0), battery(6, &odd));
    latest(&mut receiver, 6.0);
    assert_eq!(texts(&log), [told], "it went and came back");
}

#[test]
fn addresses_find_their_device_and_strangers_are_ignored() {
    let air = Air::default();
    let mut setup = ReceiverSetup::new("radio", vec![device("HQ2231A1"), device("HQ2231A2")]);
    setup.batteries[1].address = Some([1, 2, 3, 4, 5, 6]);
    setup.bms.push(RadioDevice {
        address: Some([6; 6]),
        ..device("Lynx")
    });
    let mut receiver = Receiver::new(air.clone(), setup);
    let log = receiver.log();
    let lynx = hex::decode("0040388b0afaff951555148ccf0200ff").expect("a payload");
    let smart = hex::decode("000000e804e704bf040018251100").expect("a payload");
    let at = Sender::Address;
    air.send(0.0, at([1, 2, 3, 4, 5, 6]), battery(9, HEALTHY));
    air.send(0.1, at([9; 6]), battery(9, HEALTHY));
    air.send(0.2, Sender::Battery(7), battery(9, HEALTHY));
    air.send(0.3, at([6; 6]), seal(key_bytes(), 0xa3e5, 0x0a, 1, &lynx));
    assert_eq!(counters(&latest(&mut receiver, 1.0)), [None, Some(9)]);
    let now = Duration::from_secs(1);
    let (received, report) = receiver.latest_lynx(0, now).expect("fresh");
    assert_eq!(received, Duration::from_millis(300));
    assert_eq!(report.voltage, Some(units::Volts(26.99)));
    assert!(receiver.latest_lynx(0, Duration::from_secs(11)).is_none());
    assert!(receiver.latest_lynx(1, now).is_none());
    assert_eq!(texts(&log), Vec::<String>::new());
    air.send(2.0, at([6; 6]), seal(key_bytes(), 0xa3e8, 0x0e, 2, &smart));
    latest(&mut receiver, 2.0);
    assert_eq!(
        texts(&log),
        ["Lynx: Smart BMS record 2, of unknown layout: 000000e804e704bf040018251100"]
    );
}

#[test]
fn cut_off_frames_are_told_and_other_advertisements_are_not() {
    let (air, mut receiver, log) = rig(1);
    air.send(0.0, Sender::Battery(0), vec![0x10, 0]);
    air.send(0.1, Sender::Battery(0), vec![0x10, 0]);
    air.send(0.2, Sender::Battery(0), vec![0x02, 1, 2, 3]);
    air.send(0.3, Sender::Battery(0), battery(1, "0000"));
    assert_eq!(latest(&mut receiver, 1.0), [None]);
    assert_eq!(
        texts(&log),
        [
            "HQ2231A1: an advertisement of 2 bytes is cut off: its header alone takes 8",
            "HQ2231A1: a battery record of 2 bytes is cut off: its flags alone take 6",
        ]
    );
}

#[test]
fn a_log_that_nobody_reads_stays_small_and_counts_what_it_lost() {
    let (air, mut receiver, log) = rig(1);
    let total = u16::try_from(LOG_CAPACITY).expect("small") + 7;
    for counter in 0..total {
        let raw = seal(key_bytes(), 0xa0ed, 0x0e, counter, &[1, 2, 3]);
        air.send(0.0, Sender::Battery(0), raw);
    }
    latest(&mut receiver, 0.0);
    let (entries, dropped) = log.take();
    assert_eq!((entries.len(), dropped), (LOG_CAPACITY, 7));
    assert_eq!(
        entries[0].to_string(),
        "HQ2231A1: Smart BMS record 7, of unknown layout: 010203"
    );
    assert_eq!(log.take(), (Vec::new(), 0));
}

#[test]
fn a_receiver_that_fails_says_so() {
    struct Gone;
    impl AdvertSource for Gone {
        fn drain(&mut self, _: &mut Vec<Advert>) -> Result<(), TelemetryError> {
            Err(TelemetryError::Receiver {
                receiver: "hci0".to_owned(),
                reason: "no such device".to_owned(),
            })
        }
    }
    let mut receiver = Receiver::new(Gone, ReceiverSetup::new("hci0", Vec::new()));
    let error = receiver.latest(Duration::ZERO).unwrap_err();
    assert_eq!(error.to_string(), "radio receiver hci0: no such device");
}

//! Whether the batteries are heard.

use super::Finding;
use crate::run::radio;
use api::{Clock, Telemetry};
use config::Bench;
use record::Recorder;
use std::sync::Arc;
use std::time::Duration;

/// A battery sends once a second; in so long it is heard, if it can be.
const LISTEN: Duration = Duration::from_secs(6);
const PAUSE: Duration = Duration::from_millis(250);

/// Keys, receiver, and each device. Nothing for a bench without a radio.
pub(super) fn findings(config: &Bench, clock: &Arc<dyn Clock>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(role) = &config.wiring.radio {
        if role.receiver.starts_with("sim:") {
            let found = "simulated, on a real bench: nothing that batteries report is heard";
            return vec![Finding::notice("radio", "receiver", found)];
        }
        match radio::setup(config, role) {
            Err(error) => return vec![Finding::bad("radio", "keys", format!("{error:#}"))],
            Ok(setup) => {
                let devices = setup.batteries.len() + setup.bms.len();
                findings.push(Finding::good(
                    "radio",
                    "keys",
                    format!("one for each of {devices} devices"),
                ));
            }
        }
    }
    let recorder = Recorder::into_writer(Box::new(std::io::sink()));
    match radio::open(config, clock, &recorder) {
        Err(error) => findings.push(Finding::bad("radio", "receiver", format!("{error:#}"))),
        Ok(None) => {}
        Ok(Some(mut ears)) => findings.extend(heard(config, &mut *ears, &**clock)),
    }
    findings
}

/// What came within some seconds.
fn heard(config: &Bench, ears: &mut dyn Telemetry, clock: &dyn Clock) -> Vec<Finding> {
    let topology = config.device.topology;
    let mut heard = vec![None; topology.series * topology.parallel];
    let mut monitor = None;
    let (radio, line) = (&config.wiring.radio, &config.wiring.monitor);
    let end = clock.now() + LISTEN;
    while clock.now() < end {
        let now = clock.now();
        if radio.is_some() {
            match ears.latest(now) {
                Ok(samples) => {
                    for (known, sample) in heard.iter_mut().zip(samples) {
                        *known = sample.or(known.take());
                    }
                }
                Err(error) => return vec![Finding::bad("radio", "receiver", error.to_string())],
            }
        }
        if line.is_some() {
            match ears.monitor(now) {
                Ok(report) => monitor = report.or(monitor),
                Err(error) => return vec![Finding::bad("monitor", "line", error.to_string())],
            }
        }
        let all = (radio.is_none() || heard.iter().all(Option::is_some))
            && (line.is_none() || monitor.is_some());
        if all || clock.sleep(PAUSE).is_err() {
            break;
        }
    }
    let mut findings = Vec::new();
    if radio.is_some() {
        for (number, sample) in (1..).zip(&heard) {
            let subject = format!("battery {number}");
            findings.push(match sample {
                Some(sample) => Finding::good(&subject, "radio", in_words(&sample.report)),
                None => Finding::notice(
                    &subject,
                    "radio",
                    format!(
                        "not heard in {} s: is its address right, is it at 8 V or above, is an app connected to it, is instant readout on?",
                        LISTEN.as_secs()
                    ),
                ),
            });
        }
    }
    if let Some(role) = line {
        let said = monitor.and_then(|report| report.voltage);
        findings.push(match said {
            Some(voltage) => Finding::good("monitor", "line", format!("says {voltage}")),
            None => Finding::notice(
                "monitor",
                "line",
                format!(
                    "nothing came from {} in {} s: is its TX connected to our RX?",
                    role.ve_direct,
                    LISTEN.as_secs()
                ),
            ),
        });
    }
    findings
}

fn in_words(report: &api::BatteryReport) -> String {
    let model = format!("model {:#06x}", report.model_id);
    match report.voltage {
        Some(voltage) => format!("heard, {model}, {voltage}"),
        None => format!("heard, {model}"),
    }
}

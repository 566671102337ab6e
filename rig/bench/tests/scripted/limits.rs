//! Limits of the statements, with the settings in force.

use crate::rig::Rig;
use record::{Limit, Verdict};
use units::Volts;

#[test]
fn limits_follow_the_settings_in_force() {
    let mut rig = Rig::new("sim-battery");
    rig.config.device.settings.pre_alarm = Volts(2.95);
    let bench = rig.opened();
    assert_eq!(
        bench.limit("3.2.1-01", "threshold"),
        Ok(Limit::Between(2.93, 2.97))
    );
    // About the default itself.
    assert_eq!(
        bench.limit("4.7.4-02", "threshold"),
        Ok(Limit::Between(3.08, 3.12))
    );
    assert_eq!(
        bench.limit("6.2.1-01", "threshold"),
        Ok(Limit::BetweenExcept(3.7, 3.77, 3.7, 3.73))
    );
    assert_eq!(bench.limit("3.2.1-02", "delay"), Ok(Limit::AtLeast(30.0)));
    assert_eq!(
        bench.limit_time("3.2.1-02", "timeout"),
        Ok(std::time::Duration::from_secs(120))
    );
    assert_eq!(bench.nominal("3.2.1-01", "threshold"), Ok(2.95));
    assert_eq!(bench.bounds("3.2.1-02", "delay"), Ok((30.0, f64::INFINITY)));
    assert_eq!(bench.limit_unit("4.7.3-01", "threshold"), Ok("°C"));
}

#[test]
fn mistakes_name_the_nearest() {
    let rig = Rig::new("sim-battery");
    let bench = rig.opened();
    let texts = [
        bench.limit("3.2.1-22", "delay").unwrap_err(),
        bench.limit("nonsense about limits", "delay").unwrap_err(),
        bench.limit("3.2.1-02", "dealy").unwrap_err(),
        bench.limit("3.2.1-02", "hysteresis").unwrap_err(),
        bench.limit("6.4.8-01", "threshold").unwrap_err(),
        bench.limit_time("3.2.1-01", "threshold").unwrap_err(),
    ]
    .map(|error| error.to_string());
    insta::assert_snapshot!(texts.join("\n"), @r"
    there is no clause `3.2.1-22` in the list of statements; did you mean `3.2.1-02`?
    there is no clause `nonsense about limits` in the list of statements
    clause 3.2.1-02 has no limit `dealy`; did you mean `delay`?
    clause 3.2.1-02 has no limit `hysteresis`; it has delay, timeout
    clause 6.4.8-01 has no limit `threshold`; it has none
    limit `threshold` of clause 3.2.1-01 can't be used here: it is in V, not a time
    ");
}

#[test]
fn judgements_are_on_record_and_add_up() {
    let rig = Rig::new("sim-battery");
    let mut bench = rig.opened();
    let mut reading = bench.snapshot().expect("a snapshot").cells[0][0].reading("V");
    reading.value = 3.1;
    let verdict = bench.judge("3.2.1-01", "threshold", "lowest cell", reading.clone());
    assert_eq!(verdict, Ok(Verdict::Pass));
    reading.value = 3.05;
    let verdict = bench.judge("3.2.1-01", "threshold", "lowest cell", reading.clone());
    assert_eq!(verdict, Ok(Verdict::Fail));
    reading.value = 3.0805;
    let verdict = bench.judge("3.2.1-01", "threshold", "lowest cell", reading.clone());
    assert_eq!(verdict, Ok(Verdict::Inconclusive));
    let error = bench
        .judge("3.2.1-02", "delay", "delay", reading)
        .unwrap_err();
    let state = bench.judge_state("6.2.6-01", "charge contact", "off", "off", "daq");
    assert_eq!(state, Ok(Verdict::Pass));
    let missing = bench.judge_missing("6.4.1-01", "W-SL11", "set", "the battery is silent");
    assert_eq!(missing, Ok(Verdict::Error));
    assert_eq!(
        bench.verdicts(),
        [
            Verdict::Pass,
            Verdict::Fail,
            Verdict::Inconclusive,
            Verdict::Pass,
            Verdict::Error
        ]
    );
    insta::assert_snapshot!(error, @"limit `delay` of clause 3.2.1-02 can't be used here: it is in s, `delay` was measured in V");
    let story = rig.story(0);
    let judged: Vec<&str> = story
        .lines()
        .filter(|line| line.contains("judgement"))
        .collect();
    insta::assert_snapshot!(judged.join("\n"), @r"
    0.0 judgement Pass: lowest cell 3.10000 V ± 0.00075 V is between 3.08 V and 3.12 V
    0.0 judgement Fail: lowest cell 3.05000 V ± 0.00075 V must be between 3.08 V and 3.12 V
    0.0 judgement Inconclusive: lowest cell 3.08050 V ± 0.00075 V can't be told from between 3.08 V and 3.12 V
    0.0 judgement Pass: charge contact is off
    0.0 judgement Error: W-SL11 can't be told, must be set: the battery is silent
    ");
    assert_eq!(bench.take_judgements().len(), 5);
    assert_eq!(bench.verdicts(), []);
}

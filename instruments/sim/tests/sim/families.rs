//! What each family does its own way.

use sim::{PortState, Trip};

use crate::bench::Bench;

macro_rules! check {
    ($text:expr) => {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!($text);
        });
    };
}

/// What the world says once a current limit has acted for too long.
fn blow_the_fuse(bench: &Bench) {
    let blown = PortState {
        tripped: Some(Trip::Fuse),
        ..PortState::open(0.0)
    };
    bench.hand.with(|inside| inside.forced = Some(blown));
}

#[test]
fn outputs_are_told_by_list() {
    let mut bench = Bench::new("keysight-e36312a");
    check!(bench.talk_closely(
        "*IDN?
         VOLT 5,(@1)
         VOLT 12,(@2,3);CURR 0.5,(@2:3)
         VOLT? (@1:3)
         CURR? MAX,(@1)
         CURR? MAX,(@2)
         VOLT 7,(@1,2)
         VOLT? (@1:3)
         VOLT 1,(@4)
         OUTP ON,(@1,3)
         OUTP? (@1:3)
         MEAS:VOLT? (@1,3)
         MEAS:CURR? (@1,2)
         INST CH2;:VOLT?;:INST?
         INST P6V;:VOLT?;:INST:NSEL?
         MEAS:VOLT? N25V;VOLT? CH4
         APPL CH3,3.3,0.2
         APPL? CH3
         STAT:QUES:INST:ISUM1:COND?
         STAT:QUES:INST:ISUM2:COND?"
    ));
}

#[test]
fn an_output_that_limits_is_protected() {
    let mut bench = Bench::new("keysight-e36312a");
    bench.ask("VOLT 6,(@1);CURR 0.5,(@1);CURR:PROT:STAT 1,(@1);:OUTP 1,(@1)");
    blow_the_fuse(&bench);
    check!(bench.talk_closely(
        "OUTP? (@1)
         CURR:PROT:TRIP? (@1)
         OUTP 1,(@1)"
    ));
    bench.hand.with(|inside| inside.forced = None);
    check!(bench.talk_closely(
        "OUTP:PROT:CLE (@1)
         CURR:PROT:TRIP? (@1)
         OUTP? (@1)"
    ));
}

#[test]
fn a_watchdog_ends_what_nobody_talks_about() {
    for (model, set_up, asks, clears) in [
        (
            "keysight-e36312a",
            "VOLT 5,(@1);:OUTP:PROT:WDOG:DEL 2;:OUTP:PROT:WDOG ON;:OUTP ON,(@1)",
            "OUTP? (@1)",
            "OUTP:PROT:CLE (@1)",
        ),
        (
            "tdk-genesys",
            "VOLT 5;CURR 5;:SYST:COMM:WATCH:DEL 2;:SYST:COMM:WATCH ON;:OUTP ON",
            "OUTP?",
            "OUTP:PROT:CLE",
        ),
    ] {
        let mut bench = Bench::new(model);
        bench.ask(set_up);
        for _ in 0..3 {
            bench.hand.pass(1.5);
            assert_eq!(bench.ask(asks), "1", "{model} is talked to in time");
        }
        let end = bench.instrument.next_wakeup().unwrap();
        assert_eq!(end.as_secs_f64(), 4.5 + 2.0, "{model}");
        bench.hand.pass(2.1);
        // Nobody has to ask for it to happen.
        bench.instrument.tick();
        let (_, law) = bench.hand.with(|inside| *inside.laws.last().unwrap());
        assert_eq!(law, sim::PortLaw::Off, "{model}");
        assert_eq!(bench.ask(asks), "0", "{model}");
        bench.ask("OUTP ON");
        assert_eq!(bench.ask(asks), "0", "{model} stays off until cleared");
        assert_eq!(bench.errors().len(), 1, "{model}");
        bench.ask(clears);
        bench.ask("OUTP ON");
        assert_eq!(bench.ask(asks), "1", "{model}");
    }
}

#[test]
fn one_clear_turns_on_again_and_the_other_does_not() {
    let mut bench = Bench::new("rigol-dp832");
    check!(bench.talk_closely(
        "*IDN?
         APPL CH1,12,2
         APPL? CH1
         APPL? CH1,CURR
         OUTP CH1,ON
         OUTP? CH1
         MEAS:ALL? CH1
         OUTP:CVCC? CH1;MODE? CH2
         OUTP:OVP:VAL CH1,10;:OUTP:OVP CH1,ON
         OUTP:OVP:QUES? CH1
         OUTP? CH1
         OUTP CH1,ON
         OUTP:OVP:VAL CH1,20
         OUTP:OVP:CLEAR CH1
         OUTP? CH1
         OUTP CH1,ON;:OUTP:OVP:VAL CH1,10
         OUTP:OVP:QUES? CH1;:SOUR1:VOLT:PROT 20
         SOUR1:VOLT:PROT:CLE
         OUTP? CH1
         SOUR3:VOLT 6
         SOUR3:VOLT? MAX
         INST CH2;:VOLT 24;VOLT?;:INST?
         OUTP:SENS? CH1"
    ));
}

#[test]
fn a_supply_refuses_where_others_trip() {
    let mut bench = Bench::new("tdk-genesys");
    check!(bench.talk_closely(
        "SYST:SET?
         VOLT 12;:CURR 2;:OUTP:STAT ON
         VOLT:PROT:LEV 12
         VOLT:PROT:LEV 13;LEV?
         VOLT 12.5
         VOLT?
         VOLT:LIM:LOW 11.8
         VOLT:LIM:LOW 11
         VOLT 10
         OUTP:STAT?
         SOUR:MODE?
         CURR:PROT:STAT ON;DEL 0.5;:CURR 0.5"
    ));
    blow_the_fuse(&bench);
    check!(bench.talk_closely(
        "CURR:PROT:TRIP?
         OUTP:STAT?
         OUTP:STAT ON
         SYST:SET LOC;SET?;SET REM;SET?"
    ));
}

#[test]
fn a_supply_without_registers_has_a_word() {
    let mut bench = Bench::new("siglent-spd3303x");
    check!(bench.talk_closely(
        "SYST:STAT?
         CH1:VOLT 5;:CH1:CURR 0.2;:OUTP CH1,ON
         SYST:STAT?
         CH2:VOLT 3
         OUTP CH2,ON
         SYST:STAT?
         OUTP:TRACK 2
         SYST:STAT?
         MEAS:POWE? CH1
         OUTP? CH1
         CH1:VOLT 33"
    ));
    let mut bench = Bench::new("siglent-spd1168x");
    check!(bench.talk_closely(
        "SYST:STAT?
         MODE:SET 4W;:OUTP CH1,ON
         SYST:STAT?
         INST?;:MODE:SET?
         OVP 10;:OVP:STAT ON
         CH1:VOLT 12;:CH1:CURR 8
         OUTP? CH1
         OUTP:RESE:PROT
         SYST:ERR?"
    ));
}

#[test]
fn loads_name_their_modes_differently() {
    for (model, function, on) in [
        ("rigol-dl3021", "CC", "INP 1"),
        ("siglent-sdl1020x", "CURRENT", "INP ON"),
        ("itech-it8512", "CURRENT", "INP 1"),
    ] {
        let mut bench = Bench::new(model);
        bench.ask("SYST:REM");
        bench.ask("FUNC CURR;:CURR 3");
        bench.ask(on);
        assert_eq!(bench.ask("FUNC?"), function, "{model}");
        assert_eq!(bench.ask("INP?"), "1", "{model}");
        assert!(bench.ask("MEAS:CURR?").starts_with("3.0"), "{model}");
        assert!(bench.ask("MEAS:VOLT?").starts_with("11.85"), "{model}");
        assert_eq!(bench.errors(), [""; 0], "{model}");
    }
    let mut bench = Bench::new("siglent-sdl1020x");
    check!(bench.talk_closely(
        "CURR:IRANG 5;IRANG?
         INP ON
         CURR:IRANG 30
         INP OFF
         CURR:IRANG 30;IRANG?"
    ));
}

#[test]
fn a_meter_has_one_input_and_remembers_each_function() {
    let mut bench = Bench::new("keysight-34461a");
    check!(bench.talk_closely(
        "*IDN?
         FUNC?
         MEAS:VOLT:DC?
         CONF:VOLT:DC 10,0.001
         CONF?
         READ?
         VOLT:DC:RANG 1;RANG?
         FUNC \"RES\"
         FUNC?
         VOLT:DC:RANG?
         RES:RANG:AUTO?
         READ?
         FUNC \"VOLT:DC\"
         READ?
         VOLT:RANG:AUTO ON
         SAMP:COUN 3
         INIT
         FETC?
         CALC:AVER:AVER?;MIN?;COUN?
         MEAS:VOLT? (@1)
         VOLT:NPLC 10;NPLC?
         MEAS:TEMP? FRTD,85
         MEAS:CAP?"
    ));
}

#[test]
fn small_frames_number_their_channels_in_hundreds() {
    let mut bench = Bench::new("keysight-daq970a");
    check!(bench.talk_closely(
        "SYST:CTYP? 1;CTYP? 200
         MEAS:VOLT:DC? (@101,103)
         MEAS:CURR? (@121)
         CONF:TEMP TC,K,(@102:104)
         ROUT:SCAN (@102:104);SCAN?
         READ?
         ROUT:CLOS (@201,202);CLOS? (@201:203)
         ROUT:OPEN:ALL 2
         ROUT:CLOS? (@201)
         ROUT:MON (@101);MON:STAT ON;:ROUT:MON:DATA?
         ROUT:CLOS (@401)
         SOUR:DIG:DATA 5,(@301)
         SENS:DIG:DATA? (@301)"
    ));
    let mut bench = Bench::new("keysight-34970a");
    assert_eq!(bench.ask("SYST:CTYP? 100"), "HEWLETT-PACKARD,34901A,0,2.2");
}

#[test]
fn a_chamber_ramps_when_it_is_told_to() {
    let mut bench = Bench::new("watlow-f4t");
    check!(bench.talk_closely(
        ":SOURCE:CLOOP1:SPOINT 30
         :SOURCE:CLOOP1:SPOINT?
         :SOURCE:CLOOP1:PVALUE?
         :SOURCE:CLOOP1:SPOINT 200
         :OUTPUT1:STATE ON
         :OUTPUT1:STATE?
         :SOURCE:CLOOP1:RACTION SETPOINT;RRATE 2
         :SOURCE:CLOOP1:RACTION?
         :SOURCE:CLOOP1:SPOINT 40
         :PROGRAM:NUMBER 3;NUMBER?"
    ));
    bench.hand.pass(60.0);
    bench.instrument.tick();
    assert_eq!(bench.ask(":SOURCE:CLOOP1:SPOINT:ACTIVE?"), "32.00");
    bench.hand.pass(600.0);
    assert_eq!(bench.ask(":SOURCE:CLOOP1:SPOINT:ACTIVE?"), "40.00");
    bench.ask(":OUTPUT1:STATE OFF");
    let last = bench.hand.with(|inside| *inside.chamber.last().unwrap());
    assert_eq!(last, (40.0, false));
}

#[test]
fn a_resistor_is_open_until_it_is_connected() {
    let mut bench = Bench::new("meatest-m632");
    check!(bench.talk_closely(
        "*IDN?
         RES?
         RES 12.5 KOHM
         OUTP ON
         RES?;:OUTP?
         RES 5
         FUNC?"
    ));
    let ohms = bench.hand.with(|inside| inside.ohms.clone());
    assert_eq!(ohms, [f64::INFINITY, 12_500.0]);
}

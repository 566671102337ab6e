//! What instruments answer, line by line.

use crate::bench::Bench;

/// A snapshot without the lines that were sent, which it repeats anyway.
macro_rules! check {
    ($text:expr) => {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!($text);
        });
    };
}

#[test]
fn a_supply_is_set_and_read() {
    let mut bench = Bench::new("rs-ngm202");
    check!(bench.talk(
        "*IDN?
         *OPT?
         SYST:VERS?
         INST:NSEL 2;:VOLT 4.2;:CURR 1.5
         VOLT?;CURR?
         OUTP?
         OUTP ON
         OUTP?;:OUTP:GEN?
         MEAS:VOLT?
         MEAS:CURR?;POW?
         meas:scalar:voltage:dc?
         INST?
         INST OUT1;:VOLT?
         SOUR2:VOLT?
         VOLT MAX;VOLT?;VOLT? MIN;VOLT? DEF
         CURR? MAX
         VOLT 6;CURR? MAX
         CURR 5;CURR?
         VOLT 7
         CURR 3;:VOLT 7;CURR? MAX
         CURR 3.5
         VOLT 12500 mV;VOLT?
         VOLT:STEP 0.5;:VOLT UP;VOLT?;VOLT DOWN;VOLT?
         APPL 5,1
         APPL?
         APPL 5,99
         APPL 3,0.5,OUT2
         APPL? CH2
         APPL 1,1,OUT3
         VOLT?"
    ));
}

#[test]
fn a_switch_unit_switches_and_scans() {
    let mut bench = Bench::new("keysight-34980a");
    check!(bench.talk(
        "SYST:CTYP? 2
         SYST:CTYP? 4
         SYSTEM:MODule:TERMinal:TYPE? 2
         ROUT:CLOS (@2101, 7001:7003)
         ROUT:CLOS? (@2101,7001:7004)
         ROUT:OPEN? (@2101,7004)
         ROUT:CLOS (@4001)
         ROUT:CLOS (@7021)
         ROUT:CLOS (@5101)
         ROUT:CLOS:EXCL (@7005)
         ROUT:CLOS? (@7001:7005)
         DIAG:REL:CYCL? (@7001,7020)
         ROUT:OPEN:ALL 7
         ROUT:CLOS? (@7005,2101)
         ROUT:OPEN:ALL
         ROUT:CLOS? (@2101)
         MEAS:VOLT:DC? AUTO,DEF,(@1001,1003)
         MEAS:TEMP? TC,K,(@1002)
         MEAS:CURR:DC? (@1041)
         MEAS:VOLT? (@1041)
         CONF:VOLT:DC 10,(@1005,1001:1002)
         CONF? (@1005)
         ROUT:SCAN?
         ROUT:SCAN:ADD (@1005,1001:1002)
         ROUT:SCAN?
         ROUT:SCAN:SIZE?
         ROUT:SCAN:REM (@1001);ADD (@1001)
         READ?
         READ? (@1003)
         FORM:READ:UNIT ON;:FORM:READ:CHAN ON
         INIT
         FETC?
         DATA:POIN?
         DATA:REM? 2
         R?
         DATA:LAST? (@1005)
         TRIG:SOUR BUS;COUN 2
         INIT;*TRG;:DATA:POIN?
         INIT
         *TRG
         *TRG
         ROUT:MON (@1004);:ROUT:MON?
         ROUT:MON:DATA?
         ROUT:MON:STAT ON;DATA?
         SENS:FUNC \"RES\",(@1006);FUNC? (@1005:1006)
         VOLT:DC:NPLC 10,(@1005);NPLC? (@1005)
         SOUR:DIG:DATA:BYTE #HA5,(@5101)
         SENS:DIG:DATA:BYTE? (@5101)
         SENS:DIG:DATA:BIT? 7,(@5101)
         SOUR:DIG:DATA:BIT 0,7,(@5101);:SENS:DIG:DATA? (@5101)
         CONF:DIG:DIR? (@5101:5102)
         SOUR:DIG:DATA:WORD 513,(@5103);:DIG:DATA:WORD? (@5103)
         DIG:DATA:WORD? (@5104)
         SYST:MOD:ROW:PROT 2,ISO;PROT? 2
         ROUT:CHAN:LAB \"cell 1\",(@1001);LAB? (@1001:1002)"
    ));
}

#[test]
fn a_chamber_answers_each_line() {
    let mut bench = Bench::new("espec-p300");
    check!(bench.lines(
        "ROM?
         TYPE?
         TEMP?
         MODE?
         TEMP, S25.0 H60.0 L-10.0
         TEMP,S-20.0
         TEMP,S999
         TEMP,X1
         TEMP,S
         MODE,CONSTANT
         MODE?
         1,MODE?
         mode,standby
         MON?
         ALARM?
         HUMI?
         POWER,ON
         MODE?
         PRGM,RUN,RAM:1,STEP1
         RUN PRGM, TEMP10.0 TIME1:40 GOTEMP30.0
         MODE?,DETAIL
         RUN PRGM?
         TEMP?
         PRGM,END,STANDBY
         CONSTANT SET?,TEMP
         KEYPROTECT,ON
         KEYPROTECT?
         *IDN?
         VOLT 5"
    ));
}

#[test]
fn a_bidirectional_supply_asks_for_the_lock_and_says_its_units() {
    let mut bench = Bench::new("ea-psb10000");
    check!(bench.talk_closely(
        "*IDN?
         SYST:LOCK:OWN?
         VOLT 5
         OUTP ON
         VOLT?
         SYST:LOCK ON
         SYST:LOCK:OWN?;:SYST:LOCK?
         VOLT 14.4;CURR 100;:SINK:CURR 20
         VOLT?;CURR?;POW?;:SINK:CURR?
         VOLT? MAX;CURR? MAX;POW? MAX;VOLT:PROT? MAX
         VOLT 62
         CURR -1
         VOLT:LIM:HIGH 30
         VOLT 30.5
         VOLT:PROT 20;PROT?
         OUTP ON;OUTP?
         MEAS:VOLT?;CURR?;POW?
         MEAS:ARR?
         STAT:OPER:COND?;:STAT:QUES:COND?
         POW 10
         MEAS:ARR?
         STAT:OPER:COND?
         POW MAX;CURR 0.5;:MEAS:ARR?
         STAT:OPER:COND?
         SYST:LOCK OFF
         OUTP?
         SYST:LOCK:OWN?"
    ));
}

#[test]
fn an_over_voltage_opens_the_output_for_good() {
    let mut bench = Bench::new("ea-psb10000");
    check!(bench.talk_closely(
        "SYST:LOCK ON
         VOLT 12;CURR 10;:OUTP ON
         VOLT:PROT 11
         MEAS:VOLT?
         OUTP?
         STAT:QUES:COND?;:SYST:ALAR:OVOL?
         OUTP ON
         VOLT:PROT 15;:OUTP ON
         SYST:ALAR:ACKN;:SYST:ALAR:OVOL?
         OUTP?
         OUTP ON;OUTP?;:MEAS:VOLT?"
    ));
}

#[test]
fn a_fuse_blows_after_its_delay() {
    let mut bench = Bench::new("rs-ngm202");
    let before = bench.talk_closely(
        "FUSE ON;:FUSE:DEL 0.05
         VOLT 5;CURR 0.1;:OUTP ON
         FUSE:TRIP?;:OUTP?
         STAT:QUES:INST:ISUM1:COND?",
    );
    std::thread::yield_now();
    bench.hand.with(|inside| {
        inside.forced = Some(sim::PortState {
            tripped: Some(sim::Trip::Fuse),
            ..sim::PortState::open(0.0)
        });
    });
    let after = bench.talk_closely(
        "FUSE:TRIP?;:OUTP?
         STAT:QUES:INST:ISUM1:COND?
         VOLT:PROT:TRIP?
         VOLT:PROT:CLE;:FUSE:TRIP?",
    );
    bench.hand.with(|inside| inside.forced = None);
    let cleared = bench.talk_closely(
        "FUSE:TRIP:CLE;:FUSE:TRIP?
         OUTP?
         OUTP ON;OUTP?",
    );
    check!(before + &after + &cleared);
}

#[test]
fn a_load_draws_in_four_modes() {
    let mut bench = Bench::new("bk-8514b");
    check!(bench.talk_closely(
        "*IDN?
         INP ON
         SYST:REM
         MEAS:VOLT?
         FUNC CURR;FUNC?
         CURR 3;:INP ON;INP?
         MEAS:VOLT?;CURR?;POW?;RES?
         FUNC VOLT;:VOLT 11;:MEAS:VOLT?;CURR?
         FUNC RES;:RES 12;:MEAS:CURR?
         FUNC POW;:POW 12;:MEAS:POW?
         INP:SHOR ON;:MEAS:VOLT?;CURR?
         INP:SHOR OFF;:FUNC CURR
         CURR 241
         CURR MAX;CURR?
         POW 1501
         VOLT 121
         CURR:SLEW 0.5;SLEW?
         CURR:SLEW:POS 100 A/MS;POS?
         POW:PROT 10;:CURR 3
         INP?;:STAT:QUES:COND?
         PROT:CLE;:INP ON
         SYST:LOC
         CURR 1"
    ));
}

#[test]
fn outputs_of_a_supply_are_selected_and_switched_together() {
    let mut bench = Bench::new("rs-ngm202");
    check!(bench.talk_closely(
        "INST:NSEL 1;:OUTP:SEL 1;:INST:NSEL 2;:OUTP:SEL 1
         OUTP:GEN?;:OUTP1?;OUTP2?
         OUTP:GEN 1
         OUTP:GEN?;:OUTP1?;OUTP2?
         OUTP2 0
         OUTP1?;OUTP2?
         OUTP:GEN 0
         OUTP1?;OUTP2?;:OUTP1:SEL?
         OUTP3 1"
    ));
}

#[test]
fn a_supply_keeps_statistics_steps_and_lines() {
    let mut bench = Bench::new("rs-ngm202");
    check!(bench.talk_closely(
        "VOLT 4;:CURR 1;:OUTP ON;:MEAS:VOLT?
         VOLT 5;:MEAS:VOLT?
         MEAS:VOLT:MIN?;MAX?
         MEAS:STAT:RES;COUN?
         TRIG:ENAB:DIO3 1
         TRIG:ENAB:DIO3?;DIO4?
         TRIG:ENAB:DIO9 1
         ALIM ON;:VOLT:ALIM 6;ALIM:LOW 2
         VOLT 7
         VOLT? MAX;VOLT? MIN
         *SAV 1
         VOLT 3;:OUTP?
         *RCL 1;:VOLT?;:OUTP?
         *RCL 7
         *RST;:VOLT?;:ALIM?"
    ));
}

#[test]
fn a_scan_on_a_timer_is_caught_up_with() {
    let mut bench = Bench::new("keysight-34980a");
    bench.ask("ROUT:SCAN (@1001:1002);:TRIG:SOUR TIM;TIM 10;COUN 3;:FORM:READ:TIME ON;CHAN ON");
    let mut text = bench.talk("INIT\nDATA:POIN?");
    bench.hand.pass(9.9);
    text += &bench.talk("DATA:POIN?");
    bench.hand.pass(0.2);
    text += &bench.talk("DATA:POIN?");
    bench.hand.pass(1000.0);
    text += &bench.talk("DATA:POIN?\nFETC?\nSYST:DATE 2026,11,22;TIME 8,1,2.5\nFORM:READ:TIME:TYPE ABS\nREAD? (@1001)");
    check!(text);
}

#[test]
fn relays_move_only_when_they_have_to() {
    let mut bench = Bench::new("keysight-34980a");
    bench.talk("ROUT:CLOS (@7001)\nROUT:CLOS (@7001,7002)\nROUT:OPEN (@7003,7001)\n*RST");
    let moved = bench.hand.with(|inside| inside.relays.clone());
    assert_eq!(
        moved,
        [(7001, true), (7002, true), (7001, false), (7002, false)]
    );
}

#[test]
fn digital_inputs_are_read_and_inverted() {
    let mut bench = Bench::new("keysight-34980a");
    bench.hand.with(|inside| inside.lines = 0b0000_0101);
    check!(bench.talk_closely(
        "SENS:DIG:DATA:BYTE? (@5101,5201)
         SENS:DIG:DATA:BIT? 2,(@5101)
         CONF:DIG:POL INV,(@5101);POL? (@5101,5102)
         DIG:DATA? (@5101)
         CONF:DIG:WIDT LWOR,(@5201);WIDT? (@5201)
         DIG:DATA:LWOR? (@5201)
         SENS:DIG:DATA:BIT? 8,(@5101)
         SENS:DIG:DATA? (@1001)"
    ));
}

#[test]
fn a_chamber_moves_along_a_ramp() {
    let mut bench = Bench::new("espec-p300");
    bench.ask("RUN PRGM, TEMP10.0 GOTEMP30.0 TIME1:40");
    bench.hand.pass(3000.0);
    let mut text = bench.lines("TEMP?\nRUN PRGM MON?");
    bench.hand.pass(3000.0);
    text += &bench.lines("TEMP?\nMODE?,DETAIL\nMODE,STANDBY\nRUN PRGM MON?");
    text += &format!("{:?}", bench.hand.with(|inside| inside.chamber.clone()));
    check!(text);
}

//! What the `scpi` crate gets wrong, one test a defect: none of it may show.

use crate::bench::Bench;

#[test]
fn omitted_words_do_not_stay_in_the_path() {
    let mut bench = Bench::new("rs-ngm202");
    assert_eq!(bench.ask("VOLT 5;OUTP ON;VOLT?;OUTP?"), "5.000;1");
    assert_eq!(bench.ask("SOUR:VOLT 6;CURR 1;VOLT?"), "6.000");
    assert_eq!(
        bench.ask("SOUR:VOLT:PROT:LEV 7;STAT ON;*OPC?;LEV?"),
        "1;7.000"
    );
    assert_eq!(bench.errors(), [""; 0]);
}

#[test]
fn blanks_before_a_header_and_lone_semicolons_are_fine() {
    let mut bench = Bench::new("rs-ngm202");
    assert_eq!(bench.ask("  \t*OPC?"), "1");
    assert_eq!(bench.ask(";"), "");
    assert_eq!(bench.ask("*OPC?;"), "1");
    assert_eq!(bench.ask(""), "");
    assert_eq!(bench.errors(), [""; 0]);
}

#[test]
fn zero_is_zero() {
    let mut bench = Bench::new("rs-ngm202");
    for zero in ["0.0", "0E0", "+0", "-0.0"] {
        assert_eq!(bench.ask(&format!("OUTP ON;OUTP {zero};OUTP?")), "0");
        assert_eq!(bench.ask(&format!("*ESE 5;*ESE {zero};*ESE?")), "0");
    }
    assert_eq!(bench.errors(), [""; 0]);
}

#[test]
fn clear_status_empties_the_queue() {
    let mut bench = Bench::new("rs-ngm202");
    assert_eq!(bench.ask("BOGUS"), "");
    assert_eq!(bench.ask("*CLS;:SYST:ERR?"), "0,\"No error\"");
}

#[test]
fn operation_complete_is_no_error() {
    let mut bench = Bench::new("rs-ngm202");
    assert_eq!(bench.ask("*OPC;:SYST:ERR?"), "0,\"No error\"");
}

#[test]
fn summaries_come_from_events() {
    let mut bench = Bench::new("ea-psb10000");
    bench.ask("STAT:QUES:ENAB 1024;:SYST:LOCK ON");
    assert_eq!(bench.ask("*STB?"), "8");
    bench.ask("SYST:LOCK OFF");
    assert_eq!(bench.ask("STAT:QUES:COND?;*STB?"), "512;24");
    assert_eq!(bench.ask("STAT:QUES?"), "1536");
    assert_eq!(bench.ask("*STB?"), "0");
}

#[test]
fn preset_keeps_conditions() {
    let mut bench = Bench::new("ea-psb10000");
    assert_eq!(bench.ask("STAT:PRES;:STAT:QUES:COND?"), "512");
}

#[test]
fn a_waiting_answer_counts_in_the_master_summary() {
    let mut bench = Bench::new("rs-ngm202");
    assert_eq!(bench.ask("*SRE 16;:VOLT?;*STB?"), "0.000;80");
    assert_eq!(bench.ask("*SRE 255;*SRE?"), "191");
}

#[test]
fn two_dimensional_channels_are_refused_not_misread() {
    let mut bench = Bench::new("keysight-34980a");
    bench.ask("ROUT:CLOS (@1!12)");
    assert_eq!(bench.errors(), ["-171,\"Invalid expression\""]);
    assert_eq!(bench.ask("ROUT:CLOS? (@1001,1012)"), "0,0");
}

#[test]
fn channel_lists_may_have_blanks_and_run_backwards() {
    let mut bench = Bench::new("keysight-34980a");
    bench.ask("ROUT:CLOS ( @ 7003 : 7001 , 7005 )");
    assert_eq!(bench.ask("ROUT:CLOS? (@7001:7005)"), "1,1,1,0,1");
    assert_eq!(bench.errors(), [""; 0]);
}

#[test]
fn bounds_are_the_instruments() {
    let mut bench = Bench::new("rs-ngm202");
    assert_eq!(bench.ask("VOLT MAX;VOLT?;VOLT MIN;VOLT?"), "20.000;0.000");
}

#[test]
fn answers_before_an_error_are_whole() {
    let mut bench = Bench::new("rs-ngm202");
    assert_eq!(bench.ask("VOLT?;BOGUS?"), "0.000");
    bench.instrument.receive(b"VOLT?;BOGUS?\nCURR?\n");
    let mut answer = Vec::new();
    bench.instrument.take_output(&mut answer);
    assert_eq!(answer, b"0.000\n0.1000\n");
}

#[test]
fn strings_are_quoted_and_unquoted() {
    let mut bench = Bench::new("rs-ngm202");
    assert_eq!(
        bench.ask("DISP:TEXT \"a \"\"b\"\" 'c';\";TEXT?"),
        "\"a \"\"b\"\" 'c';\""
    );
    assert_eq!(bench.ask("DISP:TEXT 'it''s';TEXT?"), "\"it's\"");
    assert_eq!(bench.errors(), [""; 0]);
}

#[test]
fn numbers_have_sign_and_exponent_where_the_family_has_them() {
    let mut bench = Bench::new("keysight-34980a");
    assert_eq!(bench.ask("TRIG:TIM 1E-3;TIM?"), "+1.00000000E-03");
}

#[test]
fn a_comma_needs_something_before_it() {
    let mut bench = Bench::new("rs-ngm202");
    bench.ask("VOLT ,5");
    assert_eq!(bench.errors(), ["-102,\"Syntax error\""]);
    assert_eq!(bench.ask("VOLT?"), "0.000");
}

#[test]
fn a_wrong_unit_says_so() {
    let mut bench = Bench::new("rs-ngm202");
    bench.ask("VOLT 5 A;");
    assert_eq!(bench.errors(), ["-131,\"Invalid suffix\""]);
    bench.ask("*ESE 1 V");
    assert_eq!(bench.errors(), ["-138,\"Suffix not allowed\""]);
}

#[test]
fn suffixes_reach_their_channel() {
    let mut bench = Bench::new("rs-ngm202");
    assert_eq!(
        bench.ask("SOUR2:VOLT 3;:SOUR1:VOLT?;:SOUR2:VOLT?"),
        "0.000;3.000"
    );
    bench.ask("SOUR3:VOLT 1");
    assert_eq!(bench.errors(), ["-114,\"Header suffix out of range\""]);
}

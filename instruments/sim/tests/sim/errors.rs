//! Each bad message gets the number the standard has for it.

use crate::bench::Bench;

#[test]
fn bad_input_has_its_number() {
    let mut bench = Bench::new("rs-ngm202");
    for (message, code) in [
        ("BOGUS", -113),
        ("BOGUS?", -113),
        ("*BOG", -113),
        ("VOLT:BOGUS 1", -113),
        ("VOLT::LEV 1", -103),
        ("::VOLT 1", -103),
        ("VOLT: 1", -103),
        ("9VOLT 1", -110),
        ("VO-LT 1", -101),
        ("VOLT?MAX", -111),
        ("VOLT,5", -111),
        ("ABCDEFGHIJKLMNOP 1", -112),
        ("SOUR3:VOLT 1", -114),
        ("SOUR0:VOLT 1", -114),
        ("SOUR70000:VOLT 1", -114),
        ("VOLT7 1", -114),
        ("VOLT", -109),
        ("VOLT 1,2", -108),
        ("*IDN? 1", -108),
        ("VOLT ,5", -102),
        ("VOLT 5,", -102),
        ("VOLT 5 5", -103),
        ("VOLT 'five'", -104),
        ("VOLT (@1)", -104),
        ("VOLT 1E", -120),
        ("VOLT 1..2", -121),
        ("VOLT 1E99999", -123),
        ("VOLT 5 A", -131),
        ("VOLT 5 FURLONGS", -131),
        ("OUTP 1 V", -138),
        ("VOLT FIVE", -141),
        ("OUTP MAYBE", -224),
        ("OUTP:MODE SOMETIMES", -224),
        ("DISP:TEXT 'open", -151),
        ("DISP:TEXT #29x", -161),
        ("VOLT 99", -222),
        ("VOLT -0.1", -222),
        ("VOLT 1E400", -222),
        ("*ESE 256", -222),
        ("*RCL 5", -314),
        ("*TRG", -211),
        ("VOLT \u{b5}", -101),
    ] {
        assert_eq!(bench.ask(message), "", "{message} is answered");
        let errors = bench.errors();
        assert_eq!(errors.len(), 1, "{message}: {errors:?}");
        let (number, _) = errors[0].split_once(',').unwrap();
        assert_eq!(number, code.to_string(), "{message}");
    }
}

#[test]
fn channel_lists_have_their_numbers() {
    let mut bench = Bench::new("keysight-34980a");
    for (message, code) in [
        ("ROUT:CLOS (@1001", -171),
        ("ROUT:CLOS (1001)", -171),
        ("ROUT:CLOS (@a)", -171),
        ("ROUT:CLOS (@1!2)", -171),
        ("ROUT:CLOS 1001", -104),
        ("ROUT:CLOS", -109),
        ("ROUT:CLOS (@4001)", -241),
        ("ROUT:CLOS (@1099)", -222),
        ("ROUT:CLOS (@9001)", -222),
        ("ROUT:CLOS (@5101)", -221),
        ("ROUT:OPEN:ALL 9", -222),
        ("FETC?", -230),
        ("INIT", -221),
    ] {
        assert_eq!(bench.ask(message), "", "{message} is answered");
        let errors = bench.errors();
        assert_eq!(errors.len(), 1, "{message}: {errors:?}");
        let (number, _) = errors[0].split_once(',').unwrap();
        assert_eq!(number, code.to_string(), "{message}");
    }
}

#[test]
fn a_syntax_error_ends_its_message_and_a_refusal_does_not() {
    let mut bench = Bench::new("rs-ngm202");
    bench.ask("VOLT 1;BOGUS;VOLT 2");
    assert_eq!(bench.ask("VOLT?"), "1.000");
    bench.ask("VOLT 99;VOLT 3");
    assert_eq!(bench.ask("VOLT?"), "3.000");
    assert_eq!(bench.ask("VOLT?;BOGUS?;CURR?"), "3.000");
    assert_eq!(bench.errors().len(), 3);
}

#[test]
fn an_overlong_message_is_dropped_whole() {
    let mut bench = Bench::new("rs-ngm202");
    let long = format!("VOLT 1;{}", " ".repeat(70_000));
    assert_eq!(bench.ask(&long), "");
    assert_eq!(bench.errors(), ["-363,\"Input buffer overrun\""]);
    assert_eq!(bench.ask("VOLT?"), "0.000");
}

#[test]
fn an_answer_that_fits_nowhere_is_a_deadlock() {
    let mut bench = Bench::new("keysight-34980a");
    bench.ask("CONF:VOLT:DC 10,(@1001:1040)");
    let many = vec!["CONF? (@1001:1040)"; 900].join(";:");
    assert_eq!(bench.ask(&many), "");
    assert_eq!(bench.errors(), ["-430,\"Query DEADLOCKED\""]);
}

#[test]
fn nothing_is_answered_after_an_answer_without_end() {
    let mut bench = Bench::new("rs-ngm202");
    assert_eq!(bench.ask("*IDN?;VOLT?"), bench.ask("*IDN?"));
    assert_eq!(
        bench.errors(),
        ["-440,\"Query UNTERMINATED after indefinite response\""]
    );
    assert_eq!(bench.ask("VOLT?;*OPT?"), "0.000;0");
    assert_eq!(bench.errors(), [""; 0]);
}

#[test]
fn each_family_says_that_all_is_well_in_its_own_words() {
    for (model, clean) in [
        ("rs-ngm202", "0,\"No error\""),
        ("ea-psb10000", "0,\"No error\""),
        ("bk-8514b", "0,\"No Error\""),
        ("keysight-34980a", "+0,\"No error\""),
    ] {
        let mut bench = Bench::new(model);
        for query in ["SYST:ERR?", "SYST:ERROR:NEXT?", ":system:err:all?"] {
            assert_eq!(bench.ask(query), clean, "{model}");
        }
        assert_eq!(bench.ask("SYST:ERR:COUN?;CODE?"), "0;0", "{model}");
    }
}

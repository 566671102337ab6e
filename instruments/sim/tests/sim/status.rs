//! The status model, seen from outside.

use crate::bench::Bench;

#[test]
fn the_status_byte_sums_up() {
    let mut bench = Bench::new("rs-ngm202");
    for (line, expected) in [
        ("*ESR?", "128"),
        ("*ESR?", "0"),
        ("*STB?", "0"),
        ("VOLT 99", ""),
        ("*STB?", "4"),
        ("*ESE 16;*STB?", "36"),
        ("*SRE 32;*STB?", "100"),
        ("*SRE?", "32"),
        ("*SRE 255;*SRE?", "191"),
        ("*ESR?", "16"),
        ("*SRE 16;*ESE 0;*STB?", "4"),
        ("SYST:VERS?;*STB?", "1999.0;84"),
        ("SYST:ERR?", "-222,\"Data out of range\""),
        ("*STB?", "0"),
    ] {
        assert_eq!(bench.ask(line), expected, "{line}");
    }
}

#[test]
fn errors_set_the_bit_of_their_class() {
    let mut bench = Bench::new("rs-ngm202");
    bench.ask("*CLS");
    for (line, bit) in [
        ("BOGUS", 5),
        ("VOLT 99", 4),
        ("*RCL 3", 3),
        ("*IDN?;VOLT?", 2),
        ("*OPC", 0),
    ] {
        bench.ask(line);
        assert_eq!(bench.ask("*ESR?"), (1 << bit).to_string(), "{line}");
    }
}

#[test]
fn operation_complete_leaves_no_error() {
    let mut bench = Bench::new("rs-ngm202");
    bench.ask("*CLS");
    assert_eq!(bench.ask("*OPC;*ESR?"), "1");
    assert_eq!(bench.ask("*OPC?"), "1");
    assert_eq!(bench.ask("*WAI;*TST?"), "0");
    assert_eq!(bench.errors(), [""; 0]);
}

#[test]
fn clearing_and_resetting_are_two_things() {
    let mut bench = Bench::new("rs-ngm202");
    bench.ask("VOLT 5;VOLT 99;*ESE 60;*SRE 4");
    bench.ask("*RST");
    assert_eq!(
        bench.ask("VOLT?;*ESE?;*SRE?;:SYST:ERR:COUN?"),
        "0.000;60;4;1"
    );
    bench.ask("VOLT 5;*CLS");
    assert_eq!(
        bench.ask("VOLT?;*ESE?;*SRE?;:SYST:ERR:COUN?;*ESR?"),
        "5.000;60;4;0;0"
    );
}

#[test]
fn the_queue_overflows_at_its_end() {
    let mut bench = Bench::new("ea-psb10000");
    bench.ask("*CLS");
    for _ in 0..9 {
        bench.ask("VOLT 1");
    }
    bench.ask("BOGUS");
    let all = bench.errors();
    assert_eq!(all.len(), 5);
    assert_eq!(all[0], "-203,\"Command protected\"");
    assert_eq!(all[4], "-350,\"Queue overflow\"");
    bench.ask("VOLT 1;VOLT 1;VOLT 1");
    assert_eq!(
        bench.ask("SYST:ERR:ALL?"),
        ["-203,\"Command protected\""; 3].join(","),
        "all at once"
    );
    bench.ask("VOLT 1");
    assert_eq!(bench.ask("SYST:ERR:CODE?"), "-203");
}

#[test]
fn what_happens_on_a_channel_climbs_up() {
    let mut bench = Bench::new("rs-ngm202");
    for (line, expected) in [
        ("INST:NSEL 2;:VOLT 5;:CURR 1;:OUTP ON", ""),
        ("STAT:QUES:INST:ISUM2:COND?", "2"),
        ("STAT:QUES:INST:ISUM1:COND?", "0"),
        ("STAT:QUES:INST:COND?", "4"),
        ("STAT:QUES:COND?", "8192"),
        ("*STB?", "0"),
        ("STAT:QUES:ENAB 8192;*STB?", "8"),
        ("OUTP OFF", ""),
        // The event stays when the condition has gone.
        ("STAT:QUES:INST:ISUM2:COND?", "0"),
        ("*STB?", "8"),
        ("STAT:QUES?", "8192"),
        ("STAT:QUES:INST?", "4"),
        ("STAT:QUES:INST:ISUM2?", "2"),
        ("STAT:QUES:INST:ISUM2?", "0"),
        ("STAT:QUES:INST?", "0"),
        ("*STB?", "0"),
    ] {
        assert_eq!(bench.ask(line), expected, "{line}");
    }
}

#[test]
fn edges_are_caught_as_asked() {
    let mut bench = Bench::new("ea-psb10000");
    for (line, expected) in [
        ("STAT:QUES?", "512"),
        ("STAT:QUES:PTR 0;NTR 1024;NTR?", "1024"),
        ("SYST:LOCK ON;:STAT:QUES:COND?", "1024"),
        ("STAT:QUES?", "0"),
        ("SYST:LOCK OFF;:STAT:QUES:COND?", "512"),
        ("STAT:QUES?", "1024"),
        ("STAT:PRES;:STAT:QUES:PTR?;NTR?;ENAB?", "32767;0;0"),
        ("STAT:QUES:COND?", "512"),
        ("STAT:OPER:ENAB 65535;ENAB?", "32767"),
    ] {
        assert_eq!(bench.ask(line), expected, "{line}");
    }
}

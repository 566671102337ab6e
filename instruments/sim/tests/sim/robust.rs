//! Whatever is sent, an instrument goes on answering.

use crate::bench::Bench;
use proptest::prelude::*;

const MODELS: [&str; 4] = ["rs-ngm202", "ea-psb10000", "bk-8514b", "keysight-34980a"];

/// Still alive, and nothing of what came before sticks.
fn check_alive(bench: &mut Bench) {
    bench.instrument.receive(b"\n\n");
    let mut answer = Vec::new();
    bench.instrument.take_output(&mut answer);
    assert_eq!(bench.ask("*CLS;*ESE 5;*ESE?"), "5");
}

/// Whether a chamber's line holds no command: empty, or an address (digits and a comma) alone.
fn says_nothing(line: &str) -> bool {
    let line = line.trim();
    line.is_empty()
        || line.strip_suffix(',').is_some_and(|address| {
            !address.is_empty() && address.bytes().all(|byte| byte.is_ascii_digit())
        })
}

/// Pieces of messages that lead far into the engine.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        "(SOUR|SOUR2|:)?(VOLT|CURR|OUTP|MEAS|STAT:QUES|SYST:ERR|ROUT:CLOS|SENS:DIG:DATA|\\*SRE|\\*RCL|\\*SAV|FUNC|INP|APPL|READ|INIT|\\*TRG|\\*RST)(:PROT|:LEV|:STAT|:VOLT|:INST|:ALL)?[?]?",
        "[ ,;:]",
        "(MIN|MAX|DEF|UP|DOWN|ON|OFF|INF|NAN|AUTO)",
        "-?[0-9]{1,6}(\\.[0-9]{0,4})?(E-?[0-9]{1,3})?",
        "(@[0-9]{1,4}[:,][0-9]{4,5})",
        "#[0-9][0-9a-z]{0,12}",
        "['\"(@#*?]",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_do_no_harm(
        model in 0..MODELS.len(),
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
    ) {
        let mut bench = Bench::new(MODELS[model]);
        // A block that never ends would take in all that follows: no digits after a sharp.
        let bytes: Vec<u8> = bytes.into_iter().map(|byte| if byte == b'#' { b'$' } else { byte }).collect();
        bench.instrument.receive(&bytes);
        check_alive(&mut bench);
    }

    #[test]
    fn messages_that_nearly_make_sense_do_no_harm(
        model in 0..MODELS.len(),
        pieces in proptest::collection::vec(piece(), 0..40),
    ) {
        let mut bench = Bench::new(MODELS[model]);
        bench.ask("SYST:LOCK ON");
        bench.ask("SYST:REM");
        bench.ask(&pieces.join(" "));
        bench.ask(&pieces.concat());
        // Ends any block that is still open.
        bench.instrument.receive(&[b'\n'; 70_000]);
        check_alive(&mut bench);
        for (_, law) in bench.hand.with(|inside| inside.laws.clone()) {
            check_law(MODELS[model], law);
        }
    }

    #[test]
    fn a_chamber_answers_every_line(line in "[ -~]{0,40}") {
        let mut bench = Bench::new("espec-p300");
        let answer = bench.ask(&line);
        prop_assert_eq!(answer.is_empty(), says_nothing(&line), "`{}` got `{}`", line, answer);
        for (celsius, _) in bench.hand.with(|inside| inside.chamber.clone()) {
            prop_assert!((-40.0..=150.0).contains(&celsius));
        }
    }

    #[test]
    fn a_chamber_tells_an_address_from_a_command(line in " {0,2}[0-9]{0,2} {0,1},{0,2} {0,2}") {
        let answer = Bench::new("espec-p300").ask(&line);
        prop_assert_eq!(answer.is_empty(), says_nothing(&line), "`{}` got `{}`", line, answer);
    }

    #[test]
    fn it_does_not_matter_how_bytes_arrive(
        pieces in proptest::collection::vec(piece(), 0..20),
        cuts in proptest::collection::vec(1..7_usize, 1..10),
    ) {
        let text = pieces.join(" ") + "\n*ESR?;:SYST:ERR?\n";
        let (mut whole, mut cut) = (Bench::new("rs-ngm202"), Bench::new("rs-ngm202"));
        whole.instrument.receive(text.as_bytes());
        let mut rest = text.as_bytes();
        for size in cuts.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (now, later) = rest.split_at((*size).min(rest.len()));
            cut.instrument.receive(now);
            rest = later;
        }
        let (mut a, mut b) = (Vec::new(), Vec::new());
        whole.instrument.take_output(&mut a);
        cut.instrument.take_output(&mut b);
        prop_assert_eq!(a, b);
    }
}

/// No message takes an instrument beyond its ratings.
fn check_law(model: &str, law: sim::PortLaw) {
    let (volts, amps, watts) = match model {
        "rs-ngm202" => (20.0, 6.0, 60.0),
        "ea-psb10000" => (61.2, 173.4, 5100.0),
        _ => (120.0, 240.0, 1500.0),
    };
    match law {
        sim::PortLaw::Off => {}
        sim::PortLaw::Source(law) => {
            assert!((0.0..=volts).contains(&law.voltage_v), "{law:?}");
            assert!((0.0..=amps).contains(&law.source_limit_a), "{law:?}");
            assert!((0.0..=amps).contains(&law.sink_limit_a), "{law:?}");
            assert!((0.0..=watts).contains(&law.source_limit_w), "{law:?}");
            if model == "rs-ngm202" && law.voltage_v > 6.0 {
                assert!(law.source_limit_a <= 3.0, "{law:?}");
            }
        }
        sim::PortLaw::Load(law) => {
            assert!(law.limit_a <= amps && law.limit_w <= watts, "{law:?}");
            if let sim::LoadMode::Current(drawn) = law.mode {
                assert!((0.0..=amps).contains(&drawn), "{law:?}");
            }
        }
    }
}

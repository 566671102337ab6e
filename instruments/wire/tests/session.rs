//! Sessions against a scripted instrument: what is sent, and what comes of the answers.

mod common;

use common::{Echo, Script};
use proptest::prelude::*;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;
use units::{Amps, Volts};
use wire::{
    Dialect, ErrorReport, Fault, Faulty, LinkError, LoseOne, MessageCounter, NoTranscript, Pace,
    Rule, Schedule, Session, Stopwatch, Transcript, When, WireError,
};

/// Runs `talk` against a script and shows its outcome and everything that passed.
fn check<T: std::fmt::Debug>(
    dialect: Dialect,
    script: &str,
    talk: impl FnOnce(&mut Session) -> Result<T, WireError>,
) -> String {
    let pace = Arc::new(Stopwatch::new());
    let transcript = Transcript::default();
    let link = Box::new(Script::new(script, pace.clone()));
    let sink = Arc::new(transcript.clone());
    let mut session = Session::new("psu", link, dialect, pace, sink);
    let mut text = match talk(&mut session) {
        Ok(value) => format!("{value:?}\n"),
        Err(error) => format!("error: {error}\n"),
    };
    for exchange in transcript.all() {
        writeln!(text, "{exchange}").expect("a string takes it");
    }
    text
}

const CHAMBER: Dialect = Dialect {
    errors: ErrorReport::Reply {
        accepted: "OK:",
        refused: "NA:",
    },
    gap: Duration::from_millis(100),
    timeout: Duration::from_secs(1),
    resync: None,
    power_on: None,
};

#[test]
fn commands_are_checked() {
    insta::assert_snapshot!(check(
        Dialect::SCPI,
        "VOLT 5 -> ; SYST:ERR? -> +0,\"No error\"",
        |s| s.command("VOLT 5")
    ), @r#"
    ()
    0.000000 psu > VOLT 5
    0.000000 psu > SYST:ERR?
    0.000000 psu < +0,"No error"
    "#);
    insta::assert_snapshot!(check(
        Dialect::SCPI,
        "VOLT 75 -> ; SYST:ERR? -> -222,\"Data out of range\" | -350,\"Queue overflow\" | 0,'No Error'",
        |s| s.command("VOLT 75")
    ), @r#"
    error: psu refused `VOLT 75`: Data out of range (-222)
    0.000000 psu > VOLT 75
    0.000000 psu > SYST:ERR?
    0.000000 psu < -222,"Data out of range"
    0.000000 psu > SYST:ERR?
    0.000000 psu < -350,"Queue overflow"
    0.000000 psu > SYST:ERR?
    0.000000 psu < 0,'No Error'
    "#);
    insta::assert_snapshot!(check(
        Dialect::SCPI,
        "VOLT 5 -> ; SYST:ERR? -> fine",
        |s| s.command("VOLT 5")
    ), @r"
    error: psu answered `fine` to `SYST:ERR?`; expected an error number and its text
    0.000000 psu > VOLT 5
    0.000000 psu > SYST:ERR?
    0.000000 psu < fine
    ");
    insta::assert_snapshot!(check(Dialect::SCPI, "VOLT 5 ->", |s| s.command("VOLT 5")), @r"
    error: psu at script: no reply within 2s (asked `VOLT 5; SYST:ERR?`)
    0.000000 psu > VOLT 5
    0.000000 psu > SYST:ERR?
    2.000000 psu ! no reply within 2s
    ");
}

#[test]
fn instruments_that_answer_commands() {
    insta::assert_snapshot!(check(
        CHAMBER,
        "TEMP,S25.0 -> OK:TEMP,S25.0; TEMP? -> 23.1,25.0,100.0,-40.0",
        |s| {
            s.command("TEMP,S25.0")?;
            s.query_numbers("TEMP?", "°C", 4)
        }
    ), @r"
    [23.1, 25.0, 100.0, -40.0]
    0.000000 psu > TEMP,S25.0
    0.000000 psu < OK:TEMP,S25.0
    0.100000 psu > TEMP?
    0.100000 psu < 23.1,25.0,100.0,-40.0
    ");
    insta::assert_snapshot!(check(CHAMBER, "TEMP,S900 -> NA:DATA OUT OF RANGE", |s| {
        s.command("TEMP,S900")
    }), @r"
    error: psu refused `TEMP,S900`: DATA OUT OF RANGE (0)
    0.000000 psu > TEMP,S900
    0.000000 psu < NA:DATA OUT OF RANGE
    ");
    insta::assert_snapshot!(check(CHAMBER, "HUMI? -> NA:CMD ERR", |s| s.query("HUMI?")), @r"
    error: psu refused `HUMI?`: CMD ERR (0)
    0.000000 psu > HUMI?
    0.000000 psu < NA:CMD ERR
    ");
}

#[test]
fn set_points_are_read_back() {
    let set = |s: &mut Session| s.set_and_verify("VOLT 5", "VOLT?", Volts(5.0), Volts(0.01));
    insta::assert_snapshot!(check(
        Dialect::SCPI,
        "VOLT 5 -> ; SYST:ERR? -> 0,\"\"; VOLT? -> 5.005 V",
        set
    ), @r#"
    ()
    0.000000 psu > VOLT 5
    0.000000 psu > SYST:ERR?
    0.000000 psu < 0,""
    0.000000 psu > VOLT?
    0.000000 psu < 5.005 V
    "#);
    insta::assert_snapshot!(check(
        Dialect::SCPI,
        "VOLT 5 -> ; SYST:ERR? -> 0,\"\"; VOLT? -> 4.500",
        set
    ).lines().next().unwrap_or_default(), @"error: psu was set with `VOLT 5` but reads back 4.5 V, not 5 V");
    insta::assert_snapshot!(check(
        Dialect::SCPI,
        "OUTP ON -> ; SYST:ERR? -> 0,\"\"; OUTP? -> OFF",
        |s| s.switch_and_verify("OUTP ON", "OUTP?", true)
    ).lines().next().unwrap_or_default(), @"error: psu was set with `OUTP ON` but reads back off, not on");
}

#[test]
fn answers_that_mean_nothing() {
    type Talk = fn(&mut Session) -> Result<String, WireError>;
    let cases: [(&str, Talk); 7] = [
        ("MEAS:VOLT? -> 5.0 A", |s| {
            s.query_quantity::<Volts>("MEAS:VOLT?")
                .map(|v| v.to_string())
        }),
        ("MEAS:CURR? -> 9.91E37", |s| {
            s.query_quantity::<Amps>("MEAS:CURR?")
                .map(|v| v.to_string())
        }),
        ("READ? -> 1,2,3", |s| {
            s.query_numbers("READ?", "V", 2).map(|v| format!("{v:?}"))
        }),
        ("OUTP? -> MAYBE", |s| {
            s.query_bool("OUTP?").map(|v| v.to_string())
        }),
        ("*STB? -> 1.5", |s| {
            s.query_integer("*STB?").map(|v| v.to_string())
        }),
        ("ROUT:SCAN? -> (@101)", |s| {
            s.query_block("ROUT:SCAN?").map(|v| format!("{v:?}"))
        }),
        ("*IDN? -> \\xff", |s| s.query("*IDN?")),
    ];
    let mut table = String::new();
    for (script, talk) in cases {
        let text = check(Dialect::SCPI, script, talk);
        writeln!(table, "{}", text.lines().next().unwrap_or_default()).expect("a string takes it");
    }
    insta::assert_snapshot!(table, @r"
    error: psu answered `5.0 A` to `MEAS:VOLT?`; expected a number in V
    error: psu answered `9.91E37` to `MEAS:CURR?`; expected a number in A
    error: psu answered `1,2,3` to `READ?`; expected 2 × a number in V
    error: psu answered `MAYBE` to `OUTP?`; expected 1 or 0, ON or OFF
    error: psu answered `1.5` to `*STB?`; expected a whole number
    error: psu answered `(@101)` to `ROUT:SCAN?`; expected a block (no `#` and digit at its start)
    error: psu answered `\xff` to `*IDN?`; expected text
    ");
}

#[test]
fn a_late_answer_is_not_taken_for_the_next_one() {
    let pace = Arc::new(Stopwatch::new());
    let transcript = Transcript::default();
    let schedule = Schedule {
        seed: 0,
        rules: vec![Rule::new(
            When::Message(3),
            Fault::Delay(Duration::from_secs(3)),
        )],
    };
    let link = Faulty::new(
        Echo::new(pace.clone()),
        schedule,
        MessageCounter::new(),
        pace.clone(),
    );
    let sink = Arc::new(transcript.clone());
    let mut session = Session::new("psu", Box::new(link), Dialect::SCPI, pace, sink);
    session.query("*IDN?").expect("message 0 and 1 pass");
    let error = session.query("Q1?").expect_err("its answer is late");
    assert_eq!(
        error.to_string(),
        "psu at echo: no reply within 2s (asked `Q1?`)"
    );
    assert_eq!(session.query("Q2?").as_deref(), Ok("Q2?|Q2?"));
    let text: Vec<String> = transcript.all().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(text.join("\n"), @r#"
    0.000000 psu > *IDN?
    0.000000 psu < *IDN?|*IDN?
    0.000000 psu > Q1?
    2.000000 psu ! no reply within 2s
    2.000000 psu ! clearing the link
    2.000000 psu > *IDN?
    2.000000 psu < *IDN?|*IDN?
    2.000000 psu > SYST:ERR?
    2.000000 psu < 0,"No error"
    2.000000 psu > *ESR?
    2.000000 psu < *ESR?|*ESR?
    2.000000 psu > Q2?
    2.000000 psu < Q2?|Q2?
    "#);
}

#[test]
fn every_single_loss_is_noticed_and_survived() {
    let talk = |nth: u64| {
        let pace: Arc<dyn Pace> = Arc::new(Stopwatch::new());
        let counter = MessageCounter::new();
        let link = LoseOne::wrap(Echo::new(pace.clone()), nth, counter.clone(), pace.clone());
        let sink = Arc::new(NoTranscript);
        let mut session = Session::new("psu", Box::new(link), Dialect::SCPI, pace, sink);
        let outcomes = [
            session.query("*IDN?").map(drop),
            session.command("VOLT 5"),
            session.query("VOLT?").map(drop),
            session.command("OUTP ON"),
        ];
        (outcomes, counter.count())
    };
    let (clean, messages) = talk(u64::MAX);
    assert_eq!(clean, [Ok(()), Ok(()), Ok(()), Ok(())]);
    assert_eq!(messages, 10);
    for nth in 0..messages {
        let (outcomes, _) = talk(nth);
        let failed = outcomes.iter().filter(|outcome| outcome.is_err()).count();
        // A command that never arrives can't be noticed by the queue; reading back is for that.
        let silent = matches!(nth, 2 | 7);
        assert_eq!(failed, usize::from(!silent), "message {nth}: {outcomes:?}");
    }
}

#[test]
fn a_broken_connection_is_taken_up_again() {
    let pace: Arc<dyn Pace> = Arc::new(Stopwatch::new());
    let schedule = Schedule {
        seed: 0,
        rules: vec![Rule::new(When::Message(2), Fault::Disconnect)],
    };
    let link = Faulty::new(
        Echo::new(pace.clone()),
        schedule,
        MessageCounter::new(),
        pace.clone(),
    );
    let sink = Arc::new(NoTranscript);
    let mut session = Session::new("psu", Box::new(link), Dialect::SCPI, pace, sink);
    session.query("Q0?").expect("passes");
    let error = session.query("Q1?").expect_err("the connection breaks");
    assert!(
        matches!(
            error,
            WireError::Link {
                source: LinkError::Closed,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(session.query("Q2?").as_deref(), Ok("Q2?|Q2?"));
}

#[test]
fn rules_can_pick_messages_by_their_text() {
    let pace: Arc<dyn Pace> = Arc::new(Stopwatch::new());
    let rule = Rule {
        replies: Some(false),
        starts_with: Some("outp".into()),
        ..Rule::new(When::Chance(1.0), Fault::Lose)
    };
    let schedule = Schedule {
        seed: 1,
        rules: vec![rule],
    };
    let echo = Echo::new(pace.clone());
    let seen = echo.seen();
    let link = Faulty::new(echo, schedule, MessageCounter::new(), pace.clone());
    let sink = Arc::new(NoTranscript);
    let mut session = Session::new("psu", Box::new(link), Dialect::SCPI, pace, sink);
    session.command("VOLT 5").expect("passes");
    session
        .command("OUTP OFF")
        .expect("lost, and nobody noticed");
    let seen = seen.lock().expect("nobody panicked");
    assert_eq!(*seen, ["VOLT 5", "SYST:ERR?", "SYST:ERR?"]);
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let when = prop_oneof![
        (0..60_u64).prop_map(When::Message),
        (0.0..0.5).prop_map(When::Chance),
    ];
    let fault = prop_oneof![
        Just(Fault::Lose),
        (0..5000_u64).prop_map(|ms| Fault::Delay(Duration::from_millis(ms))),
        (0..12_usize).prop_map(Fault::Truncate),
        Just(Fault::Garble),
        Just(Fault::Disconnect),
    ];
    (when, proptest::option::of(any::<bool>()), fault).prop_map(|(when, replies, fault)| Rule {
        // A question that becomes another one under way is rightly answered as that one.
        replies: if fault == Fault::Garble {
            Some(true)
        } else {
            replies
        },
        ..Rule::new(when, fault)
    })
}

/// No answer in `outcomes` was given to another question. The echo says everything twice: where
/// the halves differ, the answer was damaged under way.
fn check_answers(outcomes: &[(String, Result<String, WireError>)]) -> Result<(), TestCaseError> {
    for (asked, outcome) in outcomes {
        if let Ok(answer) = outcome
            && let Some((first, second)) = answer.split_once('|')
            && first == second
        {
            prop_assert_eq!(first, asked);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Whatever befalls the messages, an answer is never handed out for another question, and the
    /// same seed takes the same course.
    #[test]
    fn an_answer_belongs_to_its_question(
        rules in proptest::collection::vec(any_rule(), 0..5),
        seed in any::<u64>(),
        resync in any::<bool>(),
    ) {
        let schedule = Schedule { seed, rules };
        let run = || {
            let pace: Arc<dyn Pace> = Arc::new(Stopwatch::new());
            let counter = MessageCounter::new();
            let echo = Echo::new(pace.clone());
            let link = Faulty::new(echo, schedule.clone(), counter.clone(), pace.clone());
            let dialect = Dialect { resync: resync.then_some("*IDN?"), ..Dialect::SCPI };
            let transcript = Transcript::default();
            let sink = Arc::new(transcript.clone());
            let mut session = Session::new("psu", Box::new(link), dialect, pace, sink);
            let mut outcomes = Vec::new();
            for n in 0..20 {
                for asked in ["*IDN?".to_owned(), format!("Q{n}?")] {
                    let answer = session.query(&asked);
                    outcomes.push((asked, answer));
                }
                let command = format!("SET {n}");
                let taken = session.command(&command).map(|()| String::new());
                outcomes.push((command, taken));
            }
            (outcomes, transcript.all(), counter.count())
        };
        let (outcomes, transcript, messages) = run();
        check_answers(&outcomes)?;
        prop_assert_eq!((outcomes, transcript, messages), run());
    }

    /// Even where clearing a link doesn't stop a late answer, the resync question does.
    #[test]
    fn resynchronisation_outlives_answers_that_cannot_be_stopped(
        gaps in proptest::collection::vec(1..12_u64, 1..6),
    ) {
        // An answer that's late while another one is being waited out can't be told apart from a
        // lost one by anybody: recoveries get eight reads to themselves.
        let slow = gaps.iter().scan(0, |at, gap| { *at += gap + 8; Some(*at) }).collect();
        let pace: Arc<dyn Pace> = Arc::new(Stopwatch::new());
        let link = Box::new(Echo::new(pace.clone()).slow_at(slow));
        let sink = Arc::new(NoTranscript);
        let mut session = Session::new("psu", link, Dialect::SCPI, pace, sink);
        prop_assert!(session.query("*IDN?").is_ok());
        let mut outcomes = Vec::new();
        for n in 0..20 {
            let asked = format!("Q{n}?");
            let answer = session.query(&asked);
            outcomes.push((asked, answer));
        }
        check_answers(&outcomes)?;
        prop_assert!(outcomes.iter().any(|(_, outcome)| outcome.is_ok()));
    }
}

#[test]
fn an_instrument_that_was_switched_off_and_on_is_noticed_once() {
    let pace = Arc::new(Stopwatch::new());
    let script = Script::new(
        "*IDN? -> ACME; *ESR? -> 0 | 128 | 0; VOLT? -> 5; SYST:ERR? -> 0",
        pace.clone(),
    );
    let mut session = Session::new(
        "psu",
        Box::new(script),
        Dialect::SCPI,
        pace,
        Arc::new(NoTranscript),
    );
    // Before anybody knows who it is, nobody can know what it was set to.
    session.distrust();
    assert_eq!(session.query("VOLT?"), Ok("5".into()));
    session.query("*IDN?").expect("an identity");
    session.distrust();
    assert_eq!(session.query("VOLT?"), Ok("5".into()), "it stayed on");
    session.distrust();
    let error = session.query("VOLT?").expect_err("it didn't");
    insta::assert_snapshot!(error.to_string(), @"psu was switched off and on meanwhile: its settings are gone (asked `VOLT?`)");
    assert_eq!(session.query("VOLT?"), Ok("5".into()), "said once");
}

#[test]
fn who_answers_otherwise_twice_is_somebody_else() {
    let pace = Arc::new(Stopwatch::new());
    let script = Script::new(
        "*IDN? -> ACME,1 | ACME,?; VOLT? -> 5; SYST:ERR? -> 0",
        pace.clone(),
    );
    let link = Box::new(script);
    let mut session = Session::new("psu", link, Dialect::SCPI, pace, Arc::new(NoTranscript));
    session.query("*IDN?").expect("an identity");
    session.distrust();
    let error = session.query("VOLT?").expect_err("a bad line, perhaps");
    insta::assert_snapshot!(error.to_string(), @"psu answered `ACME,?` to `*IDN?`; expected what it answered before");
    let error = session.query("VOLT?").expect_err("somebody else");
    insta::assert_snapshot!(error.to_string(), @"psu is a ACME,?, but before it was a ACME,1 (asked `VOLT?`)");
}

#[test]
fn what_must_not_wait_is_said_before_the_link_is_cleared() {
    let off = ["OUTP 0".to_owned()];
    let told = |slow: Vec<u64>, identified: bool, suspect: bool| {
        let pace: Arc<dyn Pace> = Arc::new(Stopwatch::new());
        let echo = Echo::new(pace.clone()).slow_at(slow);
        let seen = echo.seen();
        let sink = Arc::new(NoTranscript);
        let mut session = Session::new("psu", Box::new(echo), Dialect::SCPI, pace, sink);
        if identified {
            session.query("*IDN?").expect("an identity");
        }
        if suspect {
            session.distrust();
        }
        session.say_before_clearing(&off);
        let seen = seen.lock().expect("nobody panicked");
        seen.iter().any(|text| text == "OUTP 0")
    };
    assert!(told(Vec::new(), true, true));
    assert!(!told(Vec::new(), true, false), "the usual way is open");
    assert!(!told(Vec::new(), false, true), "nobody knows who that is");
}

//! The person at a real bench, asked on the terminal.

use api::{Answer, Clock, Operator, OperatorError, Request};
use std::io::{BufRead as _, IsTerminal as _};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// Kinds of request that somebody else has to answer begin with it.
const SECOND: &str = "second:";
/// How often a wait for a line looks at the clock.
const GLANCE: Duration = Duration::from_millis(200);

/// Whoever sits at the terminal; nobody, where there's none.
pub(crate) fn at_the_terminal(operators: &[String], clock: Arc<dyn Clock>) -> Box<dyn Operator> {
    if !std::io::stdin().is_terminal() {
        return Box::new(Absent);
    }
    let user = std::env::var("USER").ok();
    let who = match (operators, user) {
        ([only], _) => only.clone(),
        (_, Some(user)) => user,
        (_, None) => "the person at the terminal".to_owned(),
    };
    Box::new(Person {
        who,
        clock,
        lines: stdin_lines(),
    })
}

/// Lines of standard input, read by one thread for the whole process: a line that comes after its
/// question was given up must not hold up the next one.
fn stdin_lines() -> Arc<Mutex<Receiver<String>>> {
    static LINES: OnceLock<Arc<Mutex<Receiver<String>>>> = OnceLock::new();
    LINES
        .get_or_init(|| {
            let (send, lines) = channel();
            let started = std::thread::Builder::new()
                .name("standard input".into())
                .spawn(move || read_lines(&send));
            // Without the thread nobody ever answers, and that is what will be said.
            drop(started);
            Arc::new(Mutex::new(lines))
        })
        .clone()
}

fn read_lines(send: &Sender<String>) {
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else { return };
        if send.send(line).is_err() {
            return;
        }
    }
}

struct Person {
    who: String,
    clock: Arc<dyn Clock>,
    lines: Arc<Mutex<Receiver<String>>>,
}

impl Operator for Person {
    fn ask(&mut self, request: &Request) -> Result<Answer, OperatorError> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        // What was typed before the question is no answer to it.
        while lines.try_recv().is_ok() {}
        super::say(&format!(
            "\n{}\n(answer: {}, within {:?})",
            request.instruction, request.expected, request.within
        ));
        let deadline = self.clock.now() + request.within;
        let line = || {
            self.line(&lines, deadline)
                .ok_or_else(|| OperatorError::Silent {
                    instruction: request.instruction.clone(),
                    within: request.within,
                })
        };
        let who = if request.kind.starts_with(SECOND) {
            super::say("(another person than before answers this; first your name)");
            line()?
        } else {
            self.who.clone()
        };
        let text = line()?;
        Ok(Answer {
            who,
            text,
            at: self.clock.now(),
        })
    }
}

impl Person {
    /// The next line. Looking at the clock is a sign of life, so that nobody takes a bench that
    /// waits for a person for one that hangs; a stopped clock ends the wait.
    fn line(&self, lines: &Receiver<String>, deadline: Duration) -> Option<String> {
        loop {
            let left = deadline.checked_sub(self.clock.now())?;
            match lines.recv_timeout(left.min(GLANCE)) {
                Ok(line) => return Some(line.trim().to_owned()),
                Err(RecvTimeoutError::Timeout) => self.clock.sleep(Duration::ZERO).ok()?,
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }
}

/// Nobody is there to be asked.
struct Absent;

impl Operator for Absent {
    fn ask(&mut self, request: &Request) -> Result<Answer, OperatorError> {
        Err(OperatorError::Absent {
            instruction: request.instruction.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Person;
    use crate::run::WallClock;
    use api::{Operator as _, OperatorError, Request};
    use std::sync::mpsc::channel;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    #[test]
    fn only_what_is_typed_after_the_question_answers_it() {
        let (send, lines) = channel();
        let mut person = Person {
            who: "Ada".into(),
            clock: Arc::new(WallClock::start()),
            lines: Arc::new(Mutex::new(lines)),
        };
        let request = Request {
            kind: "read-led".into(),
            instruction: "Look at the LEDs".into(),
            expected: "on or off".into(),
            within: Duration::from_millis(40),
        };
        send.send("typed before".to_owned()).unwrap();
        assert!(matches!(
            person.ask(&request),
            Err(OperatorError::Silent { .. })
        ));
        let patient = Request {
            within: Duration::from_secs(20),
            ..request
        };
        let typist = std::thread::spawn(move || {
            let (_keep, never) = channel::<()>();
            let _timed_out = never.recv_timeout(Duration::from_millis(100));
            send.send(" on ".to_owned()).unwrap();
        });
        let answer = person.ask(&patient).unwrap();
        assert_eq!((answer.who.as_str(), answer.text.as_str()), ("Ada", "on"));
        typist.join().unwrap();
    }

    #[test]
    fn a_second_person_says_who_they_are() {
        let (send, lines) = channel();
        let mut person = Person {
            who: "Ada".into(),
            clock: Arc::new(WallClock::start()),
            lines: Arc::new(Mutex::new(lines)),
        };
        let request = Request {
            kind: "second:8.2-14".into(),
            instruction: "Were all steps done?".into(),
            expected: "yes".into(),
            within: Duration::from_secs(20),
        };
        let typist = std::thread::spawn(move || {
            let (_keep, never) = channel::<()>();
            let _timed_out = never.recv_timeout(Duration::from_millis(100));
            send.send("Grace".to_owned()).unwrap();
            send.send("yes".to_owned()).unwrap();
        });
        let answer = person.ask(&request).unwrap();
        assert_eq!(
            (answer.who.as_str(), answer.text.as_str()),
            ("Grace", "yes")
        );
        typist.join().unwrap();
    }

    #[test]
    fn a_stopped_run_waits_for_nobody() {
        let (_send, lines) = channel();
        let cancel = api::Cancel::new();
        cancel.cancel("interrupt (SIGINT)");
        let mut person = Person {
            who: "Ada".into(),
            clock: Arc::new(WallClock::start().stopped_by(cancel)),
            lines: Arc::new(Mutex::new(lines)),
        };
        let request = Request {
            kind: "attest:1-01".into(),
            instruction: "Is it safe?".into(),
            expected: "yes".into(),
            within: Duration::from_secs(3600),
        };
        assert!(matches!(
            person.ask(&request),
            Err(OperatorError::Silent { .. })
        ));
    }
}

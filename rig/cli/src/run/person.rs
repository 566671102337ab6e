//! The person at a real bench, asked on the terminal.

use api::{Answer, Clock, Operator, OperatorError, Request};
use std::io::{BufRead as _, IsTerminal as _};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

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
        match lines.recv_timeout(request.within) {
            Ok(line) => Ok(Answer {
                who: self.who.clone(),
                text: line.trim().to_owned(),
                at: self.clock.now(),
            }),
            Err(_) => Err(OperatorError::Silent {
                instruction: request.instruction.clone(),
                within: request.within,
            }),
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
}

//! Instruments small enough to be right.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use wire::{Link, LinkError, Pace};

/// Answers each question with itself, twice, and takes every command.
pub(crate) struct Echo {
    pace: Arc<dyn Pace>,
    replies: VecDeque<Vec<u8>>,
    /// Reads, from 0, that find nothing although the answer is on its way.
    slow: Vec<u64>,
    reads: u64,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Echo {
    pub(crate) fn new(pace: Arc<dyn Pace>) -> Self {
        Self {
            pace,
            replies: VecDeque::new(),
            slow: Vec::new(),
            reads: 0,
            seen: Arc::default(),
        }
    }

    /// Answers late at these reads, and then whatever is done to the connection.
    pub(crate) fn slow_at(self, slow: Vec<u64>) -> Self {
        Self { slow, ..self }
    }

    /// What arrived.
    pub(crate) fn seen(&self) -> Arc<Mutex<Vec<String>>> {
        self.seen.clone()
    }
}

impl Link for Echo {
    fn write(&mut self, message: &[u8]) -> Result<(), LinkError> {
        let text = String::from_utf8_lossy(message).into_owned();
        if text == "SYST:ERR?" {
            self.replies.push_back(b"0,\"No error\"".to_vec());
        } else if text.ends_with('?') {
            self.replies
                .push_back(format!("{text}|{text}").into_bytes());
        }
        self.seen.lock().expect("nobody panicked").push(text);
        Ok(())
    }

    fn read(&mut self, reply: &mut Vec<u8>, timeout: Duration) -> Result<(), LinkError> {
        let slow = self.slow.contains(&self.reads);
        self.reads += 1;
        match self.replies.pop_front() {
            Some(late) if slow => {
                self.replies.push_front(late);
                self.pace.wait(timeout);
                Err(LinkError::TimedOut { timeout })
            }
            Some(next) => {
                reply.extend(next);
                Ok(())
            }
            None => {
                self.pace.wait(timeout);
                Err(LinkError::TimedOut { timeout })
            }
        }
    }

    fn clear(&mut self) -> Result<(), LinkError> {
        if self.slow.is_empty() {
            self.replies.clear();
        }
        Ok(())
    }

    fn address(&self) -> &str {
        "echo"
    }
}

/// Answers as a text says: `QUERY? -> first | second; COMMAND ->`. The last answer repeats.
pub(crate) struct Script {
    pace: Arc<dyn Pace>,
    lines: Vec<(String, VecDeque<String>)>,
    replies: VecDeque<String>,
}

impl Script {
    pub(crate) fn new(text: &str, pace: Arc<dyn Pace>) -> Self {
        let lines = text
            .split(';')
            .map(|line| {
                let (asked, answers) = line.split_once("->").expect("a line has `->`");
                let answers = answers
                    .split(" | ")
                    .map(|answer| answer.trim().to_owned())
                    .filter(|answer| !answer.is_empty())
                    .collect();
                (asked.trim().to_owned(), answers)
            })
            .collect();
        Self {
            pace,
            lines,
            replies: VecDeque::new(),
        }
    }
}

impl Link for Script {
    fn write(&mut self, message: &[u8]) -> Result<(), LinkError> {
        let text = String::from_utf8_lossy(message);
        if let Some((_, answers)) = self.lines.iter_mut().find(|(asked, _)| *asked == text)
            && let Some(answer) = answers.pop_front()
        {
            if answers.is_empty() {
                answers.push_back(answer.clone());
            }
            self.replies.push_back(answer);
        }
        Ok(())
    }

    fn read(&mut self, reply: &mut Vec<u8>, timeout: Duration) -> Result<(), LinkError> {
        match self.replies.pop_front() {
            Some(next) if next == "\\xff" => reply.push(0xff),
            Some(next) => reply.extend(next.into_bytes()),
            None => {
                self.pace.wait(timeout);
                return Err(LinkError::TimedOut { timeout });
            }
        }
        Ok(())
    }

    fn clear(&mut self) -> Result<(), LinkError> {
        self.replies.clear();
        Ok(())
    }

    fn address(&self) -> &str {
        "script"
    }
}

//! Instruments that switch themselves off when nobody talks to them: the bench goes on talking.

use crate::BenchError;
use crate::bench::Bench;
use api::{Answer, OperatorError, Request};
use std::time::Duration;

/// So many words fall into the shortest time after which an instrument switches itself off.
const WORDS: u32 = 3;

impl Bench {
    /// How long the bench may be quiet; `None` where no instrument minds.
    fn longest_quiet(&self) -> Option<Duration> {
        let drivers = self.instruments.0.values();
        let shortest = drivers.filter_map(|driver| driver.watchdog()).min()?;
        Some(shortest / WORDS)
    }

    /// Says a word to each instrument that minds.
    fn kick(&mut self) -> Result<(), BenchError> {
        for driver in self.instruments.0.values_mut() {
            if driver.watchdog().is_some() {
                driver.kick()?;
            }
        }
        Ok(())
    }

    /// Disarms the watchdogs; one that stays armed bites an instrument that is off.
    pub(crate) fn disarm(&mut self) {
        let drivers = self.instruments.0.iter_mut();
        let armed = drivers.filter(|(_, driver)| driver.watchdog().is_some());
        let failed = armed.filter_map(|(id, driver)| {
            let error = driver.disarm().err()?;
            Some(format!("the watchdog of {id} stays armed: {error}"))
        });
        let failed: Vec<String> = failed.collect();
        for text in failed {
            self.warn(text);
        }
    }

    /// Lets time pass without letting a watchdog bite.
    pub(crate) fn sleep_alive(&mut self, time: Duration) -> Result<(), BenchError> {
        let Some(quiet) = self.longest_quiet() else {
            return Ok(self.clock.sleep(time)?);
        };
        let end = self.clock.now() + time;
        loop {
            let left = end.saturating_sub(self.clock.now());
            if left.is_zero() {
                return Ok(());
            }
            self.clock.sleep(left.min(quiet))?;
            self.kick()?;
        }
    }

    /// Asks the operator; a person may take longer than a watchdog waits, so the question waits on
    /// a thread of its own.
    pub(crate) fn ask_alive(&mut self, request: &Request) -> Result<Answer, OperatorError> {
        let Some(quiet) = self.longest_quiet() else {
            return self.operator.ask(request);
        };
        let Self {
            operator,
            instruments,
            ..
        } = self;
        std::thread::scope(|scope| {
            let (tell, told) = std::sync::mpsc::channel();
            scope.spawn(move || {
                // Whoever asked waits below.
                let _asked = tell.send(operator.ask(request));
            });
            loop {
                match told.recv_timeout(quiet) {
                    Ok(answer) => return answer,
                    Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => {
                        return Err(OperatorError::Silent {
                            instruction: request.instruction.clone(),
                            within: request.within,
                        });
                    }
                    Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
                        for driver in instruments.0.values_mut() {
                            if driver.watchdog().is_some() {
                                // One that is gone is found by the next command to it.
                                let _gone = driver.kick();
                            }
                        }
                    }
                }
            }
        })
    }
}

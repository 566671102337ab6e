//! The status model of IEEE 488.2 and SCPI-99: registers, summaries, error queue.

use std::collections::VecDeque;

use crate::action::TreeName;
use crate::fault::Fault;

/// A condition register with its transition filters, event latch and enable mask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Register {
    condition: u16,
    event: u16,
    pub(crate) enable: u16,
    pub(crate) rising: u16,
    pub(crate) falling: u16,
}

/// Bit 15 is never used, so that a register always reads as a positive number.
pub(crate) const REGISTER_BITS: u16 = 0x7fff;

impl Default for Register {
    fn default() -> Self {
        Self {
            condition: 0,
            event: 0,
            enable: 0,
            rising: REGISTER_BITS,
            falling: 0,
        }
    }
}

impl Register {
    pub(crate) fn condition(&self) -> u16 {
        self.condition
    }

    pub(crate) fn set_condition(&mut self, condition: u16) {
        let condition = condition & REGISTER_BITS;
        let rose = condition & !self.condition & self.rising;
        let fell = !condition & self.condition & self.falling;
        self.event |= rose | fell;
        self.condition = condition;
    }

    pub(crate) fn set_bits(&mut self, mask: u16, bits: u16) {
        self.set_condition(self.condition & !mask | bits & mask);
    }

    /// Reading the event register clears it.
    pub(crate) fn take_event(&mut self) -> u16 {
        std::mem::take(&mut self.event)
    }

    /// Latched events count, not what happens to be true now.
    pub(crate) fn summary(&self) -> bool {
        self.event & self.enable != 0
    }

    fn preset(&mut self, enable: u16) {
        self.enable = enable;
        self.rising = REGISTER_BITS;
        self.falling = 0;
    }
}

/// One of the two standard register trees: the register itself, its instrument summary (bit 13)
/// and one register a channel below that.
#[derive(Debug, Clone)]
pub(crate) struct RegisterTree {
    pub(crate) top: Register,
    pub(crate) instrument: Register,
    pub(crate) channels: Vec<Register>,
}

const INSTRUMENT_SUMMARY: u16 = 1 << 13;

impl RegisterTree {
    fn new(channels: usize) -> Self {
        Self {
            top: Register::default(),
            instrument: Register {
                enable: REGISTER_BITS,
                ..Register::default()
            },
            channels: vec![
                Register {
                    enable: REGISTER_BITS,
                    ..Register::default()
                };
                channels
            ],
        }
    }

    /// Carries the channels' events up to the instrument summary and from there to bit 13.
    pub(crate) fn propagate(&mut self) {
        let mut summary = 0;
        for (index, channel) in self.channels.iter().enumerate() {
            if channel.summary() {
                summary |= 2 << index;
            }
        }
        self.instrument.set_condition(summary);
        let bit = if self.instrument.summary() {
            INSTRUMENT_SUMMARY
        } else {
            0
        };
        self.top.set_bits(INSTRUMENT_SUMMARY, bit);
    }

    fn preset(&mut self) {
        self.top.preset(0);
        self.instrument.preset(REGISTER_BITS);
        for channel in &mut self.channels {
            channel.preset(REGISTER_BITS);
        }
    }

    fn clear(&mut self) {
        self.top.event = 0;
        self.instrument.event = 0;
        for channel in &mut self.channels {
            channel.event = 0;
        }
    }
}

/// Everything `*STB?` looks at.
#[derive(Debug, Clone)]
pub(crate) struct Status {
    event: u8,
    pub(crate) event_enable: u8,
    service_enable: u8,
    pub(crate) operation: RegisterTree,
    pub(crate) questionable: RegisterTree,
    errors: VecDeque<Fault>,
    capacity: usize,
}

/// Request for service can't request service.
const MASTER: u8 = 1 << 6;

impl Status {
    /// The state after power-on, with the power-on event set.
    pub(crate) fn new(channels: usize, capacity: usize) -> Self {
        Self {
            event: 1 << 7,
            event_enable: 0,
            service_enable: 0,
            operation: RegisterTree::new(channels),
            questionable: RegisterTree::new(channels),
            errors: VecDeque::with_capacity(capacity),
            capacity: capacity.max(1),
        }
    }

    pub(crate) fn tree(&mut self, name: TreeName) -> &mut RegisterTree {
        match name {
            TreeName::Operation => &mut self.operation,
            TreeName::Questionable => &mut self.questionable,
        }
    }

    pub(crate) fn report(&mut self, fault: Fault) {
        self.event |= fault.event_bit();
        if self.errors.len() < self.capacity {
            self.errors.push_back(fault);
        } else if let Some(newest) = self.errors.back_mut() {
            *newest = Fault::QUEUE_OVERFLOW;
            self.event |= Fault::QUEUE_OVERFLOW.event_bit();
        }
    }

    pub(crate) fn next_error(&mut self) -> Option<Fault> {
        self.errors.pop_front()
    }

    pub(crate) fn error_count(&self) -> usize {
        self.errors.len()
    }

    pub(crate) fn operation_complete(&mut self) {
        self.event |= 1;
    }

    pub(crate) fn take_event(&mut self) -> u8 {
        std::mem::take(&mut self.event)
    }

    pub(crate) fn service_enable(&self) -> u8 {
        self.service_enable
    }

    pub(crate) fn set_service_enable(&mut self, mask: u8) {
        self.service_enable = mask & !MASTER;
    }

    /// The status byte; `message_available` says whether a response waits to be read.
    pub(crate) fn byte(&mut self, message_available: bool) -> u8 {
        self.operation.propagate();
        self.questionable.propagate();
        let mut byte = 0;
        if !self.errors.is_empty() {
            byte |= 1 << 2;
        }
        if self.questionable.top.summary() {
            byte |= 1 << 3;
        }
        if message_available {
            byte |= 1 << 4;
        }
        if self.event & self.event_enable != 0 {
            byte |= 1 << 5;
        }
        if self.operation.top.summary() {
            byte |= 1 << 7;
        }
        if byte & self.service_enable != 0 {
            byte |= MASTER;
        }
        byte
    }

    /// `*CLS`: every event register and the error queue; masks and filters stay.
    pub(crate) fn clear(&mut self) {
        self.event = 0;
        self.operation.clear();
        self.questionable.clear();
        self.errors.clear();
    }

    /// `STATus:PRESet`: masks and filters; conditions, events and the queue stay.
    pub(crate) fn preset(&mut self) {
        self.operation.preset();
        self.questionable.preset();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_keeps_the_oldest_and_says_so() {
        let mut status = Status::new(1, 3);
        for code in [-101, -102, -103, -104, -105] {
            status.report(Fault(code));
        }
        let codes: Vec<i16> = std::iter::from_fn(|| status.next_error())
            .map(|f| f.0)
            .collect();
        assert_eq!(codes, [-101, -102, -350]);
    }

    #[test]
    fn summaries_come_from_latched_events() {
        let mut status = Status::new(1, 3);
        status.questionable.top.enable = 1;
        status.questionable.top.set_condition(1);
        status.questionable.top.set_condition(0);
        assert_eq!(
            status.byte(false) & 8,
            8,
            "the condition is gone, the event isn't"
        );
        assert_eq!(status.questionable.top.take_event(), 1);
        assert_eq!(status.byte(false) & 8, 0);
    }

    #[test]
    fn preset_leaves_the_condition() {
        let mut status = Status::new(1, 3);
        status.operation.top.set_condition(0x100);
        status.operation.top.enable = 0xff;
        status.preset();
        assert_eq!(status.operation.top.condition(), 0x100);
        assert_eq!(status.operation.top.enable, 0);
    }

    #[test]
    fn master_summary_counts_the_waiting_message() {
        let mut status = Status::new(1, 3);
        status.set_service_enable(255);
        assert_eq!(status.service_enable(), 191);
        status.set_service_enable(16);
        assert_eq!(status.byte(true), 80);
    }

    #[test]
    fn a_channel_reaches_the_status_byte() {
        let mut status = Status::new(2, 3);
        status.questionable.top.enable = 1 << 13;
        status.questionable.channels[1].set_condition(1);
        assert_eq!(status.byte(false), 8);
        assert_eq!(status.questionable.instrument.condition(), 4);
    }

    #[test]
    fn falling_edges_are_caught_when_asked() {
        let mut register = Register {
            rising: 0,
            falling: 2,
            ..Register::default()
        };
        register.set_condition(2);
        assert_eq!(register.take_event(), 0);
        register.set_condition(0);
        assert_eq!(register.take_event(), 2);
    }
}

//! `rig guard`, which nobody types: `rig run` starts it beside itself.

use crate::args::Guard;
use crate::exit::COULD_NOT_TELL;
use crate::guard::{Watch, watch};
use std::time::Duration;

pub(crate) fn perform(arguments: Guard) -> anyhow::Result<u8> {
    let safe = watch(&Watch {
        bench: arguments.bench,
        run: arguments.run,
        runner: arguments.runner,
        silence: Duration::from_millis(arguments.silence_ms),
    })?;
    Ok(if safe { 0 } else { COULD_NOT_TELL })
}

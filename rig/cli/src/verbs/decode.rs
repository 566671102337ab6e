//! `rig decode`.

use crate::args::Decode;
use crate::exit::Usage;

pub(crate) fn perform(arguments: &Decode) -> anyhow::Result<u8> {
    let decoded = telemetry::decode_to_json(&arguments.key, &arguments.advert);
    super::print_json(&decoded.map_err(|error| match error {
        // The texts themselves are wrong; what they stand for may be anything.
        telemetry::DecodeTextError::Key(_) | telemetry::DecodeTextError::Hex { .. } => {
            anyhow::Error::new(Usage::new(error))
        }
        telemetry::DecodeTextError::Decode(_) => anyhow::Error::new(error),
    })?);
    Ok(0)
}

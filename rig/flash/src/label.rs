//! What firmware says of itself.

use api::FirmwareLabel;

/// Looks for a label in bytes of flash or of an image.
pub(crate) fn find(_bytes: &[u8]) -> Option<FirmwareLabel> {
    None
}

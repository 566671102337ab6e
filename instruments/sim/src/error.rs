//! What can go wrong before an instrument answers its first message.

/// An instrument that can't be made, or can't be served.
#[derive(Debug, thiserror::Error)]
pub enum SimError {
    /// A dialect table that can't be read.
    #[error("can't read `{path}`: {source}")]
    Read {
        /// Where it was looked for.
        path: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A dialect table with a mistake.
    #[error("dialect `{file}`: {message}")]
    Dialect {
        /// The file, as it was found.
        file: String,
        /// What is wrong, and where.
        message: String,
    },
    /// A model that no table describes.
    #[error("no dialect describes `{model}`; known are {known}")]
    UnknownModel {
        /// As asked for.
        model: String,
        /// What there is.
        known: String,
    },
    /// A variant the model doesn't come in.
    #[error("`{model}` doesn't come as `{variant}`; it comes as {known}")]
    UnknownVariant {
        /// The model.
        model: String,
        /// As asked for.
        variant: String,
        /// What there is.
        known: String,
    },
    /// A card that doesn't fit.
    #[error("`{model}` can't have `{card}` in slot {slot}: {reason}")]
    Card {
        /// The model.
        model: String,
        /// The card as asked for.
        card: String,
        /// Where.
        slot: u8,
        /// Why not.
        reason: String,
    },
    /// The server can't listen.
    #[error("can't serve the instrument: {0}")]
    Serve(std::io::Error),
}

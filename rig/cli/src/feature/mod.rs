//! Feature files: found, parsed, checked against the steps that exist, and planned onto benches.

mod lint;
mod load;
mod plan;
mod vocabulary;

pub use lint::{Problem, ProblemKind, lint};
pub(crate) use lint::{kind_of, word_of};
pub use load::{Case, FeatureError, Loaded, Selector, load};
pub use plan::{Filter, FilterError, Offer, Placement, Planned, PlannedStep, plan};
pub use vocabulary::{Sentence, vocabulary};

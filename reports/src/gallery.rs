//! The pictures of a run: each a file of its own, and as many as fit inside the page.

use crate::error::ReportError;
use crate::model::{Run, Scenario};
use crate::{plot, replace};
use record::Verdict;
use std::collections::BTreeMap;
use std::path::Path;

/// Most bytes of pictures inside the page.
const INLINE: usize = 1_150_000;

/// A picture of one scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    /// Its file, relative to the run.
    pub(crate) file: String,
    /// For the page itself; none where the page would grow too large.
    pub(crate) inline: Option<String>,
}

/// Draws every scenario that has something to see, and notes in the run what is wrong with its
/// samples. One scenario's samples are in memory at a time, and those thinned.
///
/// # Errors
/// When a file can't be written.
pub(crate) fn draw(run_dir: &Path, run: &mut Run) -> Result<BTreeMap<u32, Picture>, ReportError> {
    let mut pictures = BTreeMap::new();
    let mut left = INLINE;
    let bins = bins(run.scenarios.len());
    let simulated = run.simulated();
    let mut order: Vec<&Scenario> = run.scenarios.iter().collect();
    // What needs attention has its picture in the page first.
    order.sort_by_key(|scenario| matches!(scenario.verdict, Verdict::Pass | Verdict::Skipped));
    for scenario in order {
        let mut samples = plot::samples(run_dir, scenario);
        run.gaps.append(&mut samples.problems);
        let draw = |trace: Option<&plot::Trace>| {
            plot::draw(scenario, trace, simulated).map_err(|reason| ReportError::Write {
                file: "plots",
                reason,
            })
        };
        let Some(svg) = draw(samples.trace.as_ref())? else {
            continue;
        };
        let file = format!("plots/{:04}.svg", scenario.number);
        make_folder(&run_dir.join("plots"))?;
        replace(&run_dir.join(&file), svg.as_bytes())?;
        let small = match &mut samples.trace {
            Some(trace) => {
                if trace.thin(bins) {
                    draw(Some(trace))?
                } else {
                    Some(svg)
                }
            }
            None => Some(svg),
        };
        let inline = small.filter(|svg| svg.len() <= left);
        left -= inline.as_ref().map_or(0, String::len);
        pictures.insert(scenario.number, Picture { file, inline });
    }
    Ok(pictures)
}

/// Bins of a picture inside the page: fewer where there are many pictures.
fn bins(scenarios: usize) -> usize {
    match scenarios {
        0..=4 => 1024,
        5..=16 => 512,
        17..=64 => 256,
        _ => 128,
    }
}

fn make_folder(path: &Path) -> Result<(), ReportError> {
    std::fs::create_dir_all(path).map_err(|source| ReportError::Io {
        path: path.display().to_string(),
        source,
    })
}

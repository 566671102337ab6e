//! `report.html`: one page that reads as the feature files do, without a network.
//!
//! Words carry every verdict, tables are tables and plots have their colours in attributes, so the
//! page can be read where scripts and style sheets are blocked.

mod annex;
mod chapters;
mod matrix;
mod parts;
mod scenario;
mod summary;
mod tables;

pub(crate) use parts::{class, limit, number, observed, rule, time};

use crate::gallery::Picture;
use crate::model::Run;
use crate::summary::Summary;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The page.
pub(crate) fn page(run: &Run, summary: &Summary, pictures: &BTreeMap<u32, Picture>) -> String {
    let title = format!("{} – test report", summary.verdict);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                @if run.simulated() { (watermark(run)) }
                header { (summary::header(run)) }
                main {
                    (summary::summary(run, summary))
                    (chapters::contents(run))
                    (chapters::chapters(run, pictures))
                    (matrix::matrix(run))
                    (annex::annex(run))
                }
                footer { (annex::end(run)) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

fn watermark(run: &Run) -> Markup {
    let options = run.start.as_ref().map(|start| &start.options);
    let faults = options.and_then(|options| options.get("fault"));
    html! {
        p.simulated {
            strong { "SIMULATED" }
            " – instruments or devices of this run are software. It says nothing about a real battery or BMS."
            @if let Some(faults) = faults { " Built in on purpose: " strong { (faults) } "." }
        }
        p.watermark aria-hidden="true" { "SIMULATED" }
    }
}

/// Nothing is loaded from anywhere, and only our own script and style sheet are run.
fn policy() -> String {
    let hash = |text: &str| base64(&Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4usize {
            let digit = (bits >> (18 - 6 * place)) & 63;
            let shown = place <= three.len();
            text.push(if shown {
                char::from(DIGITS[digit as usize])
            } else {
                '='
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_as_rfc_4648_has_it() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}

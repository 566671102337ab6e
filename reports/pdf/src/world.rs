//! All that the typesetter sees: one template, the data, the pictures, two faces.

use std::collections::{BTreeMap, HashMap};
use typst::diag::{FileError, FileResult, SourceDiagnostic, Warned};
use typst::ecow::EcoVec;
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

const TEMPLATE: &str = include_str!("report.typ");

/// Inter has tabular digits and the signs of mathematics; its licence stands beside the files.
const FACES: [&[u8]; 2] = [
    include_bytes!("../fonts/Inter-Regular.otf"),
    include_bytes!("../fonts/Inter-SemiBold.otf"),
];

/// Why a report can't be set.
#[derive(Debug, thiserror::Error)]
pub enum TypesetError {
    /// A picture's name is no path.
    #[error("`{0}` is no name of a picture")]
    Name(String),
    /// The typesetter refuses, or warns: a report must not silently lack a face or a sign.
    #[error("{}", .0.join("; "))]
    Refused(Vec<String>),
}

/// Sets a report as PDF/A-2a and PDF/UA-1. `document` is its data as JSON, `pictures` are SVG files
/// by the names that the data use.
///
/// # Errors
/// When the data aren't those of a report, a picture can't be read, or a sign has no glyph.
pub fn typeset(
    document: &str,
    pictures: &BTreeMap<String, Vec<u8>>,
) -> Result<Vec<u8>, TypesetError> {
    let desk = Desk::new(document, pictures)?;
    let pages = set(&desk)?;
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]);
    let options = PdfOptions {
        ident: Smart::Custom("rig test report".to_owned() + document),
        creator: Smart::Custom(Some("rig".into())),
        standards: standards
            .map_err(|error| TypesetError::Refused(vec![error.message().to_string()]))?,
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&pages, &options).map_err(refused);
    // What the typesetter remembers between documents is of no use to the next report.
    typst::comemo::evict(0);
    bytes
}

fn id(name: &str) -> Result<FileId, TypesetError> {
    let path = VirtualPath::new(name).map_err(|_| TypesetError::Name(name.to_owned()))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn refused(problems: EcoVec<SourceDiagnostic>) -> TypesetError {
    let told = |problem: &SourceDiagnostic| {
        let hints: Vec<String> = problem
            .hints
            .iter()
            .map(|hint| hint.v.to_string())
            .collect();
        if hints.is_empty() {
            problem.message.to_string()
        } else {
            format!("{} ({})", problem.message, hints.join("; "))
        }
    };
    TypesetError::Refused(problems.iter().map(told).collect())
}

struct Desk {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    main: Source,
    files: HashMap<FileId, Bytes>,
}

impl Desk {
    fn new(document: &str, pictures: &BTreeMap<String, Vec<u8>>) -> Result<Self, TypesetError> {
        let main = id("report.typ")?;
        let mut files = HashMap::from([(
            id("document.json")?,
            Bytes::new(document.as_bytes().to_vec()),
        )]);
        for (name, svg) in pictures {
            // The face that the page leaves to the browser is one of ours here.
            let svg = String::from_utf8_lossy(svg).replace("sans-serif", "Inter");
            files.insert(id(name)?, Bytes::new(svg.into_bytes()));
        }
        let fonts: Vec<Font> = FACES
            .into_iter()
            .flat_map(|face| Font::iter(Bytes::new(face)))
            .collect();
        Ok(Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            main: Source::new(main, TEMPLATE.to_owned()),
            files,
        })
    }
}

/// Lays the document out.
fn set(desk: &Desk) -> Result<PagedDocument, TypesetError> {
    let Warned { output, warnings } = typst::compile::<PagedDocument>(desk);
    let pages = output.map_err(refused)?;
    if warnings.is_empty() {
        Ok(pages)
    } else {
        Err(refused(warnings))
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() {
            Ok(self.main.clone())
        } else {
            Err(missing(id))
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or_else(|| missing(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    /// No clock: the day of issue is part of the data.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn missing(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_without_slash().into())
}

#[cfg(test)]
mod tests {
    use super::{Desk, set, typeset};
    use std::collections::BTreeMap;
    use typst::layout::{Frame, FrameItem};

    /// The data as the reports put them together: the snapshot of their test.
    fn document() -> String {
        let snapshot = include_str!(
            "../../tests/formal/snapshots/reports__formal__the_document_as_it_is_handed_on.snap"
        );
        snapshot.splitn(3, "---\n").nth(2).unwrap().to_owned()
    }

    fn pictures() -> BTreeMap<String, Vec<u8>> {
        let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" width="10" height="10"><text font-family="sans-serif" font-size="2" x="1" y="5">V</text></svg>"#;
        (1..10)
            .map(|number| (format!("plot-{number:04}.svg"), svg.as_bytes().to_vec()))
            .collect()
    }

    fn text_of(frame: &Frame, text: &mut String) {
        for (_, item) in frame.items() {
            match item {
                FrameItem::Group(group) => text_of(&group.frame, text),
                FrameItem::Text(run) => {
                    // A line that is broken goes on behind a space.
                    text.push_str(run.text.trim_end_matches('-'));
                    text.push(' ');
                }
                _ => {}
            }
        }
    }

    fn pages() -> Vec<String> {
        let desk = Desk::new(&document(), &pictures()).unwrap();
        let set = set(&desk).unwrap();
        set.pages()
            .iter()
            .map(|page| {
                let mut text = String::new();
                text_of(&page.frame, &mut text);
                text.split_whitespace().collect::<Vec<_>>().join(" ")
            })
            .collect()
    }

    #[test]
    fn every_page_is_identified_and_numbered_and_the_end_is_marked() {
        let pages = pages();
        assert!(pages.len() >= 3, "{}", pages.len());
        for (number, page) in (1..).zip(&pages) {
            assert!(page.contains("revision 1"), "page {number}: {page}");
            assert!(page.contains("SIMULATED"), "page {number}: {page}");
            let foot = format!("page {number} of {}", pages.len());
            assert!(page.contains(&foot), "page {number}: {page}");
        }
        assert!(pages.last().unwrap().contains("End of report"), "{pages:?}");
    }

    /// What the checklist asks for is set, under the heading that it names.
    #[test]
    fn every_item_of_the_checklist_is_set() {
        let all = pages().join(" ");
        let data: serde_json::Value = serde_json::from_str(&document()).unwrap();
        let list = data["checklist"].as_array().unwrap();
        assert!(list.len() > 30);
        for asked in list {
            let section = asked["section"].as_str().unwrap();
            let heading = section.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
            let known = section.starts_with("head") || all.contains(heading);
            assert!(known, "`{section}` is no heading: {all}");
            assert!(all.contains(asked["clause"].as_str().unwrap()), "{asked}");
        }
        for part in [
            "Example Laboratory",
            "1 Example Street",
            "Example Boats Ltd.",
            "none: simulated",
            "Battery manual, revision 16",
            "LFP-Smart 12.8/100",
            "HQ1",
            "Condition on receipt",
            "Items received",
            "2026-01-01T00:00:00Z",
            "Report issued",
            "no sampling took place",
            "relate only to the items tested",
            "reproduced except in full",
            "28.40 ± 0.10",
            "at least 30",
            "guard band",
            "TUR",
            "Authorised by",
            "Checked by",
            "Performed by",
            "external providers",
            "Supplied by the customer",
            "Environment",
            "C-1",
            "2027-01-01",
            "rig 0.1.0",
            "Opinions",
            "P pass, F fail",
            "journal.ndjson",
            "Original issue",
            "What needs attention",
            "proven off by read-back",
            "Attempts that were repeated",
        ] {
            assert!(all.contains(part), "`{part}` isn't set: {all}");
        }
    }

    #[test]
    fn the_same_data_give_the_same_bytes() {
        let once = typeset(&document(), &pictures()).unwrap();
        let twice = typeset(&document(), &pictures()).unwrap();
        assert!(once == twice);
        assert!(once.starts_with(b"%PDF-1.7"), "{:?}", &once[..8]);
        let text = String::from_utf8_lossy(&once);
        for standard in [
            "<pdfaid:part>2</pdfaid:part>",
            "<pdfaid:conformance>A</pdfaid:conformance>",
            "<pdfuaid:part>1</pdfuaid:part>",
        ] {
            assert!(text.contains(standard), "{standard}");
        }
    }

    #[test]
    fn what_cannot_be_set_is_refused() {
        let text = |from: &str, to: &str| {
            let changed = document().replace(from, to);
            assert_ne!(changed, document(), "{from}");
            typeset(&changed, &pictures()).unwrap_err().to_string()
        };
        let no_date = text("\"issued\": \"2026-01-01\"", "\"issued\": \"soon\"");
        assert!(no_date.contains("`soon` is no date"), "{no_date}");
        let no_glyph = text("Example Laboratory", "\u{4f8b}\u{3048}");
        assert!(
            no_glyph.contains("font") || no_glyph.contains("glyph"),
            "{no_glyph}"
        );
        let no_picture = typeset(&document(), &BTreeMap::new())
            .unwrap_err()
            .to_string();
        assert!(no_picture.contains("file not found"), "{no_picture}");
    }
}

//! The samples of every scenario, for whoever writes them in another form.

use crate::error::ReportError;
use crate::model::{Run, Scenario};
use crate::read::inside;
use record::SampleReader;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// Where the files of a form go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    /// Folder within the run's.
    pub(crate) folder: &'static str,
    /// What the names of its files end with.
    pub(crate) ending: &'static str,
}

/// Has every scenario's samples written: `FOLDER/NNNN.ENDING`. Samples that can't be read are a gap
/// of the run, told elsewhere.
///
/// # Errors
/// What `write` says; when the folder can't be made.
pub(crate) fn each(
    run_dir: &Path,
    run: &Run,
    kind: Kind,
    write: impl Fn(&Path, &Scenario, SampleReader<BufReader<File>>) -> Result<(), String>,
) -> Result<(), ReportError> {
    let folder = run_dir.join(kind.folder);
    let refused = |reason: String| ReportError::Write {
        file: kind.folder,
        reason,
    };
    for scenario in &run.scenarios {
        for file in scenario.samples.iter().filter(|file| inside(&file.path)) {
            let Ok(input) = File::open(run_dir.join(&file.path)) else {
                continue;
            };
            let Ok(reader) = SampleReader::new(BufReader::with_capacity(1 << 16, input)) else {
                continue;
            };
            std::fs::create_dir_all(&folder).map_err(|error| refused(error.to_string()))?;
            let path = folder.join(format!("{:04}.{}", scenario.number, kind.ending));
            write(&path, scenario, reader).map_err(refused)?;
        }
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests {
    use crate::model::Run;
    use record::{Event, Flush, Recorder, Scope, Verdict};
    use std::path::PathBuf;
    use std::time::Duration;

    /// A run of one scenario with two samples, each of which lacks a value.
    pub(crate) fn run_with_samples() -> (tempfile::TempDir, PathBuf, Run) {
        let kept = tempfile::tempdir().unwrap();
        let folder = kept.path().join("run");
        let recorder = Recorder::create(&folder, Flush::EveryEntry).unwrap();
        recorder.enter(Scope {
            scenario: Some(1),
            step: None,
        });
        let started = Event::ScenarioStarted {
            path: "a.feature".into(),
            line: 1,
            feature: "A".into(),
            description: String::new(),
            name: "B".into(),
            tags: Vec::new(),
            bench: "sim".into(),
            attempt: 1,
        };
        recorder.event(Duration::ZERO, &started);
        let columns = ["cell_1_v".into(), "pack_v".into()];
        let mut file = recorder.samples(&columns).unwrap().unwrap();
        file.writer.row(0.0, &[Some(3.25), None]).unwrap();
        file.writer.row(0.5, &[None, Some(13.0)]).unwrap();
        file.writer.flush().unwrap();
        let samples = Event::Samples {
            path: file.path,
            rows: 2,
        };
        recorder.event(Duration::ZERO, &samples);
        let ended = Event::ScenarioFinished {
            verdict: Verdict::Pass,
            reason: String::new(),
        };
        recorder.event(Duration::ZERO, &ended);
        recorder.flush();
        let run = crate::read(&folder).unwrap();
        (kept, folder, run)
    }
}

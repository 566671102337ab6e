//! Every file that is shipped loads, and says what the suite counts on.

use config::{Bench, BenchKind, FileKind, SearchPath};
use std::path::{Path, PathBuf};

fn fixtures() -> SearchPath {
    SearchPath::new(vec![
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures"),
    ])
}

fn bench(name: &str) -> Bench {
    fixtures()
        .bench(name)
        .unwrap_or_else(|error| panic!("{error}"))
}

fn stems(kind: FileKind) -> Vec<String> {
    fixtures()
        .list(kind)
        .into_iter()
        .map(|(_, path): (String, PathBuf)| {
            path.file_stem()
                .map(|stem| stem.to_string_lossy().into_owned())
                .unwrap_or_default()
        })
        .collect()
}

#[test]
fn every_bench_loads_and_gives_what_it_says() {
    let gives: Vec<_> = fixtures()
        .list(FileKind::Bench)
        .iter()
        .map(|(name, _)| {
            let words: Vec<_> = bench(name).gives().into_iter().collect();
            format!("{name}: {}", words.join(" "))
        })
        .collect();
    insta::assert_snapshot!(gives.join("\n"));
}

#[test]
fn benches_find_their_products_and_devices() {
    for (name, _) in fixtures().list(FileKind::Bench) {
        let bench = bench(&name);
        let path = fixtures();
        let product = path
            .battery_product(&bench.device.battery)
            .unwrap_or_else(|error| panic!("{error}"));
        let device = path
            .battery_device(&bench.device.battery)
            .unwrap_or_else(|error| panic!("{error}"));
        path.bms_product(&bench.device.bms)
            .unwrap_or_else(|error| panic!("{error}"));
        path.bms_device(&bench.device.bms)
            .unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(product.cells, device.cells, "{name}");
        assert_eq!(product.cells, bench.cells_per_battery(), "{name}");
        if bench.kind == BenchKind::Battery {
            let share = bench.device.topology.parallel as f64;
            let wanted = product.recommended_charge_current * share;
            assert!(bench.envelope.current.to > wanted, "{name}");
        }
    }
}

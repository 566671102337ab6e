//! A build for a laboratory.

use crate::command::{fixtures, rig};

#[test]
fn a_build_without_the_simulator_says_so_where_it_is_asked_for_one() {
    let bench = fixtures().join("benches/sim-board-4s.yaml");
    let bench = bench.to_str().unwrap();
    for (arguments, code) in [
        (&["run", "--bench", bench][..], 2),
        (&["safe", "--bench", bench], 2),
        (&["sim", "serve", "--bench", bench], 2),
        (&["run"], 64),
    ] {
        let done = rig(arguments);
        assert_eq!(done.code, code, "{arguments:?}: {}", done.stderr);
        assert!(
            done.stderr
                .contains("this build of rig contains no simulator"),
            "{}",
            done.stderr
        );
    }
}

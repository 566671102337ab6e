//! Work spread over threads, each with a simulated world of its own.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Does every piece, `jobs` at a time, and returns what came of them in the order of the pieces.
pub(super) fn run<P: Sync, D: Send>(
    pieces: &[P],
    jobs: usize,
    work: impl Fn(&P) -> D + Sync,
) -> Vec<D> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, D)>> = Mutex::new(Vec::with_capacity(pieces.len()));
    std::thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, pieces.len().max(1)) {
            scope.spawn(|| {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(piece) = pieces.get(place) else {
                        break;
                    };
                    let result = work(piece);
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    done.push((place, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_piece_is_done_once_and_stays_in_its_place() {
        let pieces: Vec<u32> = (0..50).collect();
        for jobs in [0, 1, 3, 99] {
            let doubled = super::run(&pieces, jobs, |piece| piece * 2);
            let expected: Vec<u32> = pieces.iter().map(|piece| piece * 2).collect();
            assert_eq!(doubled, expected, "{jobs} jobs");
        }
    }
}

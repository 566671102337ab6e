//! Samples of one file, thinned while they stream by: memory doesn't grow with the rows.
//!
//! Time is cut into equal bins; a bin keeps the first, lowest, highest and last value of each
//! column with their instants, so no extreme is lost. When time runs past the last bin, pairs of
//! bins are merged and every bin is twice as long.

/// Most bins of a trace; a plot has fewer pixel columns.
const BINS: usize = 1024;
/// Length of the first bins, s: below the resolution of sample files.
const SHORTEST_S: f64 = 0.000_5;

/// A value and its instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    pub(crate) at_s: f64,
    pub(crate) value: f64,
}

/// What one bin keeps of one column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bin {
    /// Rows that had a value.
    pub(crate) count: u32,
    /// Rows that had none.
    pub(crate) missing: u32,
    pub(crate) first: Point,
    pub(crate) lowest: Point,
    pub(crate) highest: Point,
    pub(crate) last: Point,
}

impl Bin {
    const EMPTY: Self = {
        let none = Point {
            at_s: 0.0,
            value: 0.0,
        };
        Self {
            count: 0,
            missing: 0,
            first: none,
            lowest: none,
            highest: none,
            last: none,
        }
    };

    fn add(&mut self, at_s: f64, value: Option<f64>) {
        let Some(value) = value.filter(|value| value.is_finite()) else {
            self.missing += 1;
            return;
        };
        let point = Point { at_s, value };
        if self.count == 0 {
            (self.first, self.lowest, self.highest) = (point, point, point);
        } else if value < self.lowest.value {
            self.lowest = point;
        } else if value > self.highest.value {
            self.highest = point;
        }
        self.last = point;
        self.count += 1;
    }

    /// This bin and the one after it as one.
    fn merge(&mut self, next: &Self) {
        self.missing += next.missing;
        if next.count == 0 {
            return;
        }
        if self.count == 0 {
            let missing = self.missing;
            *self = Self { missing, ..*next };
            return;
        }
        if next.lowest.value < self.lowest.value {
            self.lowest = next.lowest;
        }
        if next.highest.value > self.highest.value {
            self.highest = next.highest;
        }
        self.last = next.last;
        self.count += next.count;
    }

    /// The kept points in the order of time, each once.
    pub(crate) fn points(&self) -> impl Iterator<Item = Point> {
        let (early, late) = if self.lowest.at_s <= self.highest.at_s {
            (self.lowest, self.highest)
        } else {
            (self.highest, self.lowest)
        };
        let mut before = None;
        let kept = [self.first, early, late, self.last];
        let kept = kept.into_iter().take(if self.count == 0 { 0 } else { 4 });
        kept.filter(move |&point| before.replace(point) != Some(point))
    }
}

/// The thinned samples of one file.
#[derive(Debug, Clone)]
pub(crate) struct Trace {
    columns: Vec<String>,
    bins: Vec<Bin>,
    used: usize,
    begin_s: Option<f64>,
    end_s: f64,
    width_s: f64,
    /// Whether every value so far was 0 or 1, by column.
    binary: Vec<bool>,
    /// Rows taken.
    pub(crate) rows: u64,
    /// Rows without an instant, or with one before the first: not drawn.
    pub(crate) astray: u64,
}

impl Trace {
    /// A trace of these columns, without a row yet.
    pub(crate) fn new(columns: &[String]) -> Self {
        Self {
            columns: columns.to_vec(),
            bins: vec![Bin::EMPTY; BINS * columns.len()],
            used: 0,
            begin_s: None,
            end_s: 0.0,
            width_s: SHORTEST_S,
            binary: vec![true; columns.len()],
            rows: 0,
            astray: 0,
        }
    }

    /// Takes one row.
    pub(crate) fn row(&mut self, at_s: f64, values: &[Option<f64>]) {
        self.rows += 1;
        if !at_s.is_finite() || self.begin_s.is_some_and(|begin| at_s < begin) {
            self.astray += 1;
            return;
        }
        let begin = *self.begin_s.get_or_insert(at_s);
        self.end_s = self.end_s.max(at_s);
        let bin = loop {
            let bin = (at_s - begin) / self.width_s;
            if bin < BINS as f64 {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "between 0 and BINS"
                )]
                break bin as usize;
            }
            self.halve();
        };
        self.used = self.used.max(bin + 1);
        let columns = self.columns.len();
        let bins = &mut self.bins[bin * columns..(bin + 1) * columns];
        for (at, bin) in bins.iter_mut().enumerate() {
            let value = values.get(at).copied().flatten();
            self.binary[at] &= value.is_none_or(|value| value == 0.0 || value == 1.0);
            bin.add(at_s, value);
        }
    }

    fn halve(&mut self) {
        let columns = self.columns.len();
        for bin in 0..BINS / 2 {
            for column in 0..columns {
                let mut first = self.bins[2 * bin * columns + column];
                first.merge(&self.bins[(2 * bin + 1) * columns + column]);
                self.bins[bin * columns + column] = first;
            }
        }
        self.bins[BINS / 2 * columns..].fill(Bin::EMPTY);
        self.used = self.used.div_ceil(2);
        self.width_s *= 2.0;
    }

    /// Merges bins until there are at most this many; tells whether it had to.
    pub(crate) fn thin(&mut self, most: usize) -> bool {
        let had_to = self.used > most.max(1);
        while self.used > most.max(1) {
            self.halve();
        }
        had_to
    }

    /// Names of the columns.
    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// First and last instant, s.
    pub(crate) fn span(&self) -> Option<(f64, f64)> {
        self.begin_s.map(|begin| (begin, self.end_s))
    }

    /// Whether a column only ever was 0 or 1.
    pub(crate) fn is_binary(&self, column: usize) -> bool {
        self.binary[column]
    }

    /// Bins of a column in the order of time.
    pub(crate) fn bins(&self, column: usize) -> impl Iterator<Item = &Bin> {
        let columns = self.columns.len();
        (0..self.used).map(move |bin| &self.bins[bin * columns + column])
    }

    /// Lowest and highest value of a column; none if it has no value at all.
    pub(crate) fn range(&self, column: usize) -> Option<(f64, f64)> {
        self.bins(column)
            .filter(|bin| bin.count > 0)
            .map(|bin| (bin.lowest.value, bin.highest.value))
            .reduce(|(low, high), (l, h)| (low.min(l), high.max(h)))
    }
}

#[cfg(test)]
mod tests {
    use super::{BINS, Trace};

    fn trace(rows: impl Iterator<Item = (f64, Option<f64>)>) -> Trace {
        let mut trace = Trace::new(&["x".to_owned()]);
        rows.for_each(|(at_s, value)| trace.row(at_s, &[value]));
        trace
    }

    #[test]
    fn no_extreme_is_lost_however_many_rows_there_are() {
        let row = |at: u32| match at {
            77_777 => 9.0,
            12_345 => -9.0,
            _ => f64::from(at % 7) / 7.0,
        };
        let thinned = trace((0..100_000).map(|at| (f64::from(at) * 0.1, Some(row(at)))));
        assert_eq!(thinned.range(0), Some((-9.0, 9.0)));
        assert_eq!(thinned.rows, 100_000);
        assert!(thinned.bins(0).count() <= BINS);
        let at = thinned
            .bins(0)
            .flat_map(super::Bin::points)
            .find(|p| p.value == 9.0);
        assert_eq!(at.map(|point| point.at_s), Some(77_777.0 * 0.1));
    }

    #[test]
    fn few_rows_are_kept_as_they_are() {
        let rows = [(0.0, 1.0), (0.1, 2.0), (0.2, 2.0), (5.0, 3.0)];
        let kept = trace(rows.iter().map(|&(at_s, value)| (at_s, Some(value))));
        let points = kept.bins(0).flat_map(super::Bin::points);
        assert_eq!(points.map(|p| (p.at_s, p.value)).collect::<Vec<_>>(), rows);
    }

    #[test]
    fn points_stand_in_the_order_of_time() {
        let wave = (0..5000).map(|at| (f64::from(at), Some((f64::from(at) * 0.7).sin())));
        let thinned = trace(wave);
        let times: Vec<f64> = thinned
            .bins(0)
            .flat_map(super::Bin::points)
            .map(|p| p.at_s)
            .collect();
        assert!(times.is_sorted());
    }

    #[test]
    fn what_is_no_number_counts_as_missing() {
        let odd = trace([(0.0, Some(f64::NAN)), (1.0, None), (f64::NAN, Some(1.0))].into_iter());
        assert_eq!(odd.range(0), None);
        assert_eq!(odd.bins(0).map(|bin| bin.missing).sum::<u32>(), 2);
        assert_eq!(odd.astray, 1);
    }
}

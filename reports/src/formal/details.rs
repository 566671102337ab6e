//! What only people know of a test: given in a file, kept with the run.

use crate::model::Run;
use serde::{Deserialize, Serialize};

/// A person and what they answer for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Function: `head of laboratory`.
    pub function: String,
}

/// What a formal report asks of people. Everything may be left out here; what ISO/IEC 17025 7.8
/// asks for and nothing else tells is then named as missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Details {
    /// Number in the laboratory's own counting; without it, day and head of the record.
    pub number: Option<String>,
    /// Title; without it, `Test report`.
    pub title: Option<String>,
    /// Day of issue, `2027-03-01`.
    pub issued: Option<String>,
    /// Where the tests were performed; without it, the laboratory's address.
    pub location: Option<String>,
    /// Who speaks for the customer, and how they are reached.
    pub customer_contact: Option<String>,
    /// What was tested, so that nobody confuses it with another.
    pub item: Option<String>,
    /// State in which it arrived.
    pub condition: Option<String>,
    /// Day on which it arrived.
    pub received: Option<String>,
    /// How the items were chosen, and by whom.
    pub sampling: Option<String>,
    /// Temperature and humidity around the bench, at the start and the end.
    pub environment: Option<String>,
    /// Additions to, deviations and exclusions from the method; an empty list says there are none.
    pub deviations: Option<Vec<String>>,
    /// Who performed the tests; without them, who answered for the operator.
    pub performed_by: Vec<Person>,
    /// Who checked the results.
    pub checked_by: Option<Person>,
    /// Who authorises the report.
    pub authorised_by: Option<Person>,
    /// Results from others, marked; `none` says there are none.
    pub external_results: Option<String>,
    /// What the customer supplied and the laboratory didn't check; `none` says there is nothing.
    pub customer_data: Option<String>,
    /// Opinions and interpretations, kept apart from the results.
    pub opinions: Vec<String>,
}

impl Details {
    /// What can honestly be said where nothing was real. What somebody gave is kept.
    #[must_use]
    pub fn for_simulation(mut self, run: &Run) -> Self {
        const NOBODY: &str = "nobody: a simulated run is not released";
        let started = run.start.as_ref().map_or("", |start| &start.started);
        let say = |place: &mut Option<String>, text: &str| {
            place.get_or_insert_with(|| text.to_owned());
        };
        say(&mut self.issued, started.get(..10).unwrap_or("undated"));
        say(
            &mut self.location,
            "a computer: every instrument and device is software",
        );
        say(&mut self.customer_contact, "none: simulated");
        say(
            &mut self.item,
            "simulated batteries and management systems; no physical item exists",
        );
        say(
            &mut self.condition,
            "as the device files of the run describe it",
        );
        say(&mut self.received, "not received: simulated");
        say(&mut self.sampling, "no sampling took place");
        say(
            &mut self.environment,
            "that of the simulated room, as the bench files give it",
        );
        say(&mut self.external_results, "none");
        say(&mut self.customer_data, "none");
        self.deviations.get_or_insert_with(|| {
            vec!["Instruments and devices are simulated; nothing here was measured.".into()]
        });
        let nobody = || Person {
            name: NOBODY.into(),
            function: "–".into(),
        };
        if self.performed_by.is_empty() {
            self.performed_by.push(Person {
                name: "virtual operator".into(),
                function: "simulation".into(),
            });
        }
        self.checked_by.get_or_insert_with(nobody);
        self.authorised_by.get_or_insert_with(nobody);
        self
    }
}

@bench:battery
Feature: Recognising cells that are apart
  Balanced cells never make the BMS stop the charger, and agree late in absorption. A cell that is
  behind takes the loads off while the battery as a whole looks well. A cell that sags while nothing
  is connected is no case for balancing: it is broken.

  @clause:6.1.1-01 @needs:balanced @needs:topology:1S1P
  Scenario: Balanced cells let a charge run through and stay in float
    Given a battery at rest with every cable plugged
    When the battery is fully charged
    Then the BMS did not interrupt the charge

  @clause:6.1.1-02 @needs:lagging-cell
  Scenario: A cell that is behind takes the loads off early
    Given a battery at rest with every cable plugged
    When the battery is discharged until the loads go off
    Then the battery as a whole still had a good voltage

  @clause:6.1.1-04 @needs:balanced @needs:topology:1S1P
  Scenario: No cell sags during a day without use
    Given a battery at rest with every cable plugged
    When the battery is left alone for a day
    Then no cell has sagged away from the others

  @clause:6.1.5-01 @needs:balanced
  Scenario: No cell is as low as if it were damaged
    Given the battery is connected whatever the BMS reports
    Then neither a cell nor the battery is so low that it counts as damaged

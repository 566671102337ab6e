@bench:battery
Feature: The first charge, with a BMS
  A new battery is about half full. Before it goes to work it is charged by itself, with a BMS that
  has the charger in its hand, until it is in float and its cells are reported as balanced.

  @clause:4.3.2-04 @clause:4.3.2-05 @needs:balanced
  Scenario: A cable that is unplugged interrupts the first charge
    Given a battery at rest with every cable plugged
    When each cable is unplugged and plugged in again during a charge
    Then the charger went off without the cable each time
    And the charge went on with the cable back each time

  @clause:4.3.2-06 @clause:4.3.2-08 @clause:4.3.2-09 @needs:balanced
  Scenario: A battery with even cells is filled in one go
    Given a battery at rest with every cable plugged
    When the battery is fully charged
    Then the charger charged soon after it was switched on
    And the BMS did not interrupt the charge
    And the battery is full

  @clause:4.3.2-07 @clause:6.2.1-06 @needs:imbalance
  Scenario: Cells that are apart interrupt the charge until they are together
    Given a battery at rest with every cable plugged
    When the battery is charged until its cells are together, for 14 h at most
    Then the interruptions came to an end in time

  @clause:4.3.2-10 @clause:4.3.2-09 @needs:lagging-cell
  Scenario: A battery that is not balanced is charged again and again
    Given a battery at rest with every cable plugged
    When the battery is charged until its cells are together, for 48 h at most
    Then no more restarts were needed than the manual lets expect
    And the battery is full

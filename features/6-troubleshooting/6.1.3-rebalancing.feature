@bench:battery
Feature: Rebalancing
  A battery out of balance is charged, under a BMS, until its cells are together. Balancing needs
  the absorption voltage, so the charge is begun anew each time it has gone to float. What is
  missing, divided by the balancing current, says how long it must take.

  @clause:6.1.3-03 @clause:6.1.3-04 @clause:6.1.3-05 @clause:6.1.3-06 @clause:6.1.3-08
  @clause:8.3-01 @clause:8.3-04 @needs:half-empty-cell
  Scenario: A battery of 200 Ah with one cell half empty is rebalanced in days
    Given a battery at rest with every cable plugged
    When the battery is rebalanced with 100 Ah missing in one cell
    Then no more restarts were needed than the manual lets expect
    And the balancer was at work whenever it had to be
    And the cells were close to their end when little current was left
    And the cells are together with hardly any current left
    And rebalancing took about as long as estimated and not less

  @clause:6.1.3-02 @clause:6.2.2-01 @clause:6.2.2-02 @needs:imbalance
  Scenario: The charger goes off for a high cell and for nothing else
    Given a battery at rest with every cable plugged
    When the battery is charged through 4 interruptions by the BMS
    Then the charger went off at the charge limit of a cell each time
    And the cells of every battery are on record

  @clause:6.1.3-04 @needs:imbalance
  Scenario: The balancer works on while the BMS holds the charger off
    Given a battery at rest with every cable plugged
    When the battery is charged until its cells are together, for 14 h at most
    Then the balancer was at work whenever it had to be

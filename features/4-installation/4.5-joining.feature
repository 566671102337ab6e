@bench:battery
Feature: Joining the battery and the rig
  Before a relay closes the rig looks where plus is; when it has closed, nothing flows that nobody
  asked for.

  @clause:4.1-03 @clause:4.5-01
  Scenario: Right way round and without a spark
    Then the battery's plus is where the rig takes it to be
    And joining the battery makes no current flow

  @clause:1.1-07
  Scenario: The rig knows what the battery bears
    Then the rig may do nothing that harms the battery

  @clause:1.2-04 @clause:5.4-01
  Scenario: The load draws current at a temperature that allows it
    Given a battery at rest with every cable plugged
    And the charger and the load are running
    Then the battery is at a temperature at which it may be discharged

@bench:battery @needs:balanced @needs:topology:1S1P
Feature: Less capacity than expected

  @clause:6.1.4-01
  Scenario: A healthy battery gives what it is rated for
    Given a battery at rest with every cable plugged
    And the battery was fully charged
    When the battery is discharged until the loads go off
    Then the battery has its capacity

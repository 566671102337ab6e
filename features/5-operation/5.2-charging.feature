@bench:battery @needs:balanced
Feature: Charging
  An empty battery takes two hours to absorption, is kept there for two more so that its cells can
  balance, and then goes down to float. Absorption has to add up to some hours a month.

  @clause:5.2-21 @clause:6.1.1-03 @needs:topology:1S1P
  Scenario: A charge from empty takes two hours to absorption and two in it
    Given a battery at rest with every cable plugged
    And the battery was discharged until the loads went off
    When the battery is fully charged
    Then bulk, absorption and float came as they must
    And the cells agreed late in absorption

  @clause:5.2-06 @clause:5.2-07 @clause:6.1.2-02 @needs:topology:1S1P
  Scenario: Two charges a month absorb for long enough and reach float
    Given a battery at rest with every cable plugged
    When the battery is fully charged 2 times
    Then absorption adds up to what a month needs
    And float came once a month

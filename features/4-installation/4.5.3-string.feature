@bench:battery
Feature: Batteries that go into a string, and what reaches them
  No balancer reaches past its own case: what goes into a string was full and balanced before.

  @clause:4.5.3-01 @needs:series @needs:balanced
  Scenario: Every battery of a string is full and balanced
    Given a battery at rest with every cable plugged
    When the battery is fully charged
    Then every battery of the string says that it is balanced

  @clause:4.8-03 @needs:balanced
  Scenario: What the charger is set to arrives at the battery
    Given a battery at rest with every cable plugged
    And the battery was fully charged
    When the charger is set to absorption and then to float under a load
    Then both voltages arrived at the battery

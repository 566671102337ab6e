@bench:board
Feature: Settings in the app
  A person works the app; the rig says what to try, holds what the app took against the manual, and
  sees in contacts and reports what the settings do. Afterwards those of the bench file are back.

  Background:
    Given a board at rest with every cell at 3.30 V
    And the meter and the supplies agree

  @clause:4.7.2-01
  Scenario: The temperature offset has its default and its range
    When the temperature offset is tried at the ends of its range and beyond them
    Then it starts from its default and is taken only within its range

  @clause:4.7.3-02
  Scenario: The lowest charging temperature has its default and its range
    When the lowest charging temperature is tried at the ends of its range and beyond them
    Then it starts from its default and is taken only within its range

  @clause:4.7.4-03
  Scenario: The pre-alarm has its default and its range
    When the pre-alarm is tried at the ends of its range and beyond them
    Then it starts from its default and is taken only within its range

  @clause:4.7.5-03
  Scenario: The discharge limit has its default and its range
    When the discharge limit is tried at the ends of its range and beyond them
    Then it starts from its default and is taken only within its range

  @clause:4.7.2-02
  Scenario: The report follows the temperature offset
    When the temperature offset is moved by 6 K
    Then the reported temperature has moved by as much

  @clause:4.7.4-04
  Scenario: A higher pre-alarm gives more time
    When with a pre-alarm of 2.95 V and a discharge limit of 2.80 V one cell falls from 3.25 V to 2.75 V within 200 s
    And with a pre-alarm of 3.15 V and a discharge limit of 2.80 V one cell falls from 3.25 V to 2.75 V within 200 s
    Then the higher pre-alarm gave more time

  @clause:4.7.4-05
  Scenario: The loads keep their half minute whatever the settings are
    When with a pre-alarm of 2.80 V and a discharge limit of 2.80 V one cell drops to 2.70 V
    And with a pre-alarm of 2.80 V and a discharge limit of 2.60 V one cell drops to 2.50 V
    And with a pre-alarm of 3.15 V and a discharge limit of 2.80 V one cell drops to 2.70 V
    Then half a minute or more lay between pre-alarm and loads each time

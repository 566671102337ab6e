@bench:board @every-bms @needs:pre-alarm
Feature: The pre-alarm
  Before the BMS takes the loads off it warns, so that somebody can still start a charger, finish a
  manoeuvre or find the stairs. Between the warning and the loads lies half a minute or more, counted
  from the first sample with the pre-alarm on to the last one with the loads still on.

  Background:
    Given a board at rest with every cell at 3.30 V
    And the meter and the supplies agree

  @clause:3.2.1-02 @clause:3.2.1-03
  Scenario: A discharge is announced half a minute before the loads go
    When one cell falls steadily from 3.20 V to 2.70 V within 25 s
    Then half a minute or more lies between the pre-alarm and the loads
    And the pre-alarm ends together with the loads

  @clause:3.2.1-02 @clause:3.2.1-03 @clause:4.7.5-01
  Scenario: A sudden drop is announced half a minute before the loads go
    When one cell drops straight to 2.70 V
    Then half a minute or more lies between the pre-alarm and the loads
    And the pre-alarm ends together with the loads

  @clause:3.2.1-02 @clause:3.2.1-03
  Scenario: All cells together are announced half a minute before the loads go
    When every cell drops straight to 2.70 V
    Then half a minute or more lies between the pre-alarm and the loads
    And the pre-alarm ends together with the loads

  @clause:3.2.1-01
  Scenario: Any cell brings the pre-alarm
    When each cell in turn drops from 3.30 V to 3.00 V until the pre-alarm comes on
    Then it followed in time for every cell

  @clause:3.2.1-04
  Scenario: The pre-alarm ends only when the lowest cell has passed its release
    When one cell is raised again until the pre-alarm goes off
    Then the pre-alarm is released where the manual says
    And the meter and the supplies still agree

  @clause:3.2.1-04 @clause:3.2.1-05
  Scenario: A recovery within the warning time keeps the loads on
    Given one cell has been at 2.70 V for 15 s
    When that cell recovers to 3.30 V
    Then the pre-alarm goes off in time
    And the loads stay on

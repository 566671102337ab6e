@bench:board @needs:chamber @needs:cells:4
Feature: Conditions of use
  Charging has a range of temperatures, and the BMS ends it at both ends.

  Background:
    Given a board at rest with every cell at 3.30 V
    And the meter and the supplies agree

  @clause:1.2-03 @clause:5.4-02 @clause:7-44 @clause:2.2-03
  Scenario: Charging ends below the range
    When the battery is cooled slowly until the chargers go off
    Then charging ended where its range of temperatures does

  @clause:1.2-03 @clause:5.4-02 @clause:7-44 @clause:2.2-03
  Scenario: Charging ends above the range
    When the battery is warmed slowly until the chargers go off
    Then charging ended where its range of temperatures does

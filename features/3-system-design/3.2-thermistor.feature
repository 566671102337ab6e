@bench:board @needs:thermistor
Feature: Cold and heat without a chamber
  A programmable resistor takes the place of the board's thermistor, so that a bench without a chamber
  finds the temperature limits too, and waits for no air.

  Background:
    Given a board at rest with every cell at 3.30 V
    And the meter and the supplies agree

  @clause:6.4.4-01 @clause:3.2-04
  Scenario: A thermistor that tells of cold stops the chargers
    When the battery is cooled slowly until A-SL22 shows
    Then A-SL22 comes at a temperature that the manual allows
    And the chargers follow the battery's flag in time
    When the battery is warmed slowly until A-SL22 is gone
    Then the temperature had to come back no further than the manual allows
    And the chargers have come back

  @clause:6.4.5-01 @clause:3.2-05
  Scenario: A thermistor that tells of heat stops the chargers
    When the battery is warmed slowly until A-SL15 shows
    Then A-SL15 comes at a temperature that the manual allows
    And the chargers follow the battery's flag in time
    When the battery is cooled slowly until A-SL15 is gone
    Then the temperature had to come back no further than the manual allows
    And the chargers have come back

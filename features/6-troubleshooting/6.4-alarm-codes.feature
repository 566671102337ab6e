@bench:board
Feature: Warnings, alarms and errors
  The app shows codes for what the battery finds. The rig reads them from the battery's own radio
  reports, which come about once a second, and holds them against the voltages and the temperature
  that it measures itself.

  Background:
    Given a board at rest with every cell at 3.30 V
    And the meter and the supplies agree

  @clause:6.4.1-01
  Scenario: W-SL11 shows a cell under the pre-alarm setting
    When one cell is lowered until W-SL11 shows
    Then W-SL11 comes at a cell voltage that the manual allows
    When one cell is raised again until W-SL11 is gone
    Then W-SL11 is released where the manual says
    When that cell drops from 3.30 V to 3.00 V
    Then W-SL11 shows in time

  @clause:6.4.2-01
  Scenario: A-SL11 shows a cell under the discharge limit
    When one cell is lowered until A-SL11 shows
    Then A-SL11 comes at a cell voltage that the manual allows
    And the report with A-SL11 forbids discharging
    When one cell is raised again until A-SL11 is gone
    Then A-SL11 is released where the manual says
    When that cell drops from 3.30 V to 2.70 V
    Then A-SL11 shows in time

  @clause:6.4.3-01 @clause:6.4.3-02
  Scenario: A-SL9 comes well after the chargers were stopped
    When one cell is raised until the chargers go off
    And one cell is raised until A-SL9 shows
    Then A-SL9 comes at a cell voltage that the manual allows
    And the chargers go off well before it
    When that cell rises from 3.40 V to 3.98 V
    Then A-SL9 shows in time

  @clause:6.4.4-01 @needs:chamber
  Scenario: A-SL22 shows a battery that is too cold to be charged
    When the battery is cooled slowly until A-SL22 shows
    Then A-SL22 comes at a temperature that the manual allows
    And the chargers follow the battery's flag in time
    When the battery is warmed slowly until A-SL22 is gone
    Then the temperature had to come back no further than the manual allows
    And the chargers have come back

  @clause:6.4.5-01 @needs:chamber
  Scenario: A-SL15 shows a battery that is too hot to be charged
    When the battery is warmed slowly until A-SL15 shows
    Then A-SL15 comes at a temperature that the manual allows
    And the chargers follow the battery's flag in time
    When the battery is cooled slowly until A-SL15 is gone
    Then the temperature had to come back no further than the manual allows
    And the chargers have come back

  @clause:6.4.6-01 @clause:6.4.7-02 @clause:6.4.8-01 @clause:6.4.9-01 @clause:6.4.10-01 @clause:6.4.11-01
  Scenario: A healthy battery shows no error code
    When the cells are held at both ends of the normal range
    Then no report carries an error code

  @clause:6.4.7-01
  Scenario: E-SL24 shows a cell that was emptied far too deeply
    When one cell is emptied step by step until E-SL24 shows
    Then E-SL24 came where and when it may

@bench:board @every-bms
Feature: Alarm signals of the battery and what the BMS does about them
  A battery watches its own cells and its own temperature. Whatever leaves the normal range is
  told to the BMS over the cable, and the BMS warns, takes the loads off, or takes the chargers off.

  Every threshold is measured: the cell is taken from a quiet level to a new one, held there for as
  long as the signal may take, and the gap between "not yet" and "already" is halved until it is
  smaller than the meter's uncertainty allows to tell.

  Background:
    Given a board at rest with every cell at 3.30 V
    And the meter and the supplies agree

  @clause:3.2-06 @needs:pre-alarm
  Scenario: Nothing is reported while cells and temperature are normal
    When the cells are held at both ends of the normal range
    Then no contact of the BMS has reported anything
    And no code was shown

  @clause:3.2-01 @clause:3.2.1-01 @clause:4.7.4-01 @clause:4.7.4-02 @needs:pre-alarm
  Scenario: A cell that gets low brings the pre-alarm
    When one cell is lowered until the pre-alarm comes on
    Then the pre-alarm threshold is the one that was set
    When that cell drops from 3.30 V to 3.00 V
    Then the pre-alarm comes on in time
    And the meter and the supplies still agree

  @clause:3.2-02 @clause:4.7.5-01 @clause:4.7.5-02 @clause:6.2.3-01
  Scenario: A cell that is too low takes the loads off
    When one cell is lowered until the loads go off
    Then the discharge limit is the one that was set
    And the meter and the supplies still agree

  @clause:3.2-02 @clause:6.2.3-01
  Scenario: Once the warning time is over the loads go off without further delay
    Given one cell has been at 3.00 V for 60 s
    When that cell drops from 3.00 V to 2.70 V
    Then the loads go off in time

  @clause:3.2-03 @clause:6.2.1-01
  Scenario: A cell that is too high takes the chargers off
    When one cell is raised until the chargers go off
    Then the charge limit is within what the manual allows
    When that cell rises from 3.40 V to 3.80 V
    Then the chargers go off in time
    And the meter and the supplies still agree

  @clause:3.2-04 @clause:4.7.3-01 @needs:chamber
  Scenario: A cold battery takes the chargers off and leaves the loads on
    When the battery is cooled slowly until the chargers go off
    Then the lowest charge temperature is the one that was set
    And the chargers follow the battery's flag in time
    And the loads have stayed on

  @clause:3.2-05 @needs:chamber
  Scenario: A hot battery takes the chargers off
    When the battery is warmed slowly until the chargers go off
    Then the highest charge temperature is within what the manual allows
    And the chargers follow the battery's flag in time

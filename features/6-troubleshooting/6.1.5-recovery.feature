@bench:battery @needs:deeply-discharged
Feature: A battery with a very low voltage
  A battery that was discharged far too deeply is charged with a tenth of an ampere until its lowest
  cell has come up, then with a tenth of its capacity an hour and under a BMS, then fully. Then it
  rests for hours and for a day. Warmth, a cell that does not rise, cells that go apart and a
  voltage that does not last each end it: such a battery is beyond help.

  @clause:6.1.5-04 @clause:6.1.5-05 @clause:6.1.5-07 @clause:6.1.5-08 @clause:6.1.5-09
  @clause:6.1.5-10 @clause:6.1.5-11 @clause:6.1.5-12 @clause:6.1.5-13 @clause:6.1.5-14
  @clause:6.1.5-15 @clause:6.1.5-16 @clause:6.1.5-17 @clause:6.1.5-18 @clause:6.1.5-19
  @clause:6.1.5-20
  Scenario: A deeply discharged battery is recovered in eighteen steps
    When the deeply discharged battery is recovered
    Then the small current brought its lowest cell up
    And the BMS had the charger in its hand
    And every cell rose and nothing got warm under the larger current
    And the full charge ended with the cells together
    And both rests left enough voltage

  @clause:6.1.5-01 @clause:1.2-05
  Scenario: A battery that is far too low is marked as damaged
    Given the battery is connected whatever the BMS reports
    Then the battery is marked as damaged
    And an ordinary charge is refused

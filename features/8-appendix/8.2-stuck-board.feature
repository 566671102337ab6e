@bench:battery @needs:stuck-board
Feature: A microcontroller that hangs
  After a deep discharge the board of a battery may not start again, although the battery is charged
  since. Before anyone opens a battery for that, everything else that looks alike is ruled out: cold,
  an empty battery, a broken cable, a BMS that works, a battery that is heard.

  Background:
    Given the battery is connected whatever the BMS reports

  @clause:8.2-01 @clause:8.2-02 @clause:8.2-03 @clause:8.2-04 @clause:8.2-12 @clause:8.2-13
  Scenario: A board that hangs is told from what looks like it
    When the signs of a board that hangs are looked for
    Then none of the signs is missing

  @clause:8.2-15
  Scenario: A power cycle brings the battery back
    When a person power-cycles the board
    Then loads and chargers may run again and the battery is heard

Feature: The BMS gives alarm although all cells are in range
  Batteries are left out of the chain to find out which part gives the alarm: the one whose absence
  ends it. Where the alarm goes on with every battery left out, it comes from the BMS or its cables.
  Chargers and loads are off meanwhile, for a battery that is left out has nobody to protect it.

  The scenarios run on whatever stands on the bench. They pass when nothing is found, and name the
  culprit when something is; two of them make a culprit of their own, to see that it is found.

  @clause:6.2.5-03 @clause:6.4.2-01 @bench:board
  Scenario: An under-voltage alarm outlasts its cause
    Given a board at rest with every cell at 3.30 V
    And the meter and the supplies agree
    When one cell is raised again until A-SL11 is gone
    Then A-SL11 is released where the manual says
    And the meter and the supplies still agree

  @clause:6.2.5-02 @clause:6.2.5-04 @bench:battery @needs:topology:1S1P
  Scenario: The loop test of a single battery accuses nobody
    Given the battery is connected whatever the BMS reports
    And the cells and the temperatures are normal
    When the batteries are left out of the chain one after the other
    Then nothing is found to be faulty

  @clause:6.2.5-02 @clause:6.2.5-05 @bench:battery @needs:several-batteries
  Scenario: Leaving out one battery after the other accuses nobody
    Given the battery is connected whatever the BMS reports
    And the cells and the temperatures are normal
    When the batteries are left out of the chain one after the other
    Then nothing is found to be faulty

  @clause:6.2.5-04 @bench:battery
  Scenario: With every battery left out the BMS reports nothing
    Given the battery is connected whatever the BMS reports
    When every battery is left out of the chain
    Then the BMS reports nothing

  @clause:6.2.5-04 @bench:board
  Scenario: A battery that refuses is found by the loop test
    Given a board at rest with every cell at 3.30 V
    And one cell has been at 2.70 V for 60 s
    When the batteries are left out of the chain one after the other
    Then battery 1 is found to be faulty

  @clause:6.2.5-04 @bench:battery
  Scenario: A pulled cable is not blamed on a battery
    Given a battery at rest with every cable plugged
    And cable 1 is pulled
    When the batteries are left out of the chain one after the other
    Then the BMS or its cables are found to be faulty

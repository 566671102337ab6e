@bench:battery
Feature: A BMS that can cut both ways
  A battery is only used with one of the BMSes that the manual lists, and something outside of it can
  interrupt charge and loads.

  @clause:1.2-01
  Scenario: The BMS is one that the manual lists
    Then the BMS of this bench is one that the manual lists

  @clause:1.2-02
  Scenario: Both ways can be cut
    Then a person at the bench says so:
      | clause | question                                                                                                | answer |
      | 1.2-02 | Besides the rig's own relay, is there a contactor or port that cuts chargers, and one that cuts loads?    | yes    |

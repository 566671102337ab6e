@bench:board
Feature: The BMS takes loads off early
  Loads that went off for a low cell come back only when every cell has recovered.

  Background:
    Given a board at rest with every cell at 3.30 V
    And the meter and the supplies agree

  @clause:6.2.3-03
  Scenario: The loads come back where the lowest cell has recovered
    When one cell is raised again until the loads come back
    Then the loads are released where the manual says
    And the meter and the supplies still agree

  @clause:6.2.3-03
  Scenario: One cell that has not recovered keeps the loads off
    Given two cells at 2.70 V have taken the loads off
    When only the first of them recovers to 3.30 V
    Then the loads stay off
    When the second one recovers to 3.30 V
    Then the loads come back

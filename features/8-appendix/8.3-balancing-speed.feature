@bench:battery @needs:half-empty-cell
Feature: Balancing can't be sped up
  Cells are charged by current. More voltage moves no more charge past full cells.

  @clause:8.3-06
  Scenario: A higher voltage balances no faster
    Given a battery at rest with every cable plugged
    When it is balanced at the absorption voltage and then at a higher one
    Then the higher voltage balanced no faster

@bench:board
Feature: What a battery says of its balance
  Unknown, balancing, balanced and imbalance are all that there is. A full charge with the cells
  together is remembered for a month. From 3.3 V on charge is moved from the highest cell to the
  lowest; below 3.5 V none is burnt off. Which of the two happens shows in the currents of the
  supplies that stand for the cells.

  Background:
    Given a board at rest with every cell at 3.30 V
    And the meter and the supplies agree

  @clause:8.3-08
  Scenario: Every state of balance is reported when it must be
    When the cells are taken through every state of balance and then left alone
    Then the state of balance was the right one each time
    And a month after the last full charge the state was unknown

  @clause:8.3-03
  Scenario: Charge is burnt off in full cells only
    When one cell is raised until charge is burnt off
    Then charge is burnt off no lower than the manual has it

  @clause:8.3-02
  Scenario: Charge is moved between cells long before they are full
    When one cell is raised until charge is moved between cells
    Then charge is moved from where the manual has it

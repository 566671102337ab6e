@bench:board
Feature: What a battery says of its balance
  Unknown, balancing, balanced and imbalance are all that there is. A full charge with the cells
  together is remembered for a month. Below 3.5 V nothing is burnt off.

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
    When one cell is raised until the balancer is at work
    Then charge is burnt off no lower than the manual has it

@bench:board
Feature: A battery that is too low falls silent
  With too little voltage at its poles, or in a single cell, a battery stops reporting. That says
  that it is low, and not that it is broken.

  Background:
    Given a board at rest with every cell at 3.30 V
    And the meter and the supplies agree

  @clause:6.1.5-02
  Scenario: A battery with too little voltage falls silent
    When all cells are lowered until the battery falls silent
    Then it fell silent at a voltage that the manual allows

  @clause:6.1.5-03
  Scenario: A battery with one cell that is too low falls silent
    When one cell is lowered until the battery falls silent
    Then it fell silent at a voltage that the manual allows

@bench:board
Feature: A battery that isn't heard
  Too little voltage silences the radio. That is no defect: charged, the battery is heard again.

  @clause:6.3.1-02
  Scenario: A charged battery is heard again
    Given a board at rest with every cell at 3.30 V
    Then a battery that fell silent at 1.80 V a cell is heard again at 2.60 V

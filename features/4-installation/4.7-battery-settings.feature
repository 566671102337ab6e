@bench:board
Feature: Settings of the battery
  Two thresholds can be moved in the app; with settings untouched they are where they left the
  factory.

  Background:
    Given a board at rest with every cell at 3.30 V
    And the meter and the supplies agree

  @clause:4.7.5-02
  Scenario: With settings untouched the loads hold just above the discharge limit
    When one cell is held just above the discharge limit
    Then the loads stayed on all the while
    When that cell is held just below the discharge limit
    Then the loads have gone off

@bench:board
Feature: Settings of the battery
  Two thresholds can be moved in the app; with settings untouched they are where they left the
  factory.

  Background:
    Given a board at rest with every cell at 3.30 V
    And the meter and the supplies agree

  @clause:4.7.5-02
  Scenario: With settings untouched the loads hold just above the discharge limit
    Then the loads stay on with one cell just above the discharge limit
    And they go off with that cell just below it

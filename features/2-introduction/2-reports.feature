Feature: What a battery reports
  About once a second a battery sends what it measures by radio. The rig holds the reports against its
  own leads and its own thermocouple.

  @bench:board @clause:2.1-01 @clause:2.2-01 @clause:2.2-02
  Scenario: Cells, voltage and balancer of a board
    Given a board at rest with every cell at 3.30 V
    Then each report has what the manual says it has

  @bench:battery @clause:2.1-01 @clause:2.2-01 @clause:2.2-02 @clause:3.5-01 @clause:6.3.1-04
  Scenario: Every battery of a bank reports what the rig measures
    Given a battery at rest with every cable plugged
    Then each report has what the manual says it has
    And the reports agree with what the rig measures
    And each battery is heard

  @bench:board @clause:3.5-01
  Scenario: A board reports what the rig measures
    Given a board at rest with every cell at 3.30 V
    Then the reports agree with what the rig measures

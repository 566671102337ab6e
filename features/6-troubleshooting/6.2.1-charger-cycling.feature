Feature: The BMS often stops the charger
  One cell that is ahead of the others reaches the charge limit first, and the BMS stops the
  charger. The cells keep balancing, the leading cell falls, the charger comes back, and so on in a
  matter of minutes until all cells are full.

  @clause:6.2.1-01 @clause:3.2-03 @bench:board
  Scenario: The first cell at the charge limit stops the charger whichever it is
    Given a board at rest with every cell at 3.30 V
    And the meter and the supplies agree
    When each cell in turn rises from 3.40 V to 3.80 V until the chargers go off
    Then it followed in time for every cell

  @clause:6.2.1-02 @bench:board
  Scenario: The charger comes back when no cell is high any more
    Given a board at rest with every cell at 3.30 V
    And the meter and the supplies agree
    When one cell is lowered again until the chargers come back
    Then the charger is released where the manual says
    And the meter and the supplies still agree

  @clause:6.2.1-01 @clause:6.2.1-02 @clause:6.2.1-03 @clause:6.2.1-04 @clause:6.2.1-05
  @bench:battery @needs:imbalance
  Scenario: A leading cell makes the charger go off and on
    Given a battery at rest with every cable plugged
    When the battery is charged through 4 interruptions by the BMS
    Then the charger went off at the charge limit of a cell each time
    And it came back when no cell was high any more
    And the interruptions followed one another within minutes
    And the cells came closer while the charger was off

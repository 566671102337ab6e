@bench:battery
Feature: The first charge without a BMS
  Only where it can't be helped, with somebody watching every cell. A cell may never be beyond 4 V;
  the charge is complete when all of them are full.

  @clause:8.1-10 @needs:without-bms
  Scenario: A new battery is filled without a BMS
    When the battery is charged without a BMS
    Then every cell is full

  @clause:8.1-09 @needs:leading-cell
  Scenario: A cell on its way to 4 V ends a charge without a BMS
    When the battery is charged without a BMS
    Then the charge ended before a cell was beyond the last voltage

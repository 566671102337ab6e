@bench:battery @every-bms
Feature: Whether the BMS works
  A BMS that works goes into alarm when one of its cables is unplugged.

  Background:
    Given a battery at rest with every cable plugged

  @clause:6.2.6-01 @clause:4.9-17
  Scenario: Any cable that is unplugged brings the BMS into alarm
    When each cable is pulled and plugged in again
    Then the contacts told of it in time each time
    And everything came back each time

  @clause:6.2.6-01 @clause:4.9-17
  Scenario: All cables together bring the BMS into alarm
    When all cables are pulled and plugged in again
    Then the contacts told of it in time each time
    And everything came back each time

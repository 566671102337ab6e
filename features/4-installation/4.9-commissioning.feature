@bench:battery @every-bms
Feature: Commissioning
  When the wiring is done the whole system is switched on, and a BMS cable is pulled to see that
  nothing charges and nothing discharges without it. The rig does so with every cable, and watches
  contacts and currents.

  Background:
    Given a battery at rest with every cable plugged

  @clause:4.9-14 @clause:4.9-15
  Scenario: The charger charges and the load draws
    When the charger and the load are switched on
    Then the charger charges and the load draws current

  @clause:4.9-16 @clause:4.9-17
  Scenario: Whichever cable is pulled, everything goes off and comes back
    Given the charger and the load are running
    When each cable is pulled and plugged in again
    Then nothing charged and nothing discharged without the cable
    And everything came back each time
    And charging and discharging resumed each time

  @clause:4.9-16 @clause:4.9-17
  Scenario: A charge pole that is broken alone stops the charger
    Given the charger and the load are running
    When the charge pole of each cable is broken in turn
    Then the contacts told of it in time each time
    And the charger carried no current without the pole
    And everything came back each time

  @clause:4.9-16 @clause:4.9-17 @clause:3.2-02 @clause:3.2.1-02
  Scenario: A discharge pole that is broken alone stops the load
    Given the charger and the load are running
    When the discharge pole of each cable is broken in turn
    Then the loads went off each time, after a fair warning
    And the load carried no current without the pole
    And everything came back each time

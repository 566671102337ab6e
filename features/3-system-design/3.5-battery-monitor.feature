@bench:battery @needs:monitor
Feature: A battery monitor on the load disconnect
  Fed from the load disconnect a monitor can't empty the battery: it goes off with the loads, comes
  back with them, and knows what it knew. It is heard by radio, as the batteries are.

  Background:
    Given a battery at rest with every cable plugged

  @clause:3.5-04
  Scenario: A monitor goes off and on with the loads
    When the loads go off and on again while the battery monitor is listened to
    Then the monitor went off and on with the loads and has forgotten nothing

  @clause:3.5-05
  Scenario: A monitor notices a full battery
    When the battery is fully charged
    Then the monitor shows a full battery

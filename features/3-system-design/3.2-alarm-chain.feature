@bench:battery @needs:several-batteries
Feature: The cables of all batteries form one chain
  In a bank each battery passes the signals of its neighbours on. It must not matter which battery
  of the chain has something to say: the BMS acts alike.

  The rig breaks one signal of one cable at a time, which is what a battery does when it withdraws
  that signal.

  Background:
    Given a battery at rest with every cable plugged

  @clause:3.2-07 @clause:4.9-17
  Scenario: A withdrawn charge signal stops the chargers from any place in the chain
    When the charge pole of each cable is broken in turn
    Then the contacts told of it in time each time
    And everything came back each time

  @clause:3.2-07 @clause:4.9-17
  Scenario: A pre-alarm reaches the BMS from any place in the chain
    When the pre-alarm pole of each cable is broken in turn
    Then the contacts told of it in time each time
    And everything came back each time

  @clause:3.2-07
  Scenario: Each battery of a bank takes the loads off by itself
    When each battery is emptied with all others left out of the chain
    Then each of them took the loads off by itself

  @clause:4.6-02
  Scenario: The order of the batteries in the chain doesn't matter
    When two batteries change places in the chain and each cable is pulled
    Then the contacts told of it in time each time

  @clause:3.2-02 @clause:3.2-07 @clause:3.2.1-02 @clause:4.9-17
  Scenario: An empty battery takes the loads off from any place in the chain
    When the pre-alarm pole and the discharge pole of each cable are broken together
    Then the loads went off each time, after a fair warning
    And the pre-alarm came on in time each time
    And everything came back each time

  @clause:3.2-02 @clause:3.2.1-02 @clause:4.9-17
  Scenario: A discharge signal that is withdrawn without a pre-alarm takes the loads off
    When the discharge pole of each cable is broken in turn
    Then the loads went off each time, after a fair warning
    And everything came back each time

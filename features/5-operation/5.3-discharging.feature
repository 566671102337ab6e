@bench:battery
Feature: Discharging
  When the loads go off for a low cell, little is left, and that little keeps the cells alive. What
  a battery gives depends on its temperature. It is discharged at a tenth of C here: at 1C it
  would warm itself by tens of degrees on the way.

  @clause:5.3-15 @clause:7-09 @clause:7-10 @needs:battery-chamber
  Scenario: A cold battery gives less
    Given a battery at rest with every cable plugged
    And the battery was fully charged
    When the battery is discharged gently until the loads go off
    Then the battery has its capacity
    And it had the voltage of an empty battery
    When the battery is fully charged
    And the battery is brought to 0 °C through and through
    And the battery is discharged gently until the loads go off
    Then it gave about four fifths of what it gave at first
    When the battery is brought to 25 °C through and through
    And the battery is fully charged
    And the battery is brought to -20 °C through and through
    And the battery is discharged gently until the loads go off
    Then it gave about half of what it gave at first

  @clause:5.3-03 @clause:4.7.5-04 @needs:bridged
  Scenario: A little is left when the loads go off
    When the battery is discharged past the signal to just before damage
    Then a reserve was left when the loads had to go off
    And as much is left as belongs to the discharge limit that is set

  @clause:5.3-02 @needs:residual
  Scenario: Next to nothing flows with the system off
    Given a battery at rest with every cable plugged
    When everything is switched off and what still flows is measured
    Then next to nothing flows out of the battery

Feature: What single BMS models have besides contacts
  Ports for alternator and system, words to an inverter/charger, remote terminals, a contactor.

  @clause:3.3-08 @bench:board @needs:bms:bms-12-200
  Scenario: The load port of a BMS 12/200 goes off for a cell that is too low
    Given a board at rest with every cell at 3.30 V
    And the meter and the supplies agree
    When one cell is lowered until the loads go off
    Then the load port went off where it must
    When that cell drops from 3.30 V to 2.70 V
    Then the load port goes off in time

  @clause:3.3-08 @bench:board @needs:bms:bms-12-200
  Scenario: The charge path of a BMS 12/200 goes off for a cell that is too high
    Given a board at rest with every cell at 3.30 V
    And the meter and the supplies agree
    When one cell is raised until the chargers go off
    Then the charge path went off where it must
    When that cell rises from 3.40 V to 3.80 V
    Then the charge path goes off in time

  @clause:3.3-08 @bench:board @needs:chamber @needs:bms:bms-12-200
  Scenario: The charge path of a BMS 12/200 goes off in the cold
    Given a board at rest with every cell at 3.30 V
    When the battery is cooled slowly until the chargers go off
    Then the charge path followed the battery's flag in time

  @clause:3.3-08 @bench:board @needs:chamber @needs:bms:bms-12-200
  Scenario: The charge path of a BMS 12/200 goes off in the heat
    Given a board at rest with every cell at 3.30 V
    When the battery is warmed slowly until the chargers go off
    Then the charge path followed the battery's flag in time

  @bench:board @needs:inverter
  Scenario Outline: An inverter-charger follows the contacts (<model>)
    Given a board at rest with every cell at 3.30 V
    When one cell goes down to 2.70 V and, after a rest at 3.30 V, up to 3.80 V
    Then the inverter went off with the loads and its charger with the chargers

    @clause:3.3.2-06 @needs:bms:ve.bus-bms-v2
    Examples:
      | model         |
      | VE.Bus BMS V2 |

    @clause:3.3.3-06 @needs:bms:ve.bus-bms
    Examples:
      | model      |
      | VE.Bus BMS |

  @bench:board @needs:inverter @needs:chamber
  Scenario Outline: An inverter-charger doesn't charge a cold battery (<model>)
    Given a board at rest with every cell at 3.30 V
    When the battery is cooled slowly until the chargers go off
    And the inverter-charger is looked at in that temperature
    Then the charger of the inverter-charger has stopped with the chargers

    @clause:3.3.2-06 @needs:bms:ve.bus-bms-v2
    Examples:
      | model         |
      | VE.Bus BMS V2 |

    @clause:3.3.3-06 @needs:bms:ve.bus-bms
    Examples:
      | model      |
      | VE.Bus BMS |

  @clause:3.3.2-08 @bench:board @needs:inverter @needs:bms:ve.bus-bms-v2
  Scenario: A GX turns the inverter-charger on, off, or to charging only
    Given a board at rest with every cell at 3.30 V
    When a GX turns the inverter-charger to charging only, off, and on again
    Then inverter and charger did so in time

  @clause:3.3.2-09 @bench:board @needs:remote @needs:bms:ve.bus-bms-v2
  Scenario: Remote terminals turn a VE.Bus BMS V2 off and on
    Given a board at rest with every cell at 3.30 V
    When the remote terminals are parted and joined again
    Then both contacts went off and came back in time

  @bench:battery @needs:alternator-port
  Scenario Outline: The alternator port lets through what was set (<model>, <set>)
    Given a battery at rest with every cable plugged
    When the alternator port is set to <set> and offered 50 A
    Then what was set flows and no more

    @clause:3.3.5-06 @needs:bms:smart-bms-cl-12-100
    Examples:
      | model               | set  |
      | Smart BMS CL 12/100 | 15 A |
      | Smart BMS CL 12/100 | 40 A |

    @clause:3.3.6-08 @needs:bms:smart-bms-12-200
    Examples:
      | model            | set  |
      | Smart BMS 12/200 | 15 A |
      | Smart BMS 12/200 | 40 A |

  @clause:3.3.5-07 @bench:battery @needs:alternator-port @needs:bms:smart-bms-cl-12-100
  Scenario: The alternator port is dead when charging is refused
    Given a battery at rest with every cable plugged
    When charging is refused while the alternator port carries current
    Then the alternator port is dead along with the charge contact

  @clause:3.3.6-06 @bench:battery @needs:system-port @needs:bms:smart-bms-12-200
  Scenario: The system port goes off along with the load contact
    Given a battery at rest with every cable plugged
    When discharging is refused while the system port carries current
    Then the system port is dead along with the load contact

  @clause:3.3.6-07 @bench:battery @needs:system-port @needs:bms:smart-bms-12-200
  Scenario: Loads on the system port keep their power when charging is refused
    Given a battery at rest with every cable plugged
    When charging is refused while the system port carries current
    Then it is on record whether the system port stayed on

  @clause:3.3.4-06 @bench:battery @needs:bridge @needs:bms:lynx-smart-bms-500
  Scenario: The contactor of a Lynx ends a discharge that goes on
    Given a battery at rest with every cable plugged
    When a load goes on although discharging is refused
    Then first the contact opens and then the contactor ends it

  @clause:3.3.4-06 @bench:battery @needs:bridge @needs:bms:lynx-smart-bms-500
  Scenario: The contactor of a Lynx ends a charge that goes on
    Given a battery at rest with every cable plugged
    When a charger goes on although charging is refused
    Then first the contact opens and then the contactor ends it

  @clause:3.2.1-06 @bench:battery @needs:bms:lynx-smart-bms-500
  Scenario: A Lynx warns for a fixed time where the battery can't
    Given a battery at rest with every cable plugged
    When the discharge pole of each cable is broken in turn
    Then the loads went off a fixed time after the BMS's own warning

  @clause:3.3.4-07 @bench:battery @needs:bms:lynx-smart-bms-500
  Scenario: A Lynx counts charge as the rig does
    Given a battery at rest with every cable plugged
    When the rig and the BMS count the charge of an hour
    Then both agree about charge, voltage and current

  @clause:3.3.4-08 @bench:board @needs:bms:lynx-smart-bms-500
  Scenario: A Lynx reports its contacts as they are
    Given a board at rest with every cell at 3.30 V
    When loads and chargers are taken off and on by one cell at rest at 3.30 V
    Then the BMS's reports show both contacts as they are

  @clause:8.2-07 @bench:battery @needs:bms:lynx-smart-bms-500
  Scenario: A Lynx that refuses says so in its data
    Given a battery at rest with every cable plugged
    When a pulled cable makes the BMS refuse everything
    Then its report says that neither charging nor discharging is allowed

@bench:board
Feature: Mains detector
  With a BMS that speaks VE.Bus an inverter/charger must know by itself when the mains are there.

  @clause:3.3.2-07 @needs:bms:ve.bus-bms-v2
  Scenario: An inverter/charger on a VE.Bus BMS V2 notices the mains
    Then a person at the bench says so:
      | clause   | question                                                                                       | answer |
      | 3.3.2-07 | Is a mains detector fitted, or is the inverter/charger one that does without?                   | yes    |

  @clause:3.3.3-07 @needs:bms:ve.bus-bms
  Scenario: An inverter/charger on a VE.Bus BMS notices the mains
    Then a person at the bench says so:
      | clause   | question                                                                                       | answer |
      | 3.3.3-07 | Is a mains detector fitted, or is the inverter/charger one that does without?                   | yes    |

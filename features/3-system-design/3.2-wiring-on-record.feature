@bench:battery
Feature: Cables and outputs around the BMS
  What hangs on the contacts of the BMS, and how the chain of its cables is made.

  @clause:3.2-08 @clause:3.2-09 @clause:3.2-10
  Scenario: The chain is closed and every consumer has its way of being stopped
    Then a person at the bench says so:
      | clause | question                                                                                               | answer    |
      | 3.2-08 | Are both ends of the chain of BMS cables plugged into the BMS?                                          | yes       |
      | 3.2-09 | Where a cable of half a metre was too short, is it lengthened with the proper extension and no other?   | yes       |
      | 3.2-10 | Where is it listed, charger by charger and load by load, whether a signal or a cut supply stops it?     | reference |

  @clause:3.2.1-07 @clause:3.2.1-08 @clause:6.2.4-01
  Scenario: The warning reaches somebody
    Then a person at the bench says so:
      | clause   | question                                                                                                       | answer    |
      | 3.2.1-07 | Where is the series of each battery noted, and thereby whether it has a pre-alarm?                               | reference |
      | 3.2.1-08 | Does the pre-alarm output drive a lamp, a buzzer or a message that whoever is in charge will notice?             | yes       |
      | 6.2.4-01 | Does the app show a pre-alarm setting, or is the battery marked as one of an old series, not tested for it?      | yes       |

  @clause:3.4-01 @clause:3.4-02 @clause:3.4-03
  Scenario: Alternators are kept from overload
    Then a person at the bench says so:
      | clause | question                                                                                                          | answer    |
      | 3.4-01 | Which paper shows the alternator's amperes against the bank's ampere-hours, or that there is no alternator?        | reference |
      | 3.4-02 | Does a regulator watch the alternator's temperature, or is there no alternator?                                    | yes       |
      | 3.4-03 | Which paper shows the converter or the BMS port that limits the alternator's current, or that none is needed?      | reference |

  @clause:3.5-02 @clause:3.5-03 @clause:3.5-06
  Scenario: Something counts the charge, and counts right
    Then a person at the bench says so:
      | clause | question                                                                                                            | answer    |
      | 3.5-02 | Which device of the system shows the state of charge, as the battery itself doesn't know it?                         | reference |
      | 3.5-06 | Is the monitor fed through the load disconnect, or is it a frugal one on a bank beyond 200 Ah? Where is that noted?  | reference |
    And the files say so:
      | clause | file  | entry                     | must be           |
      | 3.5-03 | bench | monitor charge efficiency | charge_efficiency |
      | 3.5-03 | bench | monitor Peukert exponent  | says 1.05         |

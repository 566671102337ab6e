@bench:battery
Feature: Looking for trouble, as a person does
  What is looked up, asked and done by hand when something is wrong.

  @clause:6.1.2-03 @clause:6.1.4-02
  Scenario: The causes of imbalance and lost capacity are written down
    Then a person at the bench says so:
      | clause   | question                                                                                           | answer    |
      | 6.1.2-03 | Where is it noted whether a cell is worn, broken or was emptied too far? Balancing can't mend it.   | reference |
      | 6.1.4-02 | Where do years, cycles and the usual depth of discharge stand?                                      | reference |

  @clause:6.1.3-10
  Scenario: After rebalancing the charger is as it was
    Then a person at the bench says so:
      | clause   | question                                         | answer         |
      | 6.1.3-10 | To what absorption voltage is the charger set?    | absorption_12v |
      | 6.1.3-10 | To what float voltage is the charger set?         | float_12v      |

  @clause:6.1.5-06 @clause:6.1.5-21
  Scenario: A recovery is watched
    Then two people at the bench say so:
      | clause   | question                                                                                    | answer           |
      | 6.1.5-06 | How fast does the battery warm up at the most while it is watched?                           | temperature_rate |
      | 6.1.5-06 | Will whoever watches stop at once if it warms up or swells?                                  | yes              |
      | 6.1.5-21 | Is it one battery only, and will somebody stay with it from the beginning to the end?        | yes              |

  @clause:6.1.6-01 @clause:6.1.6-02 @clause:6.1.6-03 @clause:6.1.6-04 @clause:6.1.6-05 @clause:6.1.6-06
  Scenario: The battery and how it lived
    Then a person at the bench says so:
      | clause   | question                                                                        | answer             |
      | 6.1.6-01 | Where do its cycles and their usual depth stand?                                 | reference          |
      | 6.1.6-02 | Which record shows an approved BMS, connected and working?                       | reference          |
      | 6.1.6-03 | Are case, poles and BMS cables undamaged?                                        | yes                |
      | 6.1.6-04 | Was it mounted in a way that section 4.4 allows?                                 | yes                |
      | 6.1.6-05 | What does the app show as the lowest charging temperature?                       | charge_temperature |
      | 6.1.6-05 | What does the app show as the temperature offset?                                | offset             |
      | 6.1.6-06 | Is it dry?                                                                       | yes                |

  @clause:6.1.6-07 @clause:6.1.6-08 @clause:6.1.6-09 @clause:6.1.6-10
  Scenario: What its history shows
    Then a person at the bench says so:
      | clause   | question                                                                             | answer    |
      | 6.1.6-07 | Is its history free of total discharges?                                              | yes       |
      | 6.1.6-08 | Is its history free of charges at too high a voltage?                                 | yes       |
      | 6.1.6-09 | Where does it stand how often a monitor synchronised?                                 | reference |
      | 6.1.6-10 | What is the longest time between two full charges in its history?                     | window    |

  @clause:6.2.5-01
  Scenario: Cables come first
    Then a person at the bench says so:
      | clause   | question                                                                     | answer |
      | 6.2.5-01 | Were the BMS cables and their plugs looked at before anything else?           | yes    |

  @clause:6.3.1-03 @clause:6.3.1-05 @clause:6.3.1-06 @clause:6.3.1-07
  Scenario: The app finds no battery
    Then a person at the bench says so:
      | clause   | question                                                                                   | answer |
      | 6.3.1-03 | Is no other phone connected to the battery?                                                 | yes    |
      | 6.3.1-05 | Is the app one for phone, tablet or Mac, and not that for Windows?                          | yes    |
      | 6.3.1-06 | Has the radio been left on in the settings? Nothing turns it on again.                      | yes    |
      | 6.3.1-07 | Does the same phone find another product of the maker?                                      | yes    |

  @clause:6.3.1-01
  Scenario: The battery has a radio and is heard
    Given a battery at rest with every cable plugged
    Then each battery is heard

  @clause:6.3.2-01 @clause:6.3.3-01
  Scenario: A lost PIN and an update that broke off
    Then a person at the bench says so:
      | clause   | question                                                                                        | answer |
      | 6.3.2-01 | Is the code from the label at hand with which a forgotten PIN becomes six zeros again?            | yes    |
      | 6.3.3-01 | Was an update that broke off done once more, and is E-SL10 gone after it?                         | yes    |

  @clause:6.4.3-03 @clause:6.4.5-02 @clause:6.4.6-02 @clause:6.4.7-03
  Scenario: What is done about the codes
    Then a person at the bench says so:
      | clause   | question                                                                                                  | answer |
      | 6.4.3-03 | Will all chargers be turned off on A-SL9, and the wiring of the charge contact be looked at?               | yes    |
      | 6.4.5-02 | Will the battery get air and room on A-SL15, and less current be asked of it?                              | yes    |
      | 6.4.6-02 | Will an E-SL119 that outlives the reset go to the dealer, with serial number and firmware version?         | yes    |
      | 6.4.7-03 | Will the checks of chapter 6 be done before E-SL24 goes to the dealer?                                     | yes    |

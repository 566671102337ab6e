@bench:battery
Feature: Installation, as a person finds it
  Much of an installation is seen and felt rather than measured. The rig asks statement by statement,
  holds numbers against their limits, and writes down who said so.

  @clause:4.1-01 @clause:4.1-02 @clause:4.1-04
  Scenario: Unpacked and complete
    Then a person at the bench says so:
      | clause | question                                                                          | answer |
      | 4.1-01 | Was the battery carried by its two handles, and never by poles or cables?          | yes    |
      | 4.1-02 | Is a plus printed beside one pole and a minus beside the other?                    | yes    |
      | 4.1-04 | Are there two BMS cables, one plug and one socket of three poles, without damage?  | yes    |

  @clause:4.2-01 @clause:4.2.1-01 @clause:4.2.1-02 @clause:4.2.1-03
  Scenario: App and firmware are the newest
    Then a person at the bench says so:
      | clause   | question                                                                                        | answer    |
      | 4.2-01   | On which phone, tablet or Mac does the app run, and in which version?                            | reference |
      | 4.2.1-02 | Was the app brought up to date before it was connected?                                          | yes       |
      | 4.2.1-03 | When the app offered an update of the battery at the first connection, was it let do it?          | yes       |
      | 4.2.1-01 | Which firmware does the app show for each battery, calling it the newest?                        | reference |

  @clause:4.3.1-01 @clause:4.3.1-02 @clause:4.3.2-02
  Scenario: Batteries were filled before they were joined
    Then a person at the bench says so:
      | clause   | question                                                                                     | answer    |
      | 4.3.1-01 | Where are the voltages at rest noted with which the new batteries came?                       | reference |
      | 4.3.1-02 | Is each battery for a string filled by itself, since none can balance its neighbour?          | yes       |
      | 4.3.2-02 | Were those for a string charged one by one, or with others side by side, but not in series?   | yes       |

  @clause:4.3.2-01 @clause:4.3.2-03
  Scenario: The charger obeys the BMS and is set as it should be
    Then the files say so:
      | clause   | file  | entry        | must be             |
      | 4.3.2-01 | bench | charger stop | says charge contact |
    And every charger is set as section 4.8 has it

  @clause:4.4-01 @clause:4.4-02 @clause:4.4-03 @clause:4.4-04 @clause:4.4-05
  Scenario: Mounted as it may be
    Then a person at the bench says so:
      | clause | question                                                                            | answer    |
      | 4.4-01 | Does the battery stand, or lie on a side, with its poles not facing down?            | yes       |
      | 4.4-02 | Does the battery stand upright?                                                      | yes       |
      | 4.4-03 | Is the place indoors and dry?                                                        | yes       |
      | 4.4-04 | Was it brought there with proper gear, and is it held so that it can't fly off?      | yes       |
      | 4.4-05 | How wide is the smallest gap for air on its four sides?                              | clearance |

  @clause:4.5-02 @clause:4.5-03 @clause:4.5-04 @clause:4.5-05
  Scenario: Bolts are as tight as they should be
    Then a person at the bench says so:
      | clause | question                                                                 | answer |
      | 4.5-05 | Do the tools fit the bolts, and are they insulated?                       | yes    |
      | 4.5-02 | To what torque are the M8 bolts at the poles tightened?                   | torque |
      | 4.5-03 | To what torque are the M8 bolts at the poles tightened?                   | torque |
      | 4.5-04 | To what torque are the M10 bolts at the poles tightened?                  | torque |

  @clause:4.5.1-01 @clause:4.5.1-02 @clause:4.5.1-03
  Scenario: Cables and fuses fit each other and the battery
    Then the files say so:
      | clause   | file  | entry                               | must be       |
      | 4.5.1-01 | bench | cables bear the system current      | says yes      |
      | 4.5.1-02 | bench | fuses protect their cables          | says yes      |
      | 4.5.1-03 | bench | battery fuse to discharge current   | current_share |
      | 4.5.1-03 | bench | system current to discharge current | current_share |

  @needs:topology:1S1P @clause:4.5.2-01 @clause:4.6-01
  Scenario: A single battery is fused in its plus and plugged with both cables
    Then a person at the bench says so:
      | clause   | question                                                    | answer |
      | 4.5.2-01 | Does a fuse sit in the cable at the battery's plus?          | yes    |
      | 4.6-01   | Do both cables of the battery end in the BMS?                | yes    |

  @needs:series @clause:4.5.3-03 @clause:4.5.6-02 @clause:4.5.6-05
  Scenario: A string is wired and chosen as it should be
    Then a person at the bench says so:
      | clause   | question                                                                             | answer    |
      | 4.5.3-03 | Does each minus lead to the next plus, and does a fuse sit at the plus end?            | yes       |
      | 4.5.6-05 | Which balancer made for strings hangs between the batteries, or is it noted: nothing?  | reference |
    And the files say so:
      | clause   | file  | entry                       | must be  |
      | 4.5.6-02 | bench | part numbers within strings | says one |
      | 4.5.6-02 | bench | age within strings          | age      |

  @needs:parallel @clause:4.5.4-02 @clause:4.5.4-03 @clause:4.5.6-01
  Scenario: Batteries side by side share the current evenly
    Then a person at the bench says so:
      | clause   | question                                                                                          | answer    |
      | 4.5.4-02 | Has each battery a fuse, the main plus one too, and do the main cables leave from opposite corners? | yes       |
      | 4.5.6-01 | Where are sizes and ages of the batteries side by side noted? They may differ.                      | reference |
    And the files say so:
      | clause   | file  | entry                       | must be |
      | 4.5.4-03 | bench | main cable to battery cables | ratio  |

  @needs:parallel @needs:series @clause:4.5.5-02 @clause:4.5.5-03 @clause:4.5.6-03 @clause:4.5.6-04
  Scenario: A bank of strings keeps its strings apart
    Then a person at the bench says so:
      | clause   | question                                                                                              | answer    |
      | 4.5.5-02 | Has each string a fuse and the bank a main one, with thick main cables from opposite corners?           | yes       |
      | 4.5.5-03 | Are the middles of the strings left alone: neither linked with each other nor tapped?                    | yes       |
      | 4.5.6-04 | Where are age and size of each string noted? Whole strings may differ.                                   | reference |
    And the files say so:
      | clause   | file  | entry                       | must be  |
      | 4.5.6-03 | bench | part numbers within strings | says one |
      | 4.5.6-03 | bench | age within strings          | age      |

  @clause:4.6-03
  Scenario: Extensions of BMS cables come in pairs
    Then a person at the bench says so:
      | clause | question                                                                                  | answer |
      | 4.6-03 | Are BMS cables that were too short lengthened with the paired extensions, or none needed?  | yes    |

  @clause:4.7.1-01 @clause:4.7.3-03
  Scenario: Departures from the factory's settings have a reason
    Then a person at the bench says so:
      | clause   | question                                                                                    | answer   |
      | 4.7.1-01 | Are all settings those of the factory, or is a reason noted for each one that isn't?         | yes      |
      | 4.7.3-03 | What does the app show as the lowest charging temperature? Below the limit no warranty holds. | warranty |

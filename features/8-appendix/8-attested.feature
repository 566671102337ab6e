Feature: Charging without BMS and balancing, on paper
  The few models that the manual has such a charge for, with the settings of the charger, and what
  their balancers move.

  @bench:board @needs:cells:4 @clause:8.1-02 @clause:8.1-03 @clause:8.1-04 @clause:8.1-05 @clause:8.1-06 @clause:8.1-07
  Scenario: Settings of the charger by model
    Then the files say so:
      | clause | file               | entry                               | must be         |
      | 8.1-02 | LFP-Smart 12.8/60  | charge without BMS, current         | current         |
      | 8.1-02 | LFP-Smart 12.8/60  | charge without BMS, absorption      | absorption      |
      | 8.1-02 | LFP-Smart 12.8/60  | charge without BMS, absorption time | absorption_time |
      | 8.1-02 | LFP-Smart 12.8/60  | charge without BMS, float           | float           |
      | 8.1-02 | LFP-Smart 12.8/60  | charge without BMS, storage         | storage         |
      | 8.1-03 | LFP-Smart 12.8/100 | charge without BMS, current         | current         |
      | 8.1-03 | LFP-Smart 12.8/100 | charge without BMS, absorption      | absorption      |
      | 8.1-03 | LFP-Smart 12.8/100 | charge without BMS, absorption time | absorption_time |
      | 8.1-03 | LFP-Smart 12.8/100 | charge without BMS, float           | float           |
      | 8.1-03 | LFP-Smart 12.8/100 | charge without BMS, storage         | storage         |
      | 8.1-04 | LFP-Smart 12.8/160 | charge without BMS, current         | current         |
      | 8.1-04 | LFP-Smart 12.8/160 | charge without BMS, absorption      | absorption      |
      | 8.1-04 | LFP-Smart 12.8/160 | charge without BMS, absorption time | absorption_time |
      | 8.1-04 | LFP-Smart 12.8/160 | charge without BMS, float           | float           |
      | 8.1-04 | LFP-Smart 12.8/160 | charge without BMS, storage         | storage         |
      | 8.1-05 | LFP-Smart 12.8/200 | charge without BMS, current         | current         |
      | 8.1-05 | LFP-Smart 12.8/200 | charge without BMS, absorption      | absorption      |
      | 8.1-05 | LFP-Smart 12.8/200 | charge without BMS, absorption time | absorption_time |
      | 8.1-05 | LFP-Smart 12.8/200 | charge without BMS, float           | float           |
      | 8.1-05 | LFP-Smart 12.8/200 | charge without BMS, storage         | storage         |
      | 8.1-06 | LFP-Smart 12.8/300 | charge without BMS, current         | current         |
      | 8.1-06 | LFP-Smart 12.8/300 | charge without BMS, absorption      | absorption      |
      | 8.1-06 | LFP-Smart 12.8/300 | charge without BMS, absorption time | absorption_time |
      | 8.1-06 | LFP-Smart 12.8/300 | charge without BMS, float           | float           |
      | 8.1-06 | LFP-Smart 12.8/300 | charge without BMS, storage         | storage         |
      | 8.1-07 | LFP-Smart 25.6/200 | charge without BMS, current         | current         |
      | 8.1-07 | LFP-Smart 25.6/200 | charge without BMS, absorption      | absorption      |
      | 8.1-07 | LFP-Smart 25.6/200 | charge without BMS, absorption time | absorption_time |
      | 8.1-07 | LFP-Smart 25.6/200 | charge without BMS, float           | float           |
      | 8.1-07 | LFP-Smart 25.6/200 | charge without BMS, storage         | storage         |

  @bench:board @needs:cells:4 @clause:8.1-08
  Scenario: Models without such a charge
    Then the files say so:
      | clause | file                 | entry              | must be   |
      | 8.1-08 | LFP-Smart 12.8/50    | charge without BMS | says none |
      | 8.1-08 | LFP-Smart 12.8/330   | charge without BMS | says none |
      | 8.1-08 | LFP-Smart 25.6/100   | charge without BMS | says none |
      | 8.1-08 | LFP-Smart 25.6/200-a | charge without BMS | says none |

  @bench:board @needs:cells:4 @clause:6.1.3-07 @clause:8.3-07
  Scenario: What balancers move
    Then the files say so:
      | clause   | file                 | entry             | must be      |
      | 6.1.3-07 | LFP-Smart 12.8/50    | balancing current | current_50ah |
      | 8.3-07   | LFP-Smart 12.8/50    | balancing current | current      |
      | 6.1.3-07 | LFP-Smart 12.8/60    | balancing current | current      |
      | 8.3-07   | LFP-Smart 12.8/60    | balancing current | current      |
      | 6.1.3-07 | LFP-Smart 12.8/100   | balancing current | current      |
      | 8.3-07   | LFP-Smart 12.8/100   | balancing current | current      |
      | 6.1.3-07 | LFP-Smart 12.8/160   | balancing current | current      |
      | 8.3-07   | LFP-Smart 12.8/160   | balancing current | current      |
      | 6.1.3-07 | LFP-Smart 12.8/200   | balancing current | current      |
      | 8.3-07   | LFP-Smart 12.8/200   | balancing current | current      |
      | 6.1.3-07 | LFP-Smart 12.8/300   | balancing current | current      |
      | 8.3-07   | LFP-Smart 12.8/300   | balancing current | current      |
      | 6.1.3-07 | LFP-Smart 12.8/330   | balancing current | current      |
      | 8.3-07   | LFP-Smart 12.8/330   | balancing current | current      |
      | 6.1.3-07 | LFP-Smart 25.6/100   | balancing current | current      |
      | 8.3-07   | LFP-Smart 25.6/100   | balancing current | current      |
      | 6.1.3-07 | LFP-Smart 25.6/200   | balancing current | current      |
      | 8.3-07   | LFP-Smart 25.6/200   | balancing current | current      |
      | 6.1.3-07 | LFP-Smart 25.6/200-a | balancing current | current      |
      | 8.3-07   | LFP-Smart 25.6/200-a | balancing current | current      |

  @bench:board @needs:cells:4 @clause:6.1.3-09
  Scenario: How often the charger of the example is started anew
    Then the files say so:
      | clause   | file               | entry                    | must be  |
      | 6.1.3-09 | LFP-Smart 12.8/200 | restarts for half a cell | restarts |

  @bench:battery @clause:8.1-01
  Scenario: Without BMS somebody watches all the time
    Then two people at the bench say so:
      | clause | question                                                                               | answer |
      | 8.1-01 | Is it a single battery, with a person watching its cells in the app from start to end? | yes    |

  @bench:board @clause:8.2-14
  Scenario: The board gets a new start
    Then two people at the bench say so:
      | clause | question                                                                              | answer |
      | 8.2-14 | Were all nine steps done in their order, by somebody who is allowed to open the case? | yes    |
      | 8.2-14 | To what torque was the bolt inside tightened afterwards?                              | torque |
      | 8.2-14 | For how long was the lug off?                                                         | off    |

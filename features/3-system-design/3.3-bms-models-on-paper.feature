@bench:board @needs:cells:4
Feature: The seven BMS models on paper
  The product files of the BMS models say what the manual says of them.

  @clause:3.3-01
  Scenario: smallBMS
    Then the files say so:
      | clause | file     | entry          | must be               |
      | 3.3-01 | smallBMS | formerly       | says miniBMS          |
      | 3.3-01 | smallBMS | lowest system  | system_12_to_48       |
      | 3.3-01 | smallBMS | highest system | system_12_to_48       |
      | 3.3-01 | smallBMS | contacts       | says high or floating |
      | 3.3-01 | smallBMS | pre-alarm      | says yes              |

  @clause:3.3-02
  Scenario: VE.Bus BMS V2
    Then the files say so:
      | clause | file          | entry                        | must be               |
      | 3.3-02 | VE.Bus BMS V2 | lowest system                | system_12_to_48       |
      | 3.3-02 | VE.Bus BMS V2 | highest system               | system_12_to_48       |
      | 3.3-02 | VE.Bus BMS V2 | contacts                     | says high or floating |
      | 3.3-02 | VE.Bus BMS V2 | pre-alarm                    | says yes              |
      | 3.3-02 | VE.Bus BMS V2 | speaks to inverter/chargers by | says VE.Bus         |
      | 3.3-02 | VE.Bus BMS V2 | remote on/off                | says yes              |

  @clause:3.3-03
  Scenario: VE.Bus BMS
    Then the files say so:
      | clause | file       | entry                          | must be               |
      | 3.3-03 | VE.Bus BMS | lowest system                  | system_12_to_48       |
      | 3.3-03 | VE.Bus BMS | highest system                 | system_12_to_48       |
      | 3.3-03 | VE.Bus BMS | contacts                       | says high or floating |
      | 3.3-03 | VE.Bus BMS | pre-alarm                      | says yes              |
      | 3.3-03 | VE.Bus BMS | speaks to inverter/chargers by | says VE.Bus           |

  @clause:3.3-04
  Scenario: Lynx Smart BMS 500
    Then the files say so:
      | clause | file               | entry          | must be          |
      | 3.3-04 | Lynx Smart BMS 500 | lowest system  | system_12_to_48  |
      | 3.3-04 | Lynx Smart BMS 500 | highest system | system_12_to_48  |
      | 3.3-04 | Lynx Smart BMS 500 | contacts       | says dry         |
      | 3.3-04 | Lynx Smart BMS 500 | contactor      | says 500 A       |
      | 3.3-04 | Lynx Smart BMS 500 | radio          | says yes         |
      | 3.3-04 | Lynx Smart BMS 500 | VE.Can         | says yes         |
      | 3.3-04 | Lynx Smart BMS 500 | sits in        | says plus, minus |

  @clause:3.3-05
  Scenario: Smart BMS CL 12/100
    Then the files say so:
      | clause | file                | entry                    | must be    |
      | 3.3-05 | Smart BMS CL 12/100 | lowest system            | system     |
      | 3.3-05 | Smart BMS CL 12/100 | highest system           | system     |
      | 3.3-05 | Smart BMS CL 12/100 | pre-alarm                | says yes   |
      | 3.3-05 | Smart BMS CL 12/100 | radio                    | says yes   |
      | 3.3-05 | Smart BMS CL 12/100 | sits in                  | says plus  |
      | 3.3-05 | Smart BMS CL 12/100 | alternator port in words | says 100 A |

  @clause:3.3-06
  Scenario: Smart BMS 12/200
    Then the files say so:
      | clause | file             | entry                    | must be    |
      | 3.3-06 | Smart BMS 12/200 | lowest system            | system     |
      | 3.3-06 | Smart BMS 12/200 | highest system           | system     |
      | 3.3-06 | Smart BMS 12/200 | pre-alarm                | says yes   |
      | 3.3-06 | Smart BMS 12/200 | radio                    | says yes   |
      | 3.3-06 | Smart BMS 12/200 | alternator port in words | says 100 A |
      | 3.3-06 | Smart BMS 12/200 | ports                    | says 200 A |

  @clause:3.3-07
  Scenario: BMS 12/200
    Then the files say so:
      | clause | file       | entry                    | must be    |
      | 3.3-07 | BMS 12/200 | still made               | says no    |
      | 3.3-07 | BMS 12/200 | lowest system            | system     |
      | 3.3-07 | BMS 12/200 | highest system           | system     |
      | 3.3-07 | BMS 12/200 | sits in                  | says minus |
      | 3.3-07 | BMS 12/200 | alternator port in words | says 80 A  |
      | 3.3-07 | BMS 12/200 | ports                    | says 200 A |

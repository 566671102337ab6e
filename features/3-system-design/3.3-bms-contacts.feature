@bench:board
Feature: What the contacts of each BMS model do
  All models but the BMS 12/200 warn, stop loads and stop chargers, each by a contact. Their
  sections in the manual say the same three things of each, so each is measured with the same
  steps: where and how soon the chargers go off, where the loads do, and that they are warned of it.

  Background:
    Given a board at rest with every cell at 3.30 V
    And the meter and the supplies agree

  Scenario Outline: A cell that is too low takes the loads off (<model>)
    When one cell is lowered until the loads go off
    Then the discharge limit is the one that was set
    And the meter and the supplies still agree

    @clause:3.3.1-01 @needs:bms:smallbms
    Examples:
      | model |
      | smallBMS |

    @clause:3.3.2-01 @needs:bms:ve.bus-bms-v2
    Examples:
      | model |
      | VE.Bus BMS V2 |

    @clause:3.3.3-01 @needs:bms:ve.bus-bms
    Examples:
      | model |
      | VE.Bus BMS |

    @clause:3.3.4-01 @needs:bms:lynx-smart-bms-500
    Examples:
      | model |
      | Lynx Smart BMS 500 |

    @clause:3.3.5-01 @needs:bms:smart-bms-cl-12-100
    Examples:
      | model |
      | Smart BMS CL 12/100 |

    @clause:3.3.6-01 @needs:bms:smart-bms-12-200
    Examples:
      | model |
      | Smart BMS 12/200 |

  Scenario Outline: Loads are warned half a minute before they go off (<model>)
    When one cell drops straight to 2.70 V
    Then half a minute or more lies between the pre-alarm and the loads

    @clause:3.3.1-01 @clause:3.3.1-02 @needs:bms:smallbms
    Examples:
      | model |
      | smallBMS |

    @clause:3.3.2-01 @clause:3.3.2-02 @needs:bms:ve.bus-bms-v2
    Examples:
      | model |
      | VE.Bus BMS V2 |

    @clause:3.3.3-01 @clause:3.3.3-02 @needs:bms:ve.bus-bms
    Examples:
      | model |
      | VE.Bus BMS |

    @clause:3.3.4-01 @clause:3.3.4-02 @needs:bms:lynx-smart-bms-500
    Examples:
      | model |
      | Lynx Smart BMS 500 |

    @clause:3.3.5-01 @clause:3.3.5-02 @needs:bms:smart-bms-cl-12-100
    Examples:
      | model |
      | Smart BMS CL 12/100 |

    @clause:3.3.6-01 @clause:3.3.6-02 @needs:bms:smart-bms-12-200
    Examples:
      | model |
      | Smart BMS 12/200 |

  Scenario Outline: A cell that is too high takes the chargers off (<model>)
    When one cell is raised until the chargers go off
    Then the charge limit is within what the manual allows
    When that cell rises from 3.40 V to 3.80 V
    Then the chargers go off in time
    And the meter and the supplies still agree

    @clause:3.3.1-03 @needs:bms:smallbms
    Examples:
      | model |
      | smallBMS |

    @clause:3.3.2-03 @needs:bms:ve.bus-bms-v2
    Examples:
      | model |
      | VE.Bus BMS V2 |

    @clause:3.3.3-03 @needs:bms:ve.bus-bms
    Examples:
      | model |
      | VE.Bus BMS |

    @clause:3.3.4-03 @needs:bms:lynx-smart-bms-500
    Examples:
      | model |
      | Lynx Smart BMS 500 |

    @clause:3.3.5-03 @needs:bms:smart-bms-cl-12-100
    Examples:
      | model |
      | Smart BMS CL 12/100 |

    @clause:3.3.6-03 @needs:bms:smart-bms-12-200
    Examples:
      | model |
      | Smart BMS 12/200 |

  @needs:chamber
  Scenario Outline: A cold battery takes the chargers off (<model>)
    When the battery is cooled slowly until the chargers go off
    Then this model's charge contact opened where and when it must

    @clause:3.3.1-04 @needs:bms:smallbms
    Examples:
      | model |
      | smallBMS |

    @clause:3.3.2-04 @needs:bms:ve.bus-bms-v2
    Examples:
      | model |
      | VE.Bus BMS V2 |

    @clause:3.3.3-04 @needs:bms:ve.bus-bms
    Examples:
      | model |
      | VE.Bus BMS |

    @clause:3.3.4-04 @needs:bms:lynx-smart-bms-500
    Examples:
      | model |
      | Lynx Smart BMS 500 |

    @clause:3.3.5-04 @needs:bms:smart-bms-cl-12-100
    Examples:
      | model |
      | Smart BMS CL 12/100 |

    @clause:3.3.6-04 @needs:bms:smart-bms-12-200
    Examples:
      | model |
      | Smart BMS 12/200 |

  @needs:chamber
  Scenario Outline: A hot battery takes the chargers off (<model>)
    When the battery is warmed slowly until the chargers go off
    Then this model's charge contact opened where and when it must

    @clause:3.3.1-04 @needs:bms:smallbms
    Examples:
      | model |
      | smallBMS |

    @clause:3.3.2-04 @needs:bms:ve.bus-bms-v2
    Examples:
      | model |
      | VE.Bus BMS V2 |

    @clause:3.3.3-04 @needs:bms:ve.bus-bms
    Examples:
      | model |
      | VE.Bus BMS |

    @clause:3.3.4-04 @needs:bms:lynx-smart-bms-500
    Examples:
      | model |
      | Lynx Smart BMS 500 |

    @clause:3.3.5-04 @needs:bms:smart-bms-cl-12-100
    Examples:
      | model |
      | Smart BMS CL 12/100 |

    @clause:3.3.6-04 @needs:bms:smart-bms-12-200
    Examples:
      | model |
      | Smart BMS 12/200 |

  @needs:contact-voltages
  Scenario Outline: A contact that is on is near the supply, one that is off floats (<model>)
    When the voltages of both contacts are measured, on and off
    Then they are near the supply or floating

    @clause:3.3.1-05 @needs:bms:smallbms
    Examples:
      | model |
      | smallBMS |

    @clause:3.3.2-05 @needs:bms:ve.bus-bms-v2
    Examples:
      | model |
      | VE.Bus BMS V2 |

    @clause:3.3.3-05 @needs:bms:ve.bus-bms
    Examples:
      | model |
      | VE.Bus BMS |

    @clause:3.3.5-05 @needs:bms:smart-bms-cl-12-100
    Examples:
      | model |
      | Smart BMS CL 12/100 |

    @clause:3.3.6-05 @needs:bms:smart-bms-12-200
    Examples:
      | model |
      | Smart BMS 12/200 |

  @clause:3.3.4-05 @needs:contact-voltages @needs:bms:lynx-smart-bms-500
  Scenario: The contacts of a Lynx are dry
    When the voltages of both contacts are measured, on and off
    Then they are dry contacts

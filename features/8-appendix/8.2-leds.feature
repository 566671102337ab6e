@bench:board
Feature: LEDs of a BMS that refuses
  A person reads the LEDs while loads and chargers are refused.

  Background:
    Given a board at rest with every cell at 3.30 V

  Scenario Outline: The LEDs tell that loads and chargers are refused (<model>)
    Then a BMS that refuses shows it with its LEDs

    @clause:8.2-05 @needs:bms:smallbms
    Examples:
      | model |
      | smallBMS |

    @clause:8.2-06 @needs:bms:ve.bus-bms
    Examples:
      | model |
      | VE.Bus BMS |

    @clause:8.2-08 @needs:bms:smart-bms-cl-12-100
    Examples:
      | model |
      | Smart BMS CL 12/100 |

    @clause:8.2-09 @needs:bms:smart-bms-12-200
    Examples:
      | model |
      | Smart BMS 12/200 |

    @clause:8.2-10 @needs:bms:bms-12-200
    Examples:
      | model |
      | BMS 12/200 |

  @clause:8.2-11 @needs:bms:ve.bus-bms-v2
  Scenario: The LEDs of a VE.Bus BMS V2 are written down
    Then a person at the bench says so:
      | clause | question                                                                            | answer    |
      | 8.2-11 | What do the LEDs show while loads and chargers are refused? The contacts decide.     | reference |

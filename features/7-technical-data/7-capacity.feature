@bench:battery
Feature: Capacity by model
  Each model on a bench of its own: filled, emptied gently until the loads go off, and held against its
  column of the table. The model of 100 Ah and 12.8 V has its cold capacities measured too, see 5.3.

  Scenario Outline: A <model> gives what its column says
    Given a battery at rest with every cable plugged
    And the battery was fully charged
    When the battery is discharged gently until the loads go off
    Then the battery has its capacity
    And it had the voltage of an empty battery

    @clause:7-01 @clause:7-02 @needs:model-12.8-50
    Examples:
      | model |
      | 12.8/50 |

    @clause:7-05 @clause:7-06 @needs:model-12.8-60
    Examples:
      | model |
      | 12.8/60 |

    @clause:7-13 @clause:7-14 @needs:model-12.8-160
    Examples:
      | model |
      | 12.8/160 |

    @clause:7-17 @clause:7-18 @needs:model-12.8-200
    Examples:
      | model |
      | 12.8/200 |

    @clause:7-21 @clause:7-22 @needs:model-12.8-300
    Examples:
      | model |
      | 12.8/300 |

    @clause:7-25 @clause:7-26 @needs:model-12.8-330
    Examples:
      | model |
      | 12.8/330 |

    @clause:7-29 @clause:7-30 @needs:model-25.6-100
    Examples:
      | model |
      | 25.6/100 |

    @clause:7-33 @clause:7-34 @needs:model-25.6-200
    Examples:
      | model |
      | 25.6/200 |

    @clause:7-37 @clause:7-38 @needs:model-25.6-200-a
    Examples:
      | model |
      | 25.6/200-a |

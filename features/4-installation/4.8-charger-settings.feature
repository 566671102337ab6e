@bench:battery
Feature: Settings of chargers
  What the bench file says that each charger is set to.

  @needs:topology:1S1P @clause:4.8-01 @clause:5.2-03
  Scenario: Chargers of a 12 V system
    Then the files say so:
      | clause | file  | entry                   | must be         |
      | 4.8-01 | bench | charger absorption      | absorption      |
      | 4.8-01 | bench | charger absorption time | absorption_time |
      | 4.8-01 | bench | charger float           | float           |
      | 5.2-03 | bench | charger absorption      | absorption      |
      | 5.2-03 | bench | charger float           | float           |

  @needs:topology:2S1P @clause:5.2-04
  Scenario: Chargers of a 24 V system
    Then the files say so:
      | clause | file  | entry              | must be    |
      | 5.2-04 | bench | charger absorption | absorption |
      | 5.2-04 | bench | charger float      | float      |

  @clause:4.9-13 @clause:5.2-01 @clause:5.2-02 @clause:5.2-08 @clause:5.2-09 @clause:5.2-10 @clause:6.1.3-01
  Scenario: Every charger fits the bank and the chemistry
    Then every charger is set as section 4.8 has it
    And the files say so:
      | clause   | file  | entry                            | must be             |
      | 5.2-01   | bench | charger is of the bank's voltage | says yes            |
      | 5.2-02   | bench | charger profile                  | says lithium        |
      | 5.2-08   | bench | charger storage less float       | difference          |
      | 5.2-09   | bench | charger bulk less absorption     | difference          |
      | 5.2-10   | bench | charger corrects for temperature | says no             |
      | 6.1.3-01 | bench | charger profile                  | says lithium        |
      | 6.1.3-01 | bench | charger stop                     | says charge contact |

  @needs:topology:1S1P @clause:4.8-02 @clause:5.2-05
  Scenario: Chargers of 25.6 V batteries and of 48 V systems, by the product files
    Then the files say so:
      | clause | file                 | entry                      | must be    |
      | 4.8-02 | LFP-Smart 25.6/100   | absorption                 | absorption |
      | 4.8-02 | LFP-Smart 25.6/100   | float                      | float      |
      | 4.8-02 | LFP-Smart 25.6/200   | absorption                 | absorption |
      | 4.8-02 | LFP-Smart 25.6/200   | float                      | float      |
      | 4.8-02 | LFP-Smart 25.6/200-a | absorption                 | absorption |
      | 4.8-02 | LFP-Smart 25.6/200-a | float                      | float      |
      | 5.2-05 | LFP-Smart 12.8/330   | absorption in a string of 4 | absorption |
      | 5.2-05 | LFP-Smart 12.8/330   | float in a string of 4     | float      |
      | 5.2-05 | LFP-Smart 25.6/200   | absorption in a string of 2 | absorption |
      | 5.2-05 | LFP-Smart 25.6/200   | float in a string of 2     | float      |

Feature: Size of a bank
  Energy of the largest banks, from what the product files say of a single battery, and what a bench
  file has of its own bank.

  @bench:board @clause:3.1-02 @clause:3.1-03 @clause:3.1-04
  Scenario: Twenty of the largest 12.8 V model
    Then the files say so:
      | clause | file               | entry            | must be |
      | 3.1-02 | LFP-Smart 12.8/330 | energy of 1S20P  | energy  |
      | 3.1-03 | LFP-Smart 12.8/330 | energy of 2S10P  | energy  |
      | 3.1-04 | LFP-Smart 12.8/330 | energy of 4S5P   | energy  |

  @bench:board @clause:3.1-05 @clause:3.1-06
  Scenario: Twenty of the larger 25.6 V model
    Then the files say so:
      | clause | file               | entry            | must be |
      | 3.1-05 | LFP-Smart 25.6/200 | energy of 1S20P  | energy  |
      | 3.1-06 | LFP-Smart 25.6/200 | energy of 2S10P  | energy  |

  @bench:board @needs:cells:8 @clause:3.1-07
  Scenario: A 25.6 V battery makes no 12 V bank
    Then the bank is of a voltage that its BMS is for

  @bench:battery @needs:series @clause:4.5.3-02
  Scenario: A string is no longer than allowed
    Then the string is no longer than its batteries allow

  @bench:battery @needs:parallel @clause:4.5.4-01
  Scenario: Batteries side by side are no more than allowed
    Then the files say so:
      | clause   | file  | entry                | must be   |
      | 4.5.4-01 | bench | strings side by side | batteries |

  @bench:battery @needs:parallel @needs:series @clause:4.5.5-01
  Scenario: A bank of strings is no larger than allowed, and its batteries were filled first
    Then the files say so:
      | clause   | file  | entry     | must be   |
      | 4.5.5-01 | bench | batteries | batteries |
    And a person at the bench says so:
      | clause   | question                                                                     | answer    |
      | 4.5.5-01 | Where does it stand that each battery was filled and balanced before joining? | reference |

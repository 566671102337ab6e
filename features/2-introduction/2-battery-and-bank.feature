@bench:battery
Feature: The battery and the bank
  What kind of battery it is, and how large a bank of it can be.

  @clause:2.2-04
  Scenario: Nothing but its radio carries data
    Then a person at the bench says so:
      | clause | question                                                                                | answer |
      | 2.2-04 | Apart from poles and BMS cables, is the case without any socket that could carry data?   | yes    |

  @clause:2.2-05 @clause:3.1-01
  Scenario: The bank is no larger than the manual allows
    Then the files say so:
      | clause | file  | entry     | must be    |
      | 2.2-05 | bench | batteries | batteries  |
      | 2.2-05 | bench | energy    | energy_12v |
      | 3.1-01 | bench | batteries | batteries  |

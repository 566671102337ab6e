@bench:battery
Feature: The list before the first switch-on
  What is looked at before the system gets power for the first time.

  @clause:4.9-01 @clause:4.9-02 @clause:4.9-03 @clause:4.9-04 @clause:4.9-05 @clause:4.9-06 @clause:4.9-10
  Scenario: Cables and plugs
    Then a person at the bench says so:
      | clause | question                                                                       | answer |
      | 4.9-01 | Is every battery cable the right way round?                                      | yes    |
      | 4.9-02 | Is every battery cable thick enough for what flows through it?                   | yes    |
      | 4.9-03 | Is every lug crimped well?                                                       | yes    |
      | 4.9-04 | Is every terminal tight, and none tighter than it stands?                        | yes    |
      | 4.9-05 | Does every battery cable stay where it is when pulled a little?                  | yes    |
      | 4.9-06 | Is the ring of each BMS plug screwed in to the end?                              | yes    |
      | 4.9-10 | Are plus and minus of the system both connected to the bank?                     | yes    |

  @clause:4.9-07 @clause:4.9-08 @clause:4.9-11 @clause:4.9-12
  Scenario: App, firmware and fuses
    Then a person at the bench says so:
      | clause | question                                                                           | answer    |
      | 4.9-07 | Does the app open each of the batteries?                                            | yes       |
      | 4.9-08 | Which firmware has each battery? None may be behind the newest.                     | reference |
      | 4.9-11 | Where is it noted that string fuses were checked for their rating, or none fitted?  | reference |
      | 4.9-12 | Where is it noted that the main fuse was checked for its rating before it went in?  | reference |

  @clause:4.9-09 @clause:6.2.3-02
  Scenario: All batteries are set alike
    Given a battery at rest with every cable plugged
    Then the app shows the settings of the bench file in every battery

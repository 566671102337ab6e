@bench:battery
Feature: Use and care
  How the battery is used day by day is nothing that a bench can measure. People say what they do, and
  with which record they can show it.

  @clause:5.3-01 @clause:5.3-04 @clause:5.5-01 @clause:5.5-02 @clause:5.5-04
  Scenario: It is never left empty
    Then a person at the bench says so:
      | clause | question                                                                                          | answer    |
      | 5.3-01 | Which list has what still draws current with the system off, and how is that cut in absence?       | reference |
      | 5.3-04 | After a shutdown for a low cell: after how long does somebody begin to recharge?                   | response  |
      | 5.5-01 | Does everybody know not to run it flat, and what a pre-alarm asks of them?                          | yes       |
      | 5.5-02 | Is it charged at once after each pre-alarm and each shutdown?                                       | yes       |
      | 5.5-04 | When nobody uses it: is it on a charger, or nearly full with everything off it?                     | yes       |

  @clause:5.5-03 @clause:6.1.2-01 @clause:8.3-05
  Scenario: It is filled often enough
    Then a person at the bench says so:
      | clause   | question                                                                                 | answer                |
      | 5.5-03   | How long does the charger absorb within a month?                                          | absorption_time       |
      | 5.5-03   | Over how many days is that counted?                                                       | window                |
      | 6.1.2-01 | In light use: how long does the charger absorb within a month?                             | absorption_time_light |
      | 6.1.2-01 | In heavy use: how long does the charger absorb within a month?                             | absorption_time_heavy |
      | 8.3-05   | At the most, how many days lie between two full charges?                                   | interval              |
      | 8.3-05   | In strings, or under daily or heavy use: how many days lie between two full charges?       | interval_heavy        |
      | 8.3-05   | How long does the charger absorb in such a charge?                                         | absorption_time       |

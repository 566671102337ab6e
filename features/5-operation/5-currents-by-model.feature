@bench:board @needs:cells:4
Feature: Recommended currents of each model
  The product files of all models against the numbers of chapters 5.2 and 5.3. For the charge the
  manual prints two recommendations in places; the rig goes by the smaller one.

  @clause:5.2-11 @clause:5.2-12 @clause:5.2-13 @clause:5.2-14 @clause:5.2-15 @clause:5.2-16 @clause:5.2-17 @clause:5.2-18 @clause:5.2-19 @clause:5.2-20
  Scenario: Currents to charge with
    Then the files say so:
      | clause | file                 | entry               | must be |
      | 5.2-11 | LFP-Smart 12.8/50    | best charge current | current |
      | 5.2-12 | LFP-Smart 12.8/60    | best charge current | current |
      | 5.2-13 | LFP-Smart 12.8/100   | best charge current | current |
      | 5.2-14 | LFP-Smart 12.8/160   | best charge current | current |
      | 5.2-15 | LFP-Smart 12.8/200   | best charge current | current |
      | 5.2-16 | LFP-Smart 12.8/300   | best charge current | current |
      | 5.2-17 | LFP-Smart 12.8/330   | best charge current | current |
      | 5.2-18 | LFP-Smart 25.6/100   | best charge current | current |
      | 5.2-19 | LFP-Smart 25.6/200   | best charge current | current |
      | 5.2-20 | LFP-Smart 25.6/200-a | best charge current | current |

  @clause:5.3-05 @clause:5.3-06 @clause:5.3-07 @clause:5.3-08 @clause:5.3-09 @clause:5.3-10 @clause:5.3-11 @clause:5.3-12 @clause:5.3-13 @clause:5.3-14
  Scenario: Currents to discharge with for long
    Then the files say so:
      | clause | file                 | entry                         | must be |
      | 5.3-05 | LFP-Smart 12.8/50    | recommended discharge current | current |
      | 5.3-06 | LFP-Smart 12.8/60    | recommended discharge current | current |
      | 5.3-07 | LFP-Smart 12.8/100   | recommended discharge current | current |
      | 5.3-08 | LFP-Smart 12.8/160   | recommended discharge current | current |
      | 5.3-09 | LFP-Smart 12.8/200   | recommended discharge current | current |
      | 5.3-10 | LFP-Smart 12.8/300   | recommended discharge current | current |
      | 5.3-11 | LFP-Smart 12.8/330   | recommended discharge current | current |
      | 5.3-12 | LFP-Smart 25.6/100   | recommended discharge current | current |
      | 5.3-13 | LFP-Smart 25.6/200   | recommended discharge current | current |
      | 5.3-14 | LFP-Smart 25.6/200-a | recommended discharge current | current |

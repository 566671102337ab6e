@bench:battery
Feature: People and place
  Before anything is energised a person says that the place, the people and the battery are fit for
  it. The rig can't see any of this; it asks, writes down who answered and when, and takes no answer
  for yes.

  @clause:1-01 @clause:1-02 @clause:1.1-01 @clause:1.1-02 @clause:1.1-05
  Scenario: The people know what they do and the place is fit for it
    Then a person at the bench says so:
      | clause | question                                                                                  | answer    |
      | 1-01   | Are all who work here trained for it, and do the safety rules hang within reach?           | yes       |
      | 1-02   | Where is the safety data sheet of the cells kept?                                          | reference |
      | 1.1-01 | Are glasses and protective clothes on, rings and watches off, and the tools insulated?      | yes       |
      | 1.1-02 | Is there nothing of metal on the battery or beside its poles, which are always live?        | yes       |
      | 1.1-05 | Is an extinguisher for burning metal, or one with carbon dioxide, within reach?             | yes       |

  @clause:1.1-03 @clause:1.1-04 @clause:1.1-06
  Scenario: The battery is whole and stands fast
    Then a person at the bench says so:
      | clause | question                                                                          | answer |
      | 1.1-03 | Is the battery free of damage, leaks and wet places?                               | yes    |
      | 1.1-04 | Is its case still closed as it came, with no sign that anybody opened it?          | yes    |
      | 1.1-06 | Was it lifted with an aid, does it stand fast, and was it spared falls and knocks? | yes    |

  @clause:1.3-01 @clause:1.3-02 @clause:1.3-03 @clause:1.4-01
  Scenario: On its way here and away again it is treated well
    Then a person at the bench says so:
      | clause | question                                                                                         | answer    |
      | 1.3-01 | Did it travel upright, in packing that doesn't conduct, in soft slings if it was still boxed?     | yes       |
      | 1.3-02 | Is it lifted by its handles alone, with nobody below?                                             | yes       |
      | 1.3-03 | Which papers show UN 3480, class 9, group II, the test to UN 38.3 and a box packed to P903?       | reference |
      | 1.4-01 | Is it arranged that a scrapped battery goes to a recycler and not into the rubbish?               | yes       |

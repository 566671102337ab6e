Feature: Technical data
  The table of chapter 7, a column a model: what the product files say, and what a person finds on the
  battery that stands on the bench.

  @bench:board @needs:cells:4
  @clause:7-03 @clause:7-07 @clause:7-11 @clause:7-15 @clause:7-19 @clause:7-23 @clause:7-27 @clause:7-31 @clause:7-35 @clause:7-39
  Scenario: Currents that each model bears
    Then the files say so:
      | clause | file                 | entry                         | must be               |
      | 7-03   | LFP-Smart 12.8/50    | maximum discharge current     | discharge             |
      | 7-03   | LFP-Smart 12.8/50    | maximum charge current        | charge                |
      | 7-03   | LFP-Smart 12.8/50    | recommended discharge current | discharge_recommended |
      | 7-03   | LFP-Smart 12.8/50    | recommended charge current    | charge_recommended    |
      | 7-07   | LFP-Smart 12.8/60    | maximum discharge current     | discharge             |
      | 7-07   | LFP-Smart 12.8/60    | maximum charge current        | charge                |
      | 7-07   | LFP-Smart 12.8/60    | recommended discharge current | discharge_recommended |
      | 7-07   | LFP-Smart 12.8/60    | recommended charge current    | charge_recommended    |
      | 7-11   | LFP-Smart 12.8/100   | maximum discharge current     | discharge             |
      | 7-11   | LFP-Smart 12.8/100   | maximum charge current        | charge                |
      | 7-11   | LFP-Smart 12.8/100   | recommended discharge current | discharge_recommended |
      | 7-11   | LFP-Smart 12.8/100   | recommended charge current    | charge_recommended    |
      | 7-15   | LFP-Smart 12.8/160   | maximum discharge current     | discharge             |
      | 7-15   | LFP-Smart 12.8/160   | maximum charge current        | charge                |
      | 7-15   | LFP-Smart 12.8/160   | recommended discharge current | discharge_recommended |
      | 7-15   | LFP-Smart 12.8/160   | recommended charge current    | charge_recommended    |
      | 7-19   | LFP-Smart 12.8/200   | maximum discharge current     | discharge             |
      | 7-19   | LFP-Smart 12.8/200   | maximum charge current        | charge                |
      | 7-19   | LFP-Smart 12.8/200   | recommended discharge current | discharge_recommended |
      | 7-19   | LFP-Smart 12.8/200   | recommended charge current    | charge_recommended    |
      | 7-23   | LFP-Smart 12.8/300   | maximum discharge current     | discharge             |
      | 7-23   | LFP-Smart 12.8/300   | maximum charge current        | charge                |
      | 7-23   | LFP-Smart 12.8/300   | recommended discharge current | discharge_recommended |
      | 7-23   | LFP-Smart 12.8/300   | recommended charge current    | charge_recommended    |
      | 7-27   | LFP-Smart 12.8/330   | maximum discharge current     | discharge             |
      | 7-27   | LFP-Smart 12.8/330   | maximum charge current        | charge                |
      | 7-27   | LFP-Smart 12.8/330   | recommended discharge current | discharge_recommended |
      | 7-27   | LFP-Smart 12.8/330   | recommended charge current    | charge_recommended    |
      | 7-31   | LFP-Smart 25.6/100   | maximum discharge current     | discharge             |
      | 7-31   | LFP-Smart 25.6/100   | maximum charge current        | charge                |
      | 7-31   | LFP-Smart 25.6/100   | recommended discharge current | discharge_recommended |
      | 7-31   | LFP-Smart 25.6/100   | recommended charge current    | charge_recommended    |
      | 7-35   | LFP-Smart 25.6/200   | maximum discharge current     | discharge             |
      | 7-35   | LFP-Smart 25.6/200   | maximum charge current        | charge                |
      | 7-35   | LFP-Smart 25.6/200   | recommended discharge current | discharge_recommended |
      | 7-35   | LFP-Smart 25.6/200   | recommended charge current    | charge_recommended    |
      | 7-39   | LFP-Smart 25.6/200-a | maximum discharge current     | discharge             |
      | 7-39   | LFP-Smart 25.6/200-a | maximum charge current        | charge                |
      | 7-39   | LFP-Smart 25.6/200-a | recommended discharge current | discharge_recommended |
      | 7-39   | LFP-Smart 25.6/200-a | recommended charge current    | charge_recommended    |

  @bench:board
  @clause:7-04 @clause:7-08 @clause:7-12 @clause:7-16 @clause:7-20 @clause:7-24 @clause:7-28 @clause:7-32 @clause:7-36 @clause:7-40 @clause:7-47 @clause:7-49 @clause:7-50
  Scenario: Weight, size and connections of the battery on the bench
    Then a person at the bench says so:
      | clause | question                                                                        | answer    |
      | 7-04   | What does the battery weigh?                                                    | weight    |
      | 7-04   | Are the inserts of its poles M8?                                                | yes       |
      | 7-08   | What does the battery weigh?                                                    | weight    |
      | 7-08   | Are the inserts of its poles M8?                                                | yes       |
      | 7-12   | What does the battery weigh?                                                    | weight    |
      | 7-12   | Are the inserts of its poles M8?                                                | yes       |
      | 7-16   | What does the battery weigh?                                                    | weight    |
      | 7-16   | Are the inserts of its poles M8?                                                | yes       |
      | 7-20   | What does the battery weigh?                                                    | weight    |
      | 7-20   | Are the inserts of its poles M8?                                                | yes       |
      | 7-24   | What does the battery weigh?                                                    | weight    |
      | 7-24   | Are the inserts of its poles M10?                                               | yes       |
      | 7-28   | What does the battery weigh?                                                    | weight    |
      | 7-28   | Are the inserts of its poles M10?                                               | yes       |
      | 7-32   | What does the battery weigh?                                                    | weight    |
      | 7-32   | Are the inserts of its poles M8?                                                | yes       |
      | 7-36   | What does the battery weigh?                                                    | weight    |
      | 7-36   | Are the inserts of its poles M8?                                                | yes       |
      | 7-40   | What does the battery weigh?                                                    | weight    |
      | 7-40   | Are the inserts of its poles M8?                                                | yes       |
      | 7-47   | Where is it noted which models may lie on a side? The 330 Ah may not.           | reference |
      | 7-49   | How long are its BMS cables, from the case to the end of the plug?              | length    |
      | 7-49   | Do they end in a round M8 plug and socket of three poles?                       | yes       |
      | 7-50   | Picture of the battery beside a rule: height, width and depth as in its column? | photo     |

  @bench:board @needs:cells:4
  @clause:7-47
  Scenario: Models that may lie on a side
    Then the files say so:
      | clause | file                 | entry     | must be  |
      | 7-47   | LFP-Smart 12.8/50    | on a side | says yes |
      | 7-47   | LFP-Smart 12.8/60    | on a side | says yes |
      | 7-47   | LFP-Smart 12.8/100   | on a side | says yes |
      | 7-47   | LFP-Smart 12.8/160   | on a side | says yes |
      | 7-47   | LFP-Smart 12.8/200   | on a side | says yes |
      | 7-47   | LFP-Smart 12.8/300   | on a side | says yes |
      | 7-47   | LFP-Smart 12.8/330   | on a side | says no  |
      | 7-47   | LFP-Smart 25.6/100   | on a side | says yes |
      | 7-47   | LFP-Smart 25.6/200   | on a side | says yes |
      | 7-47   | LFP-Smart 25.6/200-a | on a side | says yes |

  @bench:battery @clause:7-45 @clause:7-48
  Scenario: Storage
    Then a person at the bench says so:
      | clause | question                                                               | answer   |
      | 7-45   | At what temperature are batteries stored?                              | storage  |
      | 7-45   | In what relative humidity are they kept?                               | humidity |
      | 7-45   | Are they kept from splashing and dripping water, as IP22 wants?        | yes      |
      | 7-48   | For how long is a full battery stored at room temperature at the most? | storage  |

  @bench:board @needs:cells:4 @clause:7-46
  Scenario: Voltages to charge with
    Then the files say so:
      | clause | file                 | entry      | must be    |
      | 7-46   | LFP-Smart 12.8/50    | absorption | charge_12v |
      | 7-46   | LFP-Smart 12.8/50    | float      | float_12v  |
      | 7-46   | LFP-Smart 12.8/60    | absorption | charge_12v |
      | 7-46   | LFP-Smart 12.8/60    | float      | float_12v  |
      | 7-46   | LFP-Smart 12.8/100   | absorption | charge_12v |
      | 7-46   | LFP-Smart 12.8/100   | float      | float_12v  |
      | 7-46   | LFP-Smart 12.8/160   | absorption | charge_12v |
      | 7-46   | LFP-Smart 12.8/160   | float      | float_12v  |
      | 7-46   | LFP-Smart 12.8/200   | absorption | charge_12v |
      | 7-46   | LFP-Smart 12.8/200   | float      | float_12v  |
      | 7-46   | LFP-Smart 12.8/300   | absorption | charge_12v |
      | 7-46   | LFP-Smart 12.8/300   | float      | float_12v  |
      | 7-46   | LFP-Smart 12.8/330   | absorption | charge_12v |
      | 7-46   | LFP-Smart 12.8/330   | float      | float_12v  |
      | 7-46   | LFP-Smart 25.6/100   | absorption | charge_24v |
      | 7-46   | LFP-Smart 25.6/100   | float      | float_24v  |
      | 7-46   | LFP-Smart 25.6/200   | absorption | charge_24v |
      | 7-46   | LFP-Smart 25.6/200   | float      | float_24v  |
      | 7-46   | LFP-Smart 25.6/200-a | absorption | charge_24v |
      | 7-46   | LFP-Smart 25.6/200-a | float      | float_24v  |

  @bench:board @needs:cells:4
  @clause:7-01 @clause:7-02 @clause:7-05 @clause:7-06 @clause:7-09 @clause:7-10 @clause:7-13 @clause:7-14 @clause:7-17 @clause:7-18 @clause:7-21 @clause:7-22 @clause:7-25 @clause:7-26 @clause:7-29 @clause:7-30 @clause:7-33 @clause:7-34 @clause:7-37 @clause:7-38
  Scenario: Capacities, energies and the end of discharge by the product files
    Then the files say so:
      | clause | file                 | entry              | must be              |
      | 7-01   | LFP-Smart 12.8/50    | capacity           | capacity             |
      | 7-01   | LFP-Smart 12.8/50    | energy             | energy               |
      | 7-01   | LFP-Smart 12.8/50    | capacity at 0 °C   | capacity_at_0        |
      | 7-01   | LFP-Smart 12.8/50    | capacity at -20 °C | capacity_at_minus_20 |
      | 7-02   | LFP-Smart 12.8/50    | end of discharge   | pack                 |
      | 7-05   | LFP-Smart 12.8/60    | capacity           | capacity             |
      | 7-05   | LFP-Smart 12.8/60    | energy             | energy               |
      | 7-05   | LFP-Smart 12.8/60    | capacity at 0 °C   | capacity_at_0        |
      | 7-05   | LFP-Smart 12.8/60    | capacity at -20 °C | capacity_at_minus_20 |
      | 7-06   | LFP-Smart 12.8/60    | end of discharge   | pack                 |
      | 7-09   | LFP-Smart 12.8/100   | capacity           | capacity             |
      | 7-09   | LFP-Smart 12.8/100   | energy             | energy               |
      | 7-09   | LFP-Smart 12.8/100   | capacity at 0 °C   | capacity_at_0        |
      | 7-09   | LFP-Smart 12.8/100   | capacity at -20 °C | capacity_at_minus_20 |
      | 7-10   | LFP-Smart 12.8/100   | end of discharge   | pack                 |
      | 7-13   | LFP-Smart 12.8/160   | capacity           | capacity             |
      | 7-13   | LFP-Smart 12.8/160   | energy             | energy               |
      | 7-13   | LFP-Smart 12.8/160   | capacity at 0 °C   | capacity_at_0        |
      | 7-13   | LFP-Smart 12.8/160   | capacity at -20 °C | capacity_at_minus_20 |
      | 7-14   | LFP-Smart 12.8/160   | end of discharge   | pack                 |
      | 7-17   | LFP-Smart 12.8/200   | capacity           | capacity             |
      | 7-17   | LFP-Smart 12.8/200   | energy             | energy               |
      | 7-17   | LFP-Smart 12.8/200   | capacity at 0 °C   | capacity_at_0        |
      | 7-17   | LFP-Smart 12.8/200   | capacity at -20 °C | capacity_at_minus_20 |
      | 7-18   | LFP-Smart 12.8/200   | end of discharge   | pack                 |
      | 7-21   | LFP-Smart 12.8/300   | capacity           | capacity             |
      | 7-21   | LFP-Smart 12.8/300   | energy             | energy               |
      | 7-21   | LFP-Smart 12.8/300   | capacity at 0 °C   | capacity_at_0        |
      | 7-21   | LFP-Smart 12.8/300   | capacity at -20 °C | capacity_at_minus_20 |
      | 7-22   | LFP-Smart 12.8/300   | end of discharge   | pack                 |
      | 7-25   | LFP-Smart 12.8/330   | capacity           | capacity             |
      | 7-25   | LFP-Smart 12.8/330   | energy             | energy               |
      | 7-25   | LFP-Smart 12.8/330   | capacity at 0 °C   | capacity_at_0        |
      | 7-25   | LFP-Smart 12.8/330   | capacity at -20 °C | capacity_at_minus_20 |
      | 7-26   | LFP-Smart 12.8/330   | end of discharge   | pack                 |
      | 7-29   | LFP-Smart 25.6/100   | capacity           | capacity             |
      | 7-29   | LFP-Smart 25.6/100   | energy             | energy               |
      | 7-29   | LFP-Smart 25.6/100   | capacity at 0 °C   | capacity_at_0        |
      | 7-29   | LFP-Smart 25.6/100   | capacity at -20 °C | capacity_at_minus_20 |
      | 7-30   | LFP-Smart 25.6/100   | end of discharge   | pack                 |
      | 7-33   | LFP-Smart 25.6/200   | capacity           | capacity             |
      | 7-33   | LFP-Smart 25.6/200   | energy             | energy               |
      | 7-33   | LFP-Smart 25.6/200   | capacity at 0 °C   | capacity_at_0        |
      | 7-33   | LFP-Smart 25.6/200   | capacity at -20 °C | capacity_at_minus_20 |
      | 7-34   | LFP-Smart 25.6/200   | end of discharge   | pack                 |
      | 7-37   | LFP-Smart 25.6/200-a | capacity           | capacity             |
      | 7-37   | LFP-Smart 25.6/200-a | energy             | energy               |
      | 7-37   | LFP-Smart 25.6/200-a | capacity at 0 °C   | capacity_at_0        |
      | 7-37   | LFP-Smart 25.6/200-a | capacity at -20 °C | capacity_at_minus_20 |
      | 7-38   | LFP-Smart 25.6/200-a | end of discharge   | pack                 |

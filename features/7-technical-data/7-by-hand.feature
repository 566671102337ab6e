@bench:battery
Feature: Each model as a person finds it
  What is weighed, mounted and tightened by hand, model by model: only the rows about the battery on
  the bench are asked.

  Scenario Outline: A <model> is what its column says
    Then a person at the bench says so:
      | clause | question                                                                  | answer |
      | 7-04   | What does the battery weigh?                                              | weight |
      | 7-04   | Are the inserts of its poles M8?                                          | yes    |
      | 7-08   | What does the battery weigh?                                              | weight |
      | 7-08   | Are the inserts of its poles M8?                                          | yes    |
      | 7-16   | What does the battery weigh?                                              | weight |
      | 7-16   | Are the inserts of its poles M8?                                          | yes    |
      | 7-20   | What does the battery weigh?                                              | weight |
      | 7-20   | Are the inserts of its poles M8?                                          | yes    |
      | 7-24   | What does the battery weigh?                                              | weight |
      | 7-24   | Are the inserts of its poles M10?                                         | yes    |
      | 7-28   | What does the battery weigh?                                              | weight |
      | 7-28   | Are the inserts of its poles M10?                                         | yes    |
      | 7-32   | What does the battery weigh?                                              | weight |
      | 7-32   | Are the inserts of its poles M8?                                          | yes    |
      | 7-36   | What does the battery weigh?                                              | weight |
      | 7-36   | Are the inserts of its poles M8?                                          | yes    |
      | 7-40   | What does the battery weigh?                                              | weight |
      | 7-40   | Are the inserts of its poles M8?                                          | yes    |
      | 4.4-01 | Does the battery stand, or lie on a side, with its poles not facing down? | yes    |
      | 4.4-02 | Does the battery stand upright?                                           | yes    |
      | 4.5-02 | To what torque are the M8 bolts at the poles tightened?                   | torque |
      | 4.5-03 | To what torque are the M8 bolts at the poles tightened?                   | torque |
      | 4.5-04 | To what torque are the M10 bolts at the poles tightened?                  | torque |

    @clause:7-04 @clause:4.5-02 @clause:4.4-01 @needs:model-12.8-50
    Examples:
      | model |
      | 12.8/50 |

    @clause:7-08 @clause:4.5-02 @clause:4.4-01 @needs:model-12.8-60
    Examples:
      | model |
      | 12.8/60 |

    @clause:7-16 @clause:4.5-03 @clause:4.4-01 @needs:model-12.8-160
    Examples:
      | model |
      | 12.8/160 |

    @clause:7-20 @clause:4.5-03 @clause:4.4-01 @needs:model-12.8-200
    Examples:
      | model |
      | 12.8/200 |

    @clause:7-24 @clause:4.5-04 @clause:4.4-01 @needs:model-12.8-300
    Examples:
      | model |
      | 12.8/300 |

    @clause:7-28 @clause:4.5-04 @clause:4.4-02 @needs:model-12.8-330
    Examples:
      | model |
      | 12.8/330 |

    @clause:7-32 @clause:4.5-02 @clause:4.4-01 @needs:model-25.6-100
    Examples:
      | model |
      | 25.6/100 |

    @clause:7-36 @clause:4.5-03 @clause:4.4-01 @needs:model-25.6-200
    Examples:
      | model |
      | 25.6/200 |

    @clause:7-40 @clause:4.5-03 @clause:4.4-01 @needs:model-25.6-200-a
    Examples:
      | model |
      | 25.6/200-a |

@bench:board @needs:probe:btv
Feature: Errors that nothing outside a battery can provoke
  On a development board they are provoked through its debug probe, while the firmware runs: it looks
  at a word of memory to see which parts are to fail.

  Background:
    Given a board at rest with every cell at 3.30 V

  @clause:6.4.6-01
  Scenario: Lost settings show as E-SL119 until they are those of the factory
    When the settings memory of the battery board is made to fail
    Then the battery reports it with E-SL119
    When the battery board is mended
    And the settings are put back to those of the factory
    Then the battery no longer reports it

  @clause:6.4.7-02
  Scenario: A broken circuit board shows as E-SL24 while every cell is healthy
    When the circuit board of the battery board is made to fail
    Then the battery reports it with E-SL24

  @clause:6.4.8-01
  Scenario: A failed balancer shows as E-SL1
    When the balancer of the battery board is made to fail
    Then the battery reports it with E-SL1
    When the battery board is mended
    Then the battery no longer reports it

  @clause:6.4.9-01
  Scenario: Balancers that send no data show as E-SL2
    When the data of the balancers of the battery board is made to fail
    Then the battery reports it with E-SL2
    When the battery board is mended
    Then the battery no longer reports it

  @clause:6.4.10-01
  Scenario: Measuring chips that contradict each other show as E-SL9
    When the measuring chip of the battery board is made to fail
    Then the battery reports it with E-SL9
    When the battery board is mended
    Then the battery no longer reports it

  @clause:6.4.11-01
  Scenario: An incomplete update of the balancers shows as E-SL10
    When the update of the balancers of the battery board is made to fail
    Then the battery reports it with E-SL10
    When the battery board is mended
    Then the battery no longer reports it

@bench:board @needs:probe:btv @needs:image:btv
Feature: An update that broke off
  Half an update leaves a board that takes the whole one.

  Background:
    Given a board at rest with every cell at 3.30 V

  @clause:6.3.3-01 @clause:6.4.6-01 @clause:6.4.7-02 @clause:6.4.8-01 @clause:6.4.9-01 @clause:6.4.10-01 @clause:6.4.11-01
  Scenario: An update that broke off is put right by doing it again
    Given the battery board is programmed with "btv-1.15.elf"
    When programming the battery board with the newest firmware breaks off
    And the battery board is programmed with the newest firmware
    Then the battery board runs the newest firmware
    When the cells are held at both ends of the normal range
    Then no report carries an error code

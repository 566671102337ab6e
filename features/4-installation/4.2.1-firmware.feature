@bench:board @needs:probe:btv @needs:image:btv
Feature: The firmware of a battery is the newest there is
  Boards that the rig programs are known by their image: its header says version and build, and the
  debug probe reads it out of the board. The newest is the image that the bench file names.

  Background:
    Given a board at rest with every cell at 3.30 V

  @clause:4.2.1-01
  Scenario: The battery board runs the newest firmware
    Then the battery board runs the newest firmware

  @clause:4.2.1-01
  Scenario: A battery board with older firmware is brought up to date
    Given the battery board is programmed with "btv-1.15.elf"
    When the battery board is programmed with the newest firmware
    Then the battery board runs the newest firmware

#!/usr/bin/env python3
"""Keysight 34980A through instro: scans on a timer, digital ports, relays, the clock."""

import time

from checks import Client


def body(client):
    from instro.daq.drivers.keysight_34980a import Keysight34980A, parse_datastring
    from instro.daq.types import (
        AnalogVoltageChannel,
        DigitalPortWidth,
        Direction,
        HWTimingConfig,
        Logic,
        RelayChannel,
    )
    from instro.lib.transports.visa import VisaConfig

    unit = Keysight34980A(VisaConfig(client.resource, visa_backend="@py"))
    unit.open()
    try:
        for number in (1001, 1002):
            unit.configure_ai_voltage_channel(
                AnalogVoltageChannel(
                    physical_channel=str(number),
                    alias=f"cell{number}",
                    direction=Direction.INPUT,
                    range_max=10.0,
                    range_min=0.0,
                    scaler=None,
                )
            )
        values, stamps = parse_datastring(unit.read_analog().data)
        client.equal("two readings", len(values), 2)
        client.near("first", values[0], 3.301)
        client.check("its clock is ours", abs(stamps[0] / 1e9 - time.time()) < 5.0, stamps)
        unit.configure_ai_hw_timing(HWTimingConfig(sample_rate=20.0, sample_period=50_000_000, samples_per_channel=3))
        unit.start()
        values, stamps = parse_datastring(unit.fetch_analog().data)
        client.check("three sweeps", len(values) >= 6 and len(values) % 2 == 0, len(values))
        client.check("stamps rise", stamps == sorted(stamps) and stamps[-1] > stamps[0], stamps)
        unit.stop()

        unit.configure_do_port_channel("5101", Logic.HIGH, DigitalPortWidth.WIDTH_16, alias="out")
        port = unit._do_channels["out"]
        unit.write_digital_port(port, 0xA55A)
        client.equal("a word", unit.read_digital_port(port), 0xA55A)
        unit.configure_do_line_channel("5201/3", Logic.HIGH, alias="line")
        line = unit._do_channels["line"]
        for bit in (1, 0):
            unit.write_digital_line(line, bit)
            client.equal(f"a line at {bit}", unit.read_digital_line(line), bit)
        unit.configure_di_port_channel("5203", Logic.LOW, DigitalPortWidth.WIDTH_8, alias="in")
        client.equal("an inverted input", unit.read_digital_port(unit._di_channels["in"]), 0xFF)

        relay = RelayChannel(physical_channel="7003", alias="relay", direction=Direction.OUTPUT)
        unit.close_relay(relay)
        client.equal("closed", unit._visa.query("ROUT:CLOS? (@7003)").strip(), "1")
        unit.open_relay(relay)
        client.equal("open", unit._visa.query("ROUT:CLOS? (@7003)").strip(), "0")
        nowhere = RelayChannel(physical_channel="4001", alias="nowhere", direction=Direction.OUTPUT)
        client.refused("no card, no relay", lambda: unit.close_relay(nowhere), RuntimeError)
    finally:
        unit.close()


Client("instro on 34980A").run(body)

#!/usr/bin/env python3
"""EA PSB 10000 through instro: both quadrants, lock, protections."""

from checks import Client


def body(client):
    from instro.eload.types import LoadMode
    from instro.lib.transports.visa import VisaConfig
    from instro.psu.drivers.ea_psb10000 import EAPSB10000Visa

    device = EAPSB10000Visa(VisaConfig(client.resource, visa_backend="@py"))
    source, sink = device.source, device.sink
    source.open()
    try:
        source.set_voltage(14.4, 1)
        source.set_current_limit(100.0, 1)
        source.set_overvoltage_protection_level(16.0, 1)
        source.set_overcurrent_protection_level(120.0, 1)
        client.near("protection", source.get_overcurrent_protection_level(1), 120.0)
        source.output_enable(True, 1)
        client.near("charging voltage", source.get_voltage(1), 14.4)
        client.near("charging current", source.get_current(1), 1.44)
        source.set_current_limit(0.5, 1)
        client.near("limited", source.get_voltage(1), 5.0)
        for volts in (28.8, 60.0):
            source.set_overvoltage_protection_level(66.0, 1)
            source.set_voltage(volts, 1)
        client.refused("61.3 V are refused", lambda: source.set_voltage(61.3, 1), RuntimeError)
        client.refused("174 A are refused", lambda: source.set_current_limit(174.0, 1), RuntimeError)
        source.set_current_limit(100.0, 1)
        source.set_voltage(10.0, 1)
        source.set_overvoltage_protection_level(9.0, 1)
        client.equal("a trip turns it off", source.get_output_status(1), False)
        client.refused("and keeps it off", lambda: source.output_enable(True, 1), RuntimeError)
        sink.open()
        sink.set_level(LoadMode.CV, 8.0, 1, 20.0)
        sink.close()
        client.equal("the other quadrant keeps the lock", device._visa.query("SYST:LOCK:OWN?").strip(), "REMOTE")
    finally:
        source.close()


Client("instro on PSB 10000").run(body)

#!/usr/bin/env python3
"""B&K 8514B through instro: modes, ratings, ranges, slew, short circuit."""

from checks import Client

EMF, SERIES = 12.0, 0.05


def body(client):
    from instro.eload.drivers import BK85XXB
    from instro.eload.types import LoadMode, SlewRateDirection
    from instro.lib.transports.visa import VisaConfig

    load = BK85XXB(VisaConfig(client.resource, visa_backend="@py"))
    load.open()
    try:
        load.output_enable(False, 1)
        client.near("sees the source", load.get_voltage(1), EMF)
        load.set_mode(LoadMode.CC, 1)
        load.set_range(LoadMode.CC, 240, 1)
        for direction in SlewRateDirection:
            load.set_slewrate(direction, 0.5, 1)
        for amps in (0.5, 20.0, 100.0):
            load.set_level(LoadMode.CC, amps, 1, None)
            load.output_enable(True, 1)
            client.near(f"{amps} A", load.get_current(1), amps)
            client.near(f"at {amps} A", load.get_voltage(1), EMF - amps * SERIES)
        load.set_mode(LoadMode.CV, 1)
        load.set_level(LoadMode.CV, 11.5, 1, None)
        client.near("holds 11.5 V", load.get_voltage(1), 11.5)
        load.set_mode(LoadMode.CP, 1)
        load.set_level(LoadMode.CP, 60.0, 1, None)
        client.near("60 W", load.get_voltage(1) * load.get_current(1), 60.0)
        for mode, value in ((LoadMode.CC, 241), (LoadMode.CV, 121), (LoadMode.CP, 1501)):
            client.refused(f"{mode} {value} is refused", lambda: load.set_level(mode, value, 1, None), RuntimeError)
        load.short_output(True, 1)
        client.near("short", load.get_voltage(1), 0.0)
        load.short_output(False, 1)
        client.near("off", load.get_current(1), 0.0)
    finally:
        load.close()


Client("instro on 8514B").run(body)

#!/usr/bin/env python3
"""Siglent SPD3303X through instro: a clean error without quotes, hexadecimal status."""

from checks import Client


def body(client):
    from instro.lib.transports.visa import VisaConfig
    from instro.psu.drivers.siglent_spd3303 import SiglentSPD3303

    supply = SiglentSPD3303(VisaConfig(client.resource, visa_backend="@py"))
    supply.open()
    try:
        for channel in (1, 2):
            supply.set_voltage(5.0, channel)
            supply.set_current_limit(0.2 * channel, channel)
            supply.output_enable(True, channel)
            client.equal("on", supply.get_output_status(channel), True)
            client.near("voltage", supply.get_voltage(channel), 2.0 * channel)
            client.near("current", supply.get_current(channel), 0.2 * channel)
            client.near("set-point", supply.get_voltage_setpoint(channel), 5.0)
        status = supply.query_status()
        client.equal("limited", (status["ch1_mode"], status["ch2_mode"]), ("CC", "CC"))
        client.equal("apart", status["psu_mode"], "INDEPENDENT")
        client.refused("33 V are refused", lambda: supply.set_voltage(33.0, 1), RuntimeError)
        for channel in (1, 2):
            supply.output_enable(False, channel)
            client.equal("off", supply.get_output_status(channel), False)
    finally:
        supply.close()


Client("instro on SPD3303X").run(body)

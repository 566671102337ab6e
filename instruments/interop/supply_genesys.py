#!/usr/bin/env python3
"""TDK-Lambda Genesys and Keysight N5767A through instro: refusals instead of trips."""

from checks import Client


def body(client):
    from instro.lib.transports.visa import VisaConfig
    from instro.psu.drivers.tdk_lambda_genesys import TDKLambdaGenesys

    supply = TDKLambdaGenesys(VisaConfig(client.resource, visa_backend="@py"))
    supply.open()
    try:
        supply.set_overvoltage_protection_level(16.0, 1)
        client.near("protection", supply.get_overvoltage_protection_level(1), 16.0)
        supply.set_voltage(14.4, 1)
        supply.set_current_limit(10.0, 1)
        supply.output_enable(True, 1)
        client.equal("on", supply.get_output_status(1), True)
        client.near("voltage", supply.get_voltage(1), 14.4)
        client.near("current", supply.get_current(1), 1.44)
        client.refused("a voltage over the protection", lambda: supply.set_voltage(15.9, 1), RuntimeError)
        client.refused("a protection under the voltage", lambda: supply.set_overvoltage_protection_level(14.0, 1), RuntimeError)
        client.equal("and it's still on", supply.get_output_status(1), True)
        supply.set_overcurrent_protection_enabled(True, 1)
        client.equal("foldback", supply.get_overcurrent_protection_enabled(1), True)
        supply.output_enable(False, 1)
    finally:
        supply.close()


Client("instro on Genesys").run(body)

#!/usr/bin/env python3
"""Rigol DP832 through instro, QCoDeS and dcps: names among the data, selection, YES and NO."""

from checks import Client


def body(client):
    from instro.lib.transports.visa import VisaConfig
    from instro.psu.drivers.rigol_dp800 import RigolDP800

    supply = RigolDP800(VisaConfig(client.resource, visa_backend="@py"))
    supply.open()
    try:
        for channel, volts in ((1, 12.0), (2, 24.0), (3, 3.3)):
            supply.set_voltage(volts, channel)
            supply.set_current_limit(3.0, channel)
            supply.output_enable(True, channel)
            client.equal("on", supply.get_output_status(channel), True)
            client.near("voltage", supply.get_voltage(channel), volts)
            client.near("current", supply.get_current(channel), volts / 10)
            client.equal("mode", supply.get_operating_mode(channel).name, "CONSTANT_VOLTAGE")
            client.near("set-point", supply.get_voltage_setpoint(channel), volts)
        supply.set_overcurrent_protection_level(2.0, 2)
        supply.set_overcurrent_protection_enabled(True, 2)
        client.equal("over-current", supply.get_overcurrent_protection_tripped(2), True)
        client.equal("off by itself", supply.get_output_status(2), False)
        supply.set_overcurrent_protection_level(3.0, 2)
        supply.clear_protection(2)
        client.equal("cleared", supply.get_overcurrent_protection_tripped(2), False)
        client.equal("and still off", supply.get_output_status(2), False)
        supply.set_overvoltage_protection_level(10.0, 1)
        supply.set_overvoltage_protection_enabled(True, 1)
        client.equal("over-voltage", supply.get_overvoltage_protection_tripped(1), True)
        supply.set_overvoltage_protection_level(33.0, 1)
        supply._visa.write(":SOUR1:VOLT:PROT:CLE")
        client.equal("this clear turns it on again", supply.get_output_status(1), True)
        client.refused("the third has no 6 V", lambda: supply.set_voltage(6.0, 3), ValueError)
        for channel in (1, 2, 3):
            supply.output_enable(False, channel)
    finally:
        supply.close()

    from qcodes.instrument_drivers.rigol import RigolDP832

    supply = RigolDP832("supply", client.resource, visalib="@py", terminator="\n")
    try:
        supply.ch1.set_voltage(5.0)
        supply.ch1.set_current(0.25)
        supply.ch1.ovp_value(12.0)
        supply.ch1.ovp_state("on")
        supply.ch1.state("on")
        client.near("voltage at the limit", supply.ch1.voltage(), 2.5)
        client.equal("limited", supply.ch1.mode(), "ConstantCurrent")
        client.near("power", supply.ch1.power(), 0.625)
        client.equal("state", supply.ch1.state(), "ON")
        supply.ch1.state("off")
    finally:
        supply.close()

    from dcps import RigolDP800 as Dcps

    supply = Dcps(client.resource, read_termination="\n", write_termination="\n")
    supply.open()
    try:
        supply.setRemoteLock()
        supply.setVoltage(4.2, channel=2)
        client.near("dcps sets", supply.queryVoltage(channel=2), 4.2)
        supply.outputOn(channel=2)
        client.equal("dcps is on", bool(supply.isOutputOn(channel=2)), True)
        client.near("dcps measures", supply.measureVoltage(channel=2), 4.2)
        supply.outputOff(channel=2)
        supply.setLocal()
    finally:
        supply.close()


Client("instro, QCoDeS and dcps on DP832").run(body)

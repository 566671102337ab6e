#!/usr/bin/env python3
"""Keysight E36312A through pymeasure and qcodes-contrib: channel lists and selection."""

from checks import Client


def body(client):
    from pymeasure.instruments.keysight import KeysightE36312A

    supply = KeysightE36312A(client.resource, visa_library="@py", read_termination="\n", write_termination="\n")
    try:
        client.check("identity", "E36312A" in supply.id, supply.id)
        for channel, volts in ((supply.ch_1, 4.0), (supply.ch_2, 12.0), (supply.ch_3, 3.0)):
            channel.voltage_setpoint = volts
            channel.current_limit = 1.0
            channel.output_enabled = True
            client.near("set-point", channel.voltage_setpoint, volts)
            client.near("voltage", channel.voltage, min(volts, 10.0))
            client.near("current", channel.current, min(volts / 10.0, 1.0))
            client.equal("on", bool(channel.output_enabled), True)
        client.equal("no errors", supply.check_errors(), [])
        supply.write("VOLT 30,(@2)")
        client.check("30 V are refused", "-222" in supply.ask("SYST:ERR?"))
        client.equal("clean", supply.ask("SYST:ERR?").strip(), '+0,"No error"')
        supply.write("OUTP OFF,(@1:3)")
        client.equal("all off", supply.ask("OUTP? (@1:3)").strip(), "0,0,0")
    finally:
        supply.adapter.close()

    from qcodes_contrib_drivers.drivers.Keysight.Keysight_E36313A import E36313A

    supply = E36313A("supply", client.resource, visalib="@py")
    try:
        supply.ch2.source_voltage(5.0)
        supply.ch2.source_current(0.8)
        supply.ch2.enable("on")
        client.near("voltage", supply.ch2.voltage(), 5.0)
        client.near("current", supply.ch2.current(), 0.5)
        client.equal("on", supply.ch2.enable(), "on")
        supply.ch2.enable("off")
    finally:
        supply.close()


Client("pymeasure and qcodes-contrib on E36312A").run(body)

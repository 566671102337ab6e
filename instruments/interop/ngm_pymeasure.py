#!/usr/bin/env python3
"""R&S NGM202 through pymeasure's driver of the HMP family, whose command set it continues."""

from checks import Client


def body(client):
    from pymeasure.instruments.rohdeschwarz.hmp import HMP4040

    supply = HMP4040(client.resource, visa_library="@py", read_termination="\n", write_termination="\n")
    try:
        client.check("identity", "NGM202" in supply.id, supply.id)
        client.equal("version", str(supply.version), "1999.0")
        supply.control_method = "REM"
        for channel, volts in ((1, 3.0), (2, 4.0)):
            supply.selected_channel = channel
            client.equal("selected", int(supply.selected_channel), channel)
            supply.voltage = volts
            supply.current = 1.0
            supply.selected_channel_active = True
        supply.output_enabled = True
        client.equal("on", bool(supply.output_enabled), True)
        client.near("voltage", supply.measured_voltage, 4.0)
        client.near("current", supply.measured_current, 0.4)
        client.near("least", supply.min_voltage, 0.0)
        client.near("most", supply.max_voltage, 20.0)
        supply.voltage_step = 0.25
        supply.step_voltage_up()
        client.near("one step up", supply.voltage, 4.25)
        supply.step_voltage_down()
        client.near("and down", supply.voltage, 4.0)
        supply.voltage_and_current = (2.5, 0.5)
        client.near("both at once", supply.voltage_and_current[0], 2.5)
        supply.beep()
        client.equal("no errors", supply.check_errors(), [])
        supply.output_enabled = False
        client.near("off", supply.measured_current, 0.0)
    finally:
        supply.adapter.close()


Client("pymeasure HMP on NGM202").run(body)

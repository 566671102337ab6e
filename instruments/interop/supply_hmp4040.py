#!/usr/bin/env python3
"""R&S HMP4040 through pymeasure and qcodes-contrib: selection and the master switch."""

from checks import Client


def body(client):
    from pymeasure.instruments.rohdeschwarz.hmp import HMP4040

    supply = HMP4040(client.resource, visa_library="@py", read_termination="\n", write_termination="\n")
    try:
        client.check("identity", "HMP4040" in supply.id, supply.id)
        client.equal("clean", supply.ask("SYST:ERR?").strip(), '0, "No error"')
        for channel in (1, 4):
            supply.selected_channel = channel
            supply.voltage_and_current = (float(channel), 0.3)
            supply.selected_channel_active = True
        supply.output_enabled = True
        client.near("voltage at the limit", supply.measured_voltage, 3.0)
        client.near("limit", supply.measured_current, 0.3)
        supply.selected_channel = 1
        client.near("voltage", supply.measured_voltage, 1.0)
        client.near("most", supply.max_voltage, 32.05)
        supply.sequence = [1.0, 1.0, 1.0, 2.0, 1.0, 1.0]
        supply.repetitions = 5
        client.equal("repetitions", int(supply.repetitions), 5)
        supply.output_enabled = False
        client.equal("no errors", supply.check_errors(), [])
    finally:
        supply.adapter.close()

    from qcodes_contrib_drivers.drivers.RohdeSchwarz.HMP4040 import RohdeSchwarzHMP4040

    supply = RohdeSchwarzHMP4040("supply", client.resource, visalib="@py")
    try:
        supply.ch2.set_voltage(5.0)
        supply.ch2.set_current(1.0)
        supply.ch2.state("ON")
        supply.state("ON")
        client.near("voltage", supply.ch2.voltage(), 5.0)
        client.near("power", supply.ch2.power(), 2.5)
        client.equal("state", supply.ch2.state(), "ON")
        supply.state("OFF")
        client.near("off", supply.ch2.current(), 0.0)
    finally:
        supply.close()


Client("pymeasure and qcodes-contrib on HMP4040").run(body)

#!/usr/bin/env python3
"""Keysight 34461A through instro and QCoDeS: functions in quotes, one input without a name."""

from checks import Client


def body(client):
    from instro.dmm.drivers.keysight_34461a import Keysight34461A
    from instro.dmm.types import MeasurementFunction
    from instro.lib.transports.visa import VisaConfig

    meter = Keysight34461A(VisaConfig(client.resource, visa_backend="@py"))
    meter.open()
    try:
        meter.set_measurement_function(MeasurementFunction.DC_VOLTAGE)
        meter.set_dc_voltage_range(10)
        meter.set_dc_voltage_nplc(10)
        client.near("voltage", meter.measure_dc_voltage(), 3.301, 0.001)
        meter.set_dc_current_range(None)
        client.near("current", meter.measure_dc_current(), 0.01001, 0.001)
        client.near("resistance", meter.measure_resistance(), 1001.0)
        client.near("four wires", meter.measure_four_wire_resistance(), 1001.0)
        client.near("alternating", meter.measure_ac_voltage(), 0.0)
    finally:
        meter.close()

    from qcodes.instrument_drivers.Keysight import Keysight34461A as Qcodes

    meter = Qcodes("meter", client.resource, visalib="@py", silent=True)
    try:
        meter.sense_function("DC Voltage")
        client.near("voltage", meter.volt(), 3.301, 0.001)
        client.equal("function", meter.sense_function(), "DC Voltage")
        meter.NPLC(10)
        client.near("cycles", meter.NPLC(), 10)
        meter.range(10)
        client.near("range", meter.range(), 10)
        meter.autorange("ON")
        meter.autozero("OFF")
        client.equal("zero", meter.autozero(), "OFF")
        meter.sample.count(4)
        meter.trigger.source("IMM")
        meter.init_measurement()
        client.equal("four readings", len(meter.fetch()), 4)
        client.equal("and at once", len(meter.read()), 4)
        meter.sample.count(1)
        client.near("resistance", meter.res(), 1001.0)
        meter.display.text("rig")
        client.equal("text", meter.display.text(), "rig")
        meter.reset()
        client.equal("no error", meter.ask("SYST:ERR?").strip(), '+0,"No error"')
    finally:
        meter.close()


Client("instro and QCoDeS on 34461A").run(body)

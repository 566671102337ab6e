#!/usr/bin/env python3
"""Relatives of the first models, each through a driver that others wrote for it or its ancestor."""

from checks import Client

LINES = {"visa_library": "@py", "read_termination": "\n", "write_termination": "\n"}


def instro(client, name):
    import importlib

    from instro.lib.transports.visa import VisaConfig

    module, kind = name
    device = getattr(importlib.import_module(f"instro.{module}"), kind)
    return device(VisaConfig(client.resource, visa_backend="@py"))


def one_output(client, name):
    supply = instro(client, name)
    supply.open()
    try:
        supply.set_voltage(5.0, 1)
        supply.set_current_limit(1.0, 1)
        supply.output_enable(True, 1)
        client.equal("on", supply.get_output_status(1), True)
        client.near("voltage", supply.get_voltage(1), 5.0)
        client.near("current", supply.get_current(1), 0.5)
        supply.set_overvoltage_protection_level(10.0, 1)
        client.near("protection", supply.get_overvoltage_protection_level(1), 10.0)
        supply.set_overcurrent_protection_enabled(True, 1)
        client.equal("too much", supply.get_overcurrent_protection_enabled(1), True)
        supply.output_enable(False, 1)
        client.equal("off", supply.get_output_status(1), False)
    finally:
        supply.close()


def qcodes_dp821(client):
    from qcodes.instrument_drivers.rigol import RigolDP821

    supply = RigolDP821("supply", client.resource, visalib="@py", terminator="\n")
    try:
        supply.ch2.set_voltage(4.0)
        supply.ch2.set_current(10.0)
        supply.ch2.state("on")
        client.near("voltage", supply.ch2.voltage(), 4.0)
        client.equal("holds", supply.ch2.mode(), "ConstantVoltage")
        supply.snapshot(update=True)
        supply.ch2.state("off")
    finally:
        supply.close()


def qcodes_hmp4030(client):
    from qcodes_contrib_drivers.drivers.RohdeSchwarz.HMP4030 import RohdeSchwarzHMP4030

    supply = RohdeSchwarzHMP4030("supply", client.resource, visalib="@py")
    try:
        supply.ch3.set_voltage(4.0)
        supply.ch3.set_current(1.0)
        supply.ch3.state("ON")
        client.near("power", supply.ch3.power(), 1.6)
        supply.state("OFF")
        client.near("off", supply.ch3.current(), 0.0)
    finally:
        supply.close()


def pymeasure_spd1305x(client):
    from pymeasure.instruments.siglenttechnologies import SPD1305X

    supply = SPD1305X(client.resource, visa_library="@py")
    try:
        supply.ch_1.voltage_setpoint = 24.0
        supply.ch_1.current_limit = 5.0
        supply.ch_1.enable_output()
        client.near("voltage", supply.ch_1.voltage, 24.0)
        supply.shutdown()
    finally:
        supply.adapter.close()


def pymeasure_e3631a(client):
    from pymeasure.instruments.keysight import KeysightE3631A

    supply = KeysightE3631A(client.resource, **LINES)
    try:
        supply.ch_1.voltage_setpoint = 3.0
        supply.ch_1.current_limit = 1.0
        supply.output_enabled = True
        client.near("voltage", supply.ch_1.voltage, 3.0)
        client.near("current", supply.ch_1.current, 0.3)
        supply.output_enabled = False
        client.equal("no errors", supply.check_errors(), [])
    finally:
        supply.adapter.close()


def pymeasure_meters(client):
    from pymeasure.instruments.agilent import Agilent34410A
    from pymeasure.instruments.hp import HP34401A

    meter = HP34401A(client.resource, **LINES)
    try:
        meter.function_ = "DCV"
        client.equal("function", meter.function_, "DCV")
        client.near("voltage", meter.reading, 3.301, 0.001)
        meter.range_ = 10
        client.near("range", meter.range_, 10)
        meter.nplc = 10
        client.near("cycles", meter.nplc, 10)
        meter.autozero_enabled = False
        meter.sample_count = 3
        meter.init_trigger()
        client.equal("readings", len(meter.stored_reading), 3)
        client.equal("no errors", meter.check_errors(), [])
    finally:
        meter.adapter.close()
    meter = Agilent34410A(client.resource, **LINES)
    try:
        client.near("voltage", meter.voltage_dc, 3.301, 0.001)
        client.near("four wires", meter.resistance_4w, 1001.0)
    finally:
        meter.adapter.close()


def resistor(client):
    import pyvisa

    unit = pyvisa.ResourceManager("@py").open_resource(
        client.resource, read_termination="\n", write_termination="\n"
    )
    try:
        unit.write("RES 12.5 KOHM")
        client.near("ohms", float(unit.query("RES?")), 12500.0)
        unit.write("OUTP ON")
        client.equal("connected", unit.query("OUTP?"), "1")
        unit.write("RES 5 OHM")
        client.check("too little", unit.query("SYST:ERR?").startswith("-222"))
    finally:
        unit.close()


BODIES = {
    "keysight-e36103a": lambda client: one_output(client, ("psu.drivers.keysight_e36100", "KeysightE36100")),
    "keysight-n5700": lambda client: short(client, ("psu.drivers.keysight_n5700", "KeysightN5700")),
    "rigol-dp811": lambda client: short(client, ("psu.drivers.rigol_dp800", "RigolDP800")),
    "rigol-dp821": qcodes_dp821,
    "rs-hmp4030": qcodes_hmp4030,
    "siglent-spd1305x": pymeasure_spd1305x,
    "keysight-e36312a": pymeasure_e3631a,
    "keysight-34461a": pymeasure_meters,
    "meatest-m632": resistor,
}


def short(client, name):
    supply = instro(client, name)
    supply.open()
    try:
        supply.set_voltage(5.0, 1)
        supply.set_current_limit(1.0, 1)
        supply.output_enable(True, 1)
        client.near("voltage", supply.get_voltage(1), 5.0)
        client.near("current", supply.get_current(1), 0.5)
        supply.output_enable(False, 1)
        client.equal("off", supply.get_output_status(1), False)
    finally:
        supply.close()


client = Client("relatives")
client.name = f"a relative's driver on {client.model}"
client.run(BODIES[client.model])

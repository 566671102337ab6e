#!/usr/bin/env python3
"""Keysight DAQ970A and Agilent 34970A with the words of nomad-camels' driver, through pyvisa."""

from checks import Client


def body(client):
    import pyvisa

    manager = pyvisa.ResourceManager("@py")
    unit = manager.open_resource(client.resource, read_termination="\n", write_termination="\n", timeout=3000)
    try:
        client.check("identity", "970A" in unit.query("*IDN?"), unit.query("*IDN?"))
        unit.write("DISP 1")
        unit.write("ROUT:CLOS (@201)")
        client.equal("closed", unit.query("ROUT:CLOS? (@201)"), "1")
        unit.write("ROUT:OPEN (@201)")
        client.equal("open", unit.query("ROUT:CLOS? (@201)"), "0")
        unit.write("CONF:VOLT:DC 10,MAX,(@101)")
        unit.write("ROUT:MON (@101)")
        unit.write("ROUT:MON:STAT ON")
        client.near("monitored", float(unit.query("ROUT:MON:DATA?")), 3.301, 0.001)
        unit.write("CONF:TEMP TC,K,(@101:103)")
        unit.write("UNIT:TEMP K,(@101:103)")
        unit.write("ROUT:SCAN (@101:103)")
        unit.write("TRIG:SOUR IMM")
        unit.write("INIT")
        readings = [float(text) for text in unit.query("FETC?").split(",")]
        client.equal("three readings", len(readings), 3)
        client.near("kelvin", readings[0], 296.16, 0.001)
        client.near("at once", float(unit.query("MEAS:RES? 10000,(@102)")), 1002.0)
        client.check("clean", unit.query("SYST:ERR?") == '+0,"No error"')
    finally:
        unit.close()


Client("pyvisa on a scanner").run(body)

#!/usr/bin/env python3
"""ITECH IT6512C through dcps: long headers."""

from checks import Client


def body(client):
    from dcps import IT6500C

    supply = IT6500C(client.resource)
    supply.open()
    try:
        supply.setRemoteLock()
        supply.setVoltage(14.4)
        supply.setCurrent(50.0)
        client.near("set-point", supply.queryVoltage(), 14.4)
        client.near("limit", supply.queryCurrent(), 50.0)
        supply.setVoltageProtection(16.0)
        supply.voltageProtectionOn()
        client.equal("not tripped", bool(supply.isVoltageProtectionTripped()), False)
        supply.outputOn()
        client.equal("on", bool(supply.isOutputOn()), True)
        client.near("voltage", supply.measureVoltage(), 14.4)
        client.near("current", supply.measureCurrent(), 1.44)
        supply.setVoltageRise(0.5)
        client.check("a rise time is kept", "0.5" in (supply._instQuery("VOLT:RISE?") + supply._instQuery("VOLT:FALL?")))
        supply.setVoltageProtection(10.0)
        client.equal("tripped", bool(supply.isVoltageProtectionTripped()), True)
        client.equal("off", bool(supply.isOutputOn()), False)
        supply.setVoltageProtection(16.0)
        supply.voltageProtectionClear()
        client.equal("cleared", bool(supply.isVoltageProtectionTripped()), False)
        supply.outputOff()
        supply.setLocal()
    finally:
        supply.close()


Client("dcps on IT6512C").run(body)

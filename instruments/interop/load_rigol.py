#!/usr/bin/env python3
"""Rigol DL3021 through instro and dcps: modes that are answered by other names, `BATTary`."""

from checks import Client


def body(client):
    from instro.eload.drivers.rigol_dl30xx import RigolDL30xx
    from instro.eload.types import LoadMode, SlewRateDirection
    from instro.lib.transports.visa import VisaConfig

    load = RigolDL30xx(VisaConfig(client.resource, visa_backend="@py"))
    load.open()
    try:
        load.set_mode(LoadMode.CC, 1)
        load.set_range(LoadMode.CC, 40, 1)
        load.set_slewrate(SlewRateDirection.BOTH, 0.1, 1)
        load.set_level(LoadMode.CC, 5.0, 1, None)
        load.output_enable(True, 1)
        client.near("current", load.get_current(1), 5.0)
        client.near("voltage", load.get_voltage(1), 11.75)
        load.set_mode(LoadMode.CR, 1)
        load.set_level(LoadMode.CR, 6.0, 1, None)
        client.near("resistance", load.get_current(1), 12 / 6.05)
        load.set_mode(LoadMode.CP, 1)
        load.set_level(LoadMode.CP, 24.0, 1, None)
        client.near("power", load.get_current(1) * load.get_voltage(1), 24.0)
        load.set_cc_params(range=4.0, v_on=1.0, v_limit=20.0, i_limit=4.0)
        load.set_battery_params(range=40.0, level=1.0, v_stop=10.0, v_on=5.0)
        load.set_transient_curr_params(mode="CONT", a_level=1.0, b_level=2.0)
        client.refused("41 A are refused", lambda: load.set_level(LoadMode.CC, 41.0, 1, None), RuntimeError)
        load.output_enable(False, 1)
        client.near("off", load.get_current(1), 0.0)
    finally:
        load.close()

    from dcps import RigolDL3000

    load = RigolDL3000(client.resource, write_termination="\n")
    load.open()
    try:
        load.setRemoteLock()
        load.setFunctionMode("FIXed")
        client.equal("mode", load.queryFunctionMode(), "FIX")
        load.setFunction("VOLTage")
        client.equal("function", load.queryFunction(), "CV")
        load.setFunction("CURRent")
        load.setCurrent(2.5)
        load.inputOn()
        client.equal("on", bool(load.isInputOn()), True)
        client.near("current", load.measureCurrent(), 2.5)
        client.near("power", load.measurePower(), 2.5 * 11.875)
        load.inputOff()
        load.setLocal()
    finally:
        load.close()


Client("instro and dcps on DL3021").run(body)

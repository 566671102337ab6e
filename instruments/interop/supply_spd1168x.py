#!/usr/bin/env python3
"""Siglent SPD1168X through pymeasure: names, lock, the status word."""

from checks import Client


def body(client):
    from pymeasure.instruments.siglenttechnologies import SPD1168X
    from pymeasure.instruments.siglenttechnologies.siglent_spdbase import SystemStatusCode

    supply = SPD1168X(client.resource, visa_library="@py")
    try:
        supply.enable_local_interface(False)
        channel = supply.ch_1
        channel.voltage_setpoint = 12.0
        channel.current_limit = 2.0
        client.near("set-point", channel.voltage_setpoint, 12.0)
        channel.enable_output(True)
        client.near("voltage", channel.voltage, 12.0)
        client.near("current", channel.current, 1.2)
        client.near("power", channel.power, 14.4)
        client.equal("on", SystemStatusCode.OUTPUT_ENABLED in supply.system_status_code, True)
        client.equal("not limited", SystemStatusCode.CONSTANT_CURRENT in supply.system_status_code, False)
        channel.current_limit = 0.5
        client.equal("limited", SystemStatusCode.CONSTANT_CURRENT in supply.system_status_code, True)
        supply.enable_4W_mode(True)
        client.equal("four wires", SystemStatusCode.FOUR_WIRE in supply.system_status_code, True)
        client.equal("selected", supply.selected_channel, 1)
        channel.configure_timer(1, 5.0, 1.0, 60)
        channel.enable_timer(True)
        client.equal("timer", SystemStatusCode.TIMER_ENABLED in supply.system_status_code, True)
        supply.save_config(1)
        supply.recall_config(1)
        channel.enable_output(False)
        client.near("off", channel.current, 0.0)
        supply.shutdown()
    finally:
        supply.adapter.close()


Client("pymeasure on SPD1168X").run(body)

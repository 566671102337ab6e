#!/usr/bin/env python3
"""Keysight 34980A through QCoDeS: slots, a matrix card, its protection mode, the event register."""

import logging

from checks import Client


def body(client):
    import warnings

    from qcodes.instrument_drivers.Keysight import Keysight34980A

    logging.disable(logging.WARNING)
    unit = Keysight34980A("unit", client.resource, visalib="@py", terminator="\n", timeout=3)
    try:
        client.equal("identity", unit.get_idn()["model"], "34980A")
        slots = unit.system_slots_info
        slot = next(slot for slot, card in slots.items() if "34934A" in card["model"])
        matrix = unit.module[slot]
        client.equal("layout", (matrix.row, matrix.column), (8, 32))
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            unit.disconnect_all()
            # The module's own `connect` can't be told which wires of a two-wire layout are meant.
            pair = matrix.to_channel_list([(1, 1), (8, 32)], "MH")
            matrix.write(f"ROUT:CLOS {pair}")
            client.equal("both closed", matrix.ask(f"ROUT:CLOS? {pair}").strip(), "1,1")
            other = matrix.to_channel_list([(2, 2)], "ML")
            client.equal("another isn't", matrix.ask(f"ROUT:OPEN? {other}").strip(), "1")
            matrix.write(f"ROUT:OPEN {pair}")
            client.equal("open again", matrix.ask(f"ROUT:OPEN? {pair}").strip(), "1,1")
            matrix.protection_mode("ISO")
            client.equal("protection", matrix.protection_mode(), "ISO")
            unit.disconnect_all(slot)
            alarms = [str(one.message) for one in caught if "status byte" in str(one.message)]
            client.equal("no event", alarms, [])
            unit.write(f"ROUT:CLOS (@{slot}999)")
            client.check("an event", any("status byte" in str(one.message) for one in caught))
        client.check("error", unit.get_error().startswith("-222"))
    finally:
        unit.close()


Client("QCoDeS on 34980A").run(body)

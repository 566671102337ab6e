#!/usr/bin/env python3
"""R&S NGM202 through the maker's RsNgx: both channels, protections, fuse, statistics, status."""

from checks import Client


def body(client):
    from RsNgx import RsNgx

    address = f"TCPIP::{client.host}::{client.port}::SOCKET"
    supply = RsNgx(address, True, True, "SelectVisa=socket,VisaTimeout=3000")
    try:
        supply.utilities.instrument_status_checking = True
        client.check("model", "NGM202" in supply.utilities.idn_string, supply.utilities.idn_string)
        client.equal("self-test passes", supply.utilities.self_test()[0], 0)
        for channel, volts in ((1, 3.3), (2, 4.05)):
            supply.instrument.select.set(channel)
            supply.source.voltage.level.immediate.set_amplitude(volts)
            supply.source.current.level.immediate.set_amplitude(1.5)
            supply.output.set_select(True)
        supply.output.general.set_state(True)
        for channel, volts in ((1, 3.3), (2, 4.05)):
            supply.instrument.select.set(channel)
            client.near(f"voltage of {channel}", supply.measure.scalar.voltage.dc.get_value(), volts)
            client.near(f"current of {channel}", supply.measure.scalar.current.dc.get_value(), volts / 10)
            client.equal(f"{channel} is on", supply.output.get_state(), True)
        supply.utilities.write_str("APPL 2.0,1.0,OUT2")
        client.near("applied", supply.source.voltage.level.immediate.get_amplitude(), 2.0)
        client.refused("7 A are refused", lambda: supply.source.current.level.immediate.set_amplitude(7.0))
        supply.source.voltage.level.immediate.set_amplitude(12.0)
        client.refused("4 A above 6 V are refused", lambda: supply.source.current.level.immediate.set_amplitude(4.0))
        client.near("power", supply.measure.scalar.power.get_value(), 10.0)

        supply.source.voltage.level.immediate.set_amplitude(5.0)
        supply.source.voltage.protection.set_level(4.0)
        supply.source.voltage.protection.set_state(True)
        client.equal("over-voltage trips", supply.source.voltage.protection.get_tripped(), True)
        client.equal("and opens the output", supply.output.get_state(), False)
        client.refused("which stays off", lambda: supply.output.set_state(True))
        supply.source.voltage.protection.set_level(21.0)
        supply.source.voltage.protection.clear()
        client.equal("until cleared", supply.source.voltage.protection.get_tripped(), False)
        supply.output.set_state(True)
        client.near("and switched on", supply.measure.scalar.voltage.dc.get_value(), 5.0)

        supply.measure.scalar.statistic.reset()
        supply.measure.scalar.voltage.dc.get_value()
        client.equal("statistics count", supply.measure.scalar.statistic.get_count() >= 1, True)
        client.near("lowest", supply.measure.scalar.voltage.dc.get_min(), 5.0)
        client.equal("fuse whole", supply.fuse.tripped.get_value(), False)
        client.equal("constant voltage bit", supply.status.questionable.instrument.isummary.condition.get() & 2, 2)
        supply.utilities.reset()
        client.equal("reset is off", supply.output.general.get_state(), False)
    finally:
        supply.close()


Client("RsNgx on NGM202").run(body)

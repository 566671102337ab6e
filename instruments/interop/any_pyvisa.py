#!/usr/bin/env python3
"""What holds for every SCPI instrument, through pyvisa as it comes out of the box."""

import time

from checks import Client


def body(client):
    import pyvisa

    manager = pyvisa.ResourceManager("@py")
    unit = manager.open_resource(client.resource, read_termination="\n", write_termination="\r\n")
    unit.timeout = 3000
    try:
        unit.write("*CLS")
        client.equal("four fields of identity", len(unit.query("*IDN?").split(",")), 4)
        client.equal("version", unit.query("SYST:VERS?"), "1999.0")
        client.equal("complete", unit.query("*RST;*OPC?"), "1")
        client.equal("self-test", unit.query("*TST?").lstrip("+"), "0")
        client.check("clean", unit.query("SYST:ERR?").lstrip("+").startswith("0,"))
        unit.write("BOGUS:HEADER 1")
        client.equal("command error", int(unit.query("*ESR?")) & 32, 32)
        client.equal("error bit", int(unit.query("*STB?")) & 4, 4)
        client.check("its number", unit.query("SYST:ERR?").startswith("-113,"))
        client.check("once", unit.query("SYST:ERR?").lstrip("+").startswith("0,"))
        unit.write("*ESE 60;*SRE 32")
        client.equal("masks", unit.query("*ESE?;*SRE?"), "60;32")
        unit.write("*OPC")
        client.equal("no error of it", unit.query("SYST:ERR?").lstrip("+")[:2], "0,")
        unit.write_raw(b"*ESE?\n*SRE?\r\n")
        client.equal("two messages in one segment", (unit.read(), unit.read()), ("60", "32"))
        for byte in b"*ESE?\n":
            unit.write_raw(bytes([byte]))
        client.equal("one message in many", unit.read(), "60")
        second = manager.open_resource(client.resource, read_termination="\n", write_termination="\n")
        client.equal("a second client", second.query("*ESE?"), "60")
        second.close()
        start = time.monotonic()
        for _ in range(50):
            unit.write("*ESE 60")
            unit.query("*ESE?")
        took = (time.monotonic() - start) / 50
        client.check("writing twice costs no delay", took < 0.02, f"{took * 1e3:.1f} ms")
        for _ in range(60):
            unit.write("BOGUS")
        errors = []
        while not (error := unit.query("SYST:ERR?")).lstrip("+").startswith("0,"):
            errors.append(error.split(",")[0])
        client.equal("the queue says that it overflowed", errors[-1], "-350")
    finally:
        unit.close()


client = Client("pyvisa")
client.name = f"pyvisa on {client.model}"
client.run(body)

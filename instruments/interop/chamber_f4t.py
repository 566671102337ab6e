#!/usr/bin/env python3
"""Watlow F4T over a plain socket, with the words that public programs send."""

import socket
import time

from checks import Client


def body(client):
    with socket.create_connection((client.host, client.port), timeout=3) as line:
        stream = line.makefile("rw", newline="\n")

        def ask(text):
            stream.write(text + "\n")
            stream.flush()
            return stream.readline().strip()

        def tell(text):
            stream.write(text + "\n")
            stream.flush()

        client.check("identity", "Watlow" in ask("*IDN?"))
        tell(":SOURCE:CLOOP1:SPOINT 45.0")
        client.near("set point", float(ask(":SOURCE:CLOOP1:SPOINT?")), 45.0)
        before = float(ask(":SOURCE:CLOOP1:PVALUE?"))
        tell(":OUTPUT1:STATE ON")
        client.equal("on", ask(":OUTPUT1:STATE?"), "ON")
        time.sleep(1.2)
        client.check("it warms up", float(ask(":SOURCE:CLOOP1:PVALUE?")) > before)
        tell(":SOURCE:CLOOP1:RACTION BOTH")
        tell(":SOURCE:CLOOP1:RRATE 0.2")
        client.equal("ramp", ask(":SOURCE:CLOOP1:RACTION?"), "BOTH")
        tell(":PROGRAM:NUMBER 2")
        tell(":PROGRAM:SELECTED:STATE START")
        tell(":OUTPUT1:STATE OFF")
        client.equal("off", ask(":OUTPUT1:STATE?"), "OFF")
        client.equal("clean", ask(":SYSTEM:ERROR?"), '0,"No error"')


Client("plain socket on F4T").run(body)

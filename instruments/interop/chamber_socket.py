#!/usr/bin/env python3
"""ESPEC P-300 over a plain socket, as ChamberConnectLibrary talks to it (that needs Python 2)."""

import socket

from checks import Client


class Chamber:
    def __init__(self, host, port):
        self.socket = socket.create_connection((host, port), timeout=3)
        self.stream = self.socket.makefile("rb")

    def ask(self, message):
        self.socket.sendall(message.encode() + b"\r\n")
        answer = self.stream.readline()
        assert answer.endswith(b"\r\n"), answer
        return answer[:-2].decode()

    def close(self):
        self.stream.close()
        self.socket.close()


def body(client):
    one, other = Chamber(client.host, client.port), Chamber(client.host, client.port)
    air, _, high, low = (float(part) for part in one.ask("TEMP?").split(","))
    client.near("room temperature", air, 23.0)
    client.check("limits", low < air < high)
    client.equal("set", one.ask("TEMP, S25.0 H60.0 L-10.0"), "OK:TEMP, S25.0 H60.0 L-10.0")
    client.equal("another client sees it", other.ask("TEMP?").split(",")[1:], ["25.0", "60.0", "-10.0"])
    client.equal("beyond its limit", one.ask("TEMP,S61.0"), "NA:DATA OUT OF RANGE")
    client.equal("run", one.ask("MODE,CONSTANT"), "OK:MODE,CONSTANT")
    client.equal("runs", other.ask("MODE?"), "CONSTANT")
    temperature, humidity, mode, alarms = one.ask("MON?").split(",")
    client.equal("monitor", (humidity, mode, alarms), ("", "CONSTANT", "0"))
    client.equal("no humidity", one.ask("HUMI?"), "NA:CONT NOT READY-1")
    client.equal("ramp", one.ask("RUN PRGM, TEMP20.0 TIME1:00 GOTEMP30.0")[:3], "OK:")
    client.equal("ramps", one.ask("MODE?,DETAIL"), "RMT RUN")
    client.equal("unknown", one.ask("DANCE?"), "NA:CMD ERR")
    client.equal("nonsense", one.ask("MODE,DANCE"), "NA:PARA ERR")
    client.equal("stop", one.ask("MODE,STANDBY"), "OK:MODE,STANDBY")
    one.close()
    client.equal("one gone, the other stays", other.ask("MODE?"), "STANDBY")
    other.close()


Client("plain socket on P-300").run(body)

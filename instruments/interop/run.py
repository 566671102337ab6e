#!/usr/bin/env python3
"""Runs every client, or those named by model or script, against the software instrument it's for.

    run.py target/release/rig
    run.py "cargo run -q -p sim --example instrument -- {model}"
    run.py target/release/rig rigol-dp832 switch_qcodes.py

The server prints `ID DRIVER HOST:PORT`, then `ready`. Exit status 0 when all clients pass.
"""

import pathlib
import shlex
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
CLIENTS = [
    ("ngm_rsngx.py", "rs-ngm202"),
    ("ngm_pymeasure.py", "rs-ngm202"),
    ("psb_instro.py", "ea-psb10000"),
    ("load_instro.py", "bk-8514b"),
    ("switch_qcodes.py", "keysight-34980a"),
    ("switch_instro.py", "keysight-34980a"),
    ("chamber_socket.py", "espec-p300"),
    ("supply_e36300.py", "keysight-e36312a"),
    ("supply_dp832.py", "rigol-dp832"),
    ("supply_hmp4040.py", "rs-hmp4040"),
    ("supply_spd1168x.py", "siglent-spd1168x"),
    ("supply_spd3303x.py", "siglent-spd3303x"),
    ("supply_it6512c.py", "itech-it6512c"),
    ("supply_genesys.py", "tdk-genesys"),
    ("supply_genesys.py", "keysight-n5767a"),
    ("load_rigol.py", "rigol-dl3021"),
    ("meter_34461a.py", "keysight-34461a"),
    ("scanner_34970a.py", "keysight-daq970a"),
    ("scanner_34970a.py", "keysight-34970a"),
    ("chamber_f4t.py", "watlow-f4t"),
    ("relatives.py", "keysight-e36103a"),
    ("relatives.py", "keysight-n5700"),
    ("relatives.py", "rigol-dp811"),
    ("relatives.py", "rigol-dp821"),
    ("relatives.py", "rs-hmp4030"),
    ("relatives.py", "siglent-spd1305x"),
    ("relatives.py", "keysight-e36312a"),
    ("relatives.py", "keysight-34461a"),
    ("relatives.py", "meatest-m632"),
    ("any_pyvisa.py", "rs-ngm202"),
    ("any_pyvisa.py", "ea-psb10000"),
    ("any_pyvisa.py", "bk-8514b"),
    ("any_pyvisa.py", "keysight-34980a"),
    ("any_pyvisa.py", "siglent-sdl1020x"),
    ("any_pyvisa.py", "itech-it8512"),
    ("plain_words.py", "keysight-e36312a"),
    ("plain_words.py", "rigol-dp832"),
    ("plain_words.py", "rs-hmp4040"),
    ("plain_words.py", "siglent-spd1168x"),
    ("plain_words.py", "siglent-spd3303x"),
    ("plain_words.py", "itech-it6512c"),
    ("plain_words.py", "tdk-genesys"),
    ("plain_words.py", "rigol-dl3021"),
    ("plain_words.py", "itech-it8512"),
    ("plain_words.py", "siglent-sdl1020x"),
    ("plain_words.py", "keysight-34461a"),
    ("plain_words.py", "keysight-daq970a"),
    ("plain_words.py", "keysight-34970a"),
    ("plain_words.py", "watlow-f4t"),
]


def command(server, model):
    if "{model}" in server:
        return shlex.split(server.replace("{model}", model))
    return [server, "sim", "instrument", model, "--listen", "127.0.0.1:0"]


def start(server, model):
    process = subprocess.Popen(command(server, model), stdout=subprocess.PIPE, text=True)
    address = None
    for line in process.stdout:
        words = line.split()
        if words == ["ready"] and address:
            return process, address
        if len(words) == 3:
            address = words[2]
    raise SystemExit(f"`{server}` ended before it was ready to be {model}")


def main():
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    wanted = sys.argv[2:]
    clients = [one for one in CLIENTS if not wanted or any(word in one for word in wanted)]
    failed = []
    for client, model in clients:
        process, address = start(sys.argv[1], model)
        try:
            done = subprocess.run([sys.executable, HERE / client, address, "--model", model], timeout=120)
            if done.returncode != 0:
                failed.append(f"{client} on {model}")
        except subprocess.TimeoutExpired:
            failed.append(f"{client} on {model}: no end within 120 s")
        finally:
            process.terminate()
            process.wait()
    passed = len(clients) - len(failed)
    print(f"{passed} of {len(clients)} clients pass" + "".join(f"\n  failed: {name}" for name in failed))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

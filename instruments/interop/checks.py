"""What each client needs: arguments, checks that are counted, one last line."""

import argparse
import math
import sys
import traceback
import warnings

warnings.filterwarnings("ignore")


class Client:
    """Counts what held. `PASS n/n` and exit status 0 only when all did."""

    def __init__(self, name):
        parser = argparse.ArgumentParser(description=name)
        parser.add_argument("address", help="HOST:PORT of the instrument")
        parser.add_argument("--model", default="", help="the model behind it")
        parser.add_argument("--verbose", action="store_true")
        self.options = parser.parse_args()
        self.host, port = self.options.address.rsplit(":", 1)
        self.port = int(port)
        self.model = self.options.model
        self.resource = f"TCPIP0::{self.host}::{self.port}::SOCKET"
        self.name = name
        self.held = self.asked = 0

    def check(self, what, holds, detail=""):
        self.asked += 1
        self.held += bool(holds)
        if self.options.verbose or not holds:
            print(f"  {'ok  ' if holds else 'FAIL'} {what} {detail}")

    def equal(self, what, got, wanted):
        self.check(what, got == wanted, f"got {got!r}, wanted {wanted!r}")

    def near(self, what, got, wanted, within=0.01):
        good = math.isfinite(float(got)) and abs(float(got) - wanted) <= within * max(1.0, abs(wanted))
        self.check(what, good, f"got {got}, wanted {wanted}")

    def refused(self, what, action, kind=Exception):
        try:
            got = action()
        except kind:
            self.check(what, True)
        else:
            self.check(what, False, f"not refused, answered {got!r}")

    def run(self, body):
        try:
            body(self)
        except Exception as error:  # whatever a driver throws is a failed check
            self.asked += 1
            print(f"  FAIL {type(error).__name__}: {error}")
            if self.options.verbose:
                traceback.print_exc()
        passed = self.asked > 0 and self.held == self.asked
        print(f"{'PASS' if passed else 'FAIL'} {self.held}/{self.asked} {self.name}")
        sys.exit(0 if passed else 1)

"""Measures the delay presets beside the published windows; run by scripts/bench/regions."""

import argparse
import csv
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile

from common import Sandbox

# Means in ms over SNS: first read without Antipode, with it.
PUBLISHED = {
    "eu-us": {"cache": (375, 864), "dynamo": (544, 1552), "mysql": (1147, 1174), "s3": (696, 18455)},
    "eu-sg": {"cache": (499, 909), "dynamo": (679, 2058), "mysql": (1220, 1663), "s3": (846, 18533)},
}
MODES = ("none", "antipode")
TOLERANCE = 0.10


class Regions(Sandbox):
    """One preset."""

    def __init__(self, options, preset, folder):
        super().__init__(options.bin, os.path.join(options.samples, preset + ".yml"), folder)

    def measure(self, store, mode, requests, rate):
        """The windows of one run in ms: writer's start to the first read."""
        runs = os.path.join(self.folder, "runs")
        self.run("deploy", "-c", self.config, "--post-storage", store, "--consistency", mode)
        load = subprocess.Popen(
            [f"{self.bin}/loadgen", "-c", self.config, "-o", runs, "-r", str(requests),
             "--rate", str(rate)], env=self.environment, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True)
        _, told = load.communicate()
        if load.returncode not in (0, 3):
            sys.exit(f"loadgen {store} {mode}: exit {load.returncode}: {told[-600:]}")
        run = os.path.join(runs, os.readlink(os.path.join(runs, "latest")))
        self.run("gather", "-o", runs, run, codes=(0, 3))
        windows, classes = [], {}
        with open(os.path.join(run, "records.csv"), newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                classes[row["class"]] = classes.get(row["class"], 0) + 1
                if row["read_us"]:
                    windows.append((int(row["read_us"]) - int(row["start_us"])) / 1000)
        return windows, classes


def mean_of(values):
    """Mean and the half width of its 95 % interval."""
    if len(values) < 2:
        return (values[0] if values else math.nan), math.nan
    return statistics.mean(values), 1.96 * statistics.stdev(values) / math.sqrt(len(values))


def measure_preset(options, preset, folder):
    cells = {(store, mode): ([], {}) for store in options.stores for mode in MODES}
    sandbox = Regions(options, preset, folder)
    try:
        for _ in range(options.rounds):
            order = list(cells)
            random.shuffle(order)
            for store, mode in order:
                print(f"{preset}: {store}, {mode}", file=sys.stderr)
                windows, classes = sandbox.measure(store, mode, options.requests, options.rate)
                cells[store, mode][0].extend(windows)
                for name, n in classes.items():
                    cells[store, mode][1][name] = cells[store, mode][1].get(name, 0) + n
    finally:
        sandbox.stop()
    return cells, sandbox.start_s


def report(preset, cells, options):
    """Prints a line a cell; True if all are within the tolerance."""
    good = True
    mark = "| " if options.markdown else ""
    for (store, mode), (windows, classes) in cells.items():
        published = PUBLISHED[preset][store][MODES.index(mode)]
        mean, half = mean_of(windows)
        off = mean / published - 1
        good = good and abs(off) <= TOLERANCE
        counted = ", ".join(f"{n} {name}" for name, n in sorted(classes.items()))
        columns = [preset, store, mode, f"{published}", f"{mean:.0f} ± {half:.0f}", f"{off:+.1%}", counted]
        widths = [6, 7, 9, 7, 14, 7, 0]
        text = [c.ljust(w) for c, w in zip(columns, widths)]
        print(mark + (" | " if options.markdown else "  ").join(text) + (" |" if mark else ""))
    return good


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--samples", required=True)
    parser.add_argument("--only", default=",".join(PUBLISHED))
    parser.add_argument("--stores", default="cache,dynamo,mysql,s3")
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    options.stores = options.stores.split(",")
    good = True
    for preset in options.only.split(","):
        with tempfile.TemporaryDirectory(prefix="xcy-regions-") as folder:
            cells, start_s = measure_preset(options, preset, folder)
            print(f"{preset}: the sandbox was ready after {start_s:.1f} s", file=sys.stderr)
            good = report(preset, cells, options) and good
    print("all means are within 10 %" if good else "not all means are within 10 %")
    sys.exit(0 if good else 1)


main()

"""How long plot takes without gnuplot, beside pandas reading the same files: see scripts/bench/plot."""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

from common import say

SWEEP_GOAL_S = 0.3
COLUMNS = ("reader_received_at;consistent_read;notification_to_reader_spent_ms;client_latency_ms;"
           "client_visibility_latency_ms;writer_latency_ms;writer_visibility_latency_ms")
PANDAS = {
    "delay_vs_per_inconsistencies": """
import glob, re, sys
import pandas, yaml
shares = {}
for path in glob.glob(sys.argv[1] + "/cache-sns/eu-us__*__delay-*"):
    with open(path + "/tags.yml") as file:
        tags = yaml.safe_load(file)
    shares.setdefault(int(re.search("delay-([0-9]*)ms", path)[1]), []).append(tags["%_INCONSISTENCIES"])
rows = [{"delay_ms": delay, "per_inconsistencies": min(each)} for delay, each in shares.items()]
print(pandas.DataFrame(rows).sort_values("delay_ms"))
""",
    "consistency_window": """
import glob, sys
import numpy, pandas, yaml
windows = []
for path in glob.glob(sys.argv[1] + "/cache-sns/*"):
    with open(path + "/tags.yml") as file:
        tags = yaml.safe_load(file)
    windows.append(pandas.read_csv(path + "/traces.csv", sep=";", index_col=0)["writer_visibility_latency_ms"])
print(round(numpy.percentile(pandas.concat(windows), 50)))
""",
}


def make_run(folder, number, requests, chance):
    """A gather directory in the reference's format: half of the runs repeat a delay."""
    delay_ms = number // 2 * 50
    path = f"{folder}/cache-sns/eu-us__{requests}__delay-{delay_ms}ms-202609211{number:05d}"
    os.makedirs(path)
    missed = 0
    with open(path + "/traces.csv", "w", encoding="utf-8") as file:
        file.write(";" + COLUMNS + "\n")
        for i in range(requests):
            found = chance.random() > 0.5 ** (1 + number // 2)
            missed += not found
            at = 1790002407.296556 + i / 100 + chance.random() / 100
            window = delay_ms + chance.randint(150, 400)
            file.write(f"{i};{at:.6f};{found:d};{window - 20};{window};{window + 9};{window - 9};{window}\n")
    with open(path + "/tags.yml", "w", encoding="utf-8") as file:
        file.write(f"'%_INCONSISTENCIES': {missed / requests}\nANTIPODE_ENABLED: false\n"
                   f"AVG_NOTIFICATION_SIZE_BYTES: 1982\nAVG_POST_STORAGE_SIZE_BYTES: 2702002.6\nDELAY: {delay_ms}\n"
                   f"NOTIFICATION_STORAGE: sns\nNUM_RESULTS: {requests}/{requests}\nPOST_STORAGE: cache\n"
                   "READER_REGION: us-east-1\nTHROUGHPUT_ON_CLIENT: 12.5\nTOTAL_NOTIFICATION_SIZE_BYTES: 991390\n"
                   "TOTAL_POST_STORAGE_SIZE_BYTES: 1351052538\nWRITER_REGION: eu-central-1\n")


def write_config(path, requests):
    with open(path, "w", encoding="utf-8") as file:
        file.write("delay_vs_per_inconsistencies:\n  writer_region: eu\n  reader_region: us\n"
                   f"  num_requests: {requests}\n  combinations:\n"
                   "  - {post_storage: cache, notification_storage: sns}\n"
                   "consistency_window:\n  gather_paths: ['cache-sns/*']\n")


def seconds(words):
    """How long a program takes from start to end."""
    started = time.perf_counter()
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    took = time.perf_counter() - started
    if done.returncode != 0:
        sys.exit(f"{' '.join(words[:2])}: exit {done.returncode}: {done.stderr[-600:]}")
    return took


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--runs", type=int, default=34)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--json")
    options = parser.parse_args()
    took = {name: {"plot": [], "pandas": []} for name in PANDAS}
    with tempfile.TemporaryDirectory(prefix="xcy-bench-") as folder:
        chance = random.Random(1)
        for number in range(options.runs):
            make_run(folder + "/gather", number, options.requests, chance)
        write_config(folder + "/plots.yml", options.requests)
        for turn in range(options.rounds):
            say(f"round {turn + 1} of {options.rounds}")
            for name, program in PANDAS.items():
                took[name]["plot"].append(seconds(
                    [f"{options.bin}/plot", f"{folder}/plots.yml", "--plots", name, "--root",
                     f"{folder}/gather", "-o", f"{folder}/plots", "--no-pictures"]))
                took[name]["pandas"].append(
                    seconds(["/usr/bin/python3", "-c", program, f"{folder}/gather"]))
    result = {"runs": options.runs, "requests": options.requests, "rounds": options.rounds}
    for name, each in took.items():
        ours, theirs = (statistics.median(each[who]) for who in ("plot", "pandas"))
        result[name] = {"plot_s": ours, "pandas_s": theirs, "ratio": ours / theirs}
        print(f"{name}: plot {ours * 1e3:.1f} ms, pandas {theirs * 1e3:.0f} ms, 1/{theirs / ours:.0f} of its time")
    result["holds"] = result["delay_vs_per_inconsistencies"]["plot_s"] < SWEEP_GOAL_S
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=1)
    print(f"goal, a sweep in less than {SWEEP_GOAL_S} s: {'holds' if result['holds'] else 'MISSED'}")
    return 0 if result["holds"] else 1


if __name__ == "__main__":
    sys.exit(main())

"""How long analyze takes for a run of many requests, beside pandas: see scripts/bench/analyze."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

from common import say

GOAL = 0.1
QUANTILES = (0.5, 0.9, 0.99)
# metric: (from, to) as in `analyze metrics`; None: a window, of which both ends are computed.
STAMPED = {
    "window_as_published": ("start_us", "read_us"),
    "notification_latency": ("noted_us", "seen_us"),
    "write_latency": ("start_us", "wrote_us"),
    "read_latency": ("asked_us", "read_us"),
    "response": ("due_us", "acked_us"),
    "service": ("sent_us", "acked_us"),
    "lag": ("due_us", "sent_us"),
}
PANDAS = """
import json, sys
import pandas

def wanted(column):
    return (column.endswith("_us") and column not in ("got_us", "ended_us", "reported_us", "ready_us")) or column in (
        "class", "outcome", "flags", "post_stored_bytes", "notification_bytes")

path, columns, stamped = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
d = pandas.read_csv(path, usecols=wanted) if columns == "needed" else pandas.read_csv(path)
d = d[~d["flags"].fillna("").str.contains("warm-up")] if d["flags"].str.contains("warm-up").any() else d
counts = d["class"].value_counts()
hit, missed = d["class"] == "consistent", d["class"] == "inconsistent"
answered = d["class"] != "failed"
found = {"share": counts["inconsistent"] / (counts["inconsistent"] + counts["consistent"]), "metrics": {}, "sizes": {}}

def put(name, low, high):
    for q in (0.5, 0.9, 0.99):
        found["metrics"].setdefault(name, {})[f"p{q * 100:g}"] = [
            [end.quantile(q, interpolation=to) / 1e3 for to in ("lower", "higher")] for end in (low, high)]

for name, (first, last) in stamped.items():
    values = d[last] - d[first]
    values = (values[d["outcome"] == "ok"] if "acked_us" in (first, last) else values).dropna()
    put(name, values, values)
put("window", (d["missed_us"] - d["wrote_us"]).where(missed, 0)[hit | missed],
    (d["visible_us"].where(missed, d["read_us"]) - d["wrote_us"])[hit | missed])
put("race_margin", (d["missed_us"] - d["asked_us"]).where(missed, float("-inf"))[hit | missed],
    (d["visible_us"].where(missed, d["asked_us"]) - d["asked_us"])[hit | missed])
for name in ("post_stored_bytes", "notification_bytes"):
    values = d[name][d[name] > 0]
    found["sizes"][name[:-6]] = [values.mean(), int(values.min()), int(values.max())]
print(json.dumps(found))
"""


def run(words):
    """What a program printed, how long it took, processor time, and its memory in MB."""
    started = time.perf_counter()
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        out, said = child.stdout.read(), child.stderr.read()
        _, how, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(how)
    took = time.perf_counter() - started
    if child.returncode not in (0, 3):
        sys.exit(f"{' '.join(words[:2])}: exit {child.returncode}: {said.decode()[-600:]}")
    return json.loads(out), {"wall_s": took, "cpu_s": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1024}


def same(ours, theirs):
    """Every number that both tell; quantiles between pandas' neighbours of the rank."""
    assert abs(ours["inconsistent"]["share"] - theirs["share"]) < 1e-12, (ours["inconsistent"], theirs["share"])
    n = 0
    for name, quantiles in theirs["metrics"].items():
        for q, ends in quantiles.items():
            for end, (low, high) in zip(("low_ms", "high_ms"), ends):
                value = ours["metrics"][name][q][end]
                value = float("-inf") if value is None else value
                assert low - 1e-6 <= value <= high + 1e-6 or value == low, (name, q, end, value, low, high)
                n += 1
    for name, (mean, least, most) in theirs["sizes"].items():
        size = ours["sizes"][name]
        assert abs(size["mean_bytes"] - mean) < 1e-6 and [size["min_bytes"], size["max_bytes"]] == [least, most], name
        n += 3
    return n + 1


def medians(runs):
    return {key: statistics.median(each[key] for each in runs) for key in runs[0]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=10_000_000)
    parser.add_argument("--without-all", action="store_true", help="leave out pandas reading all columns")
    parser.add_argument("--json")
    options = parser.parse_args()
    who = ["analyze", "pandas"] + ([] if options.without_all else ["read_csv"])
    took = {name: [] for name in who}
    with tempfile.TemporaryDirectory(prefix="xcy-bench-") as folder:
        path = folder + "/run"
        say(f"making a run of {options.requests} requests")
        subprocess.run([options.build + "/bench/records", path, str(options.requests)], check=True)
        size_gb = os.path.getsize(path + "/records.csv") / 1e9
        n_same = 0
        for turn in range(options.rounds):
            say(f"round {turn + 1} of {options.rounds}")
            ours, cost = run([options.build + "/bin/analyze", "--json", path])
            took["analyze"].append(cost)
            for name in who[1:]:
                theirs, cost = run(["/usr/bin/python3", "-c", PANDAS, path + "/records.csv",
                                    "needed" if name == "pandas" else "all", json.dumps(STAMPED)])
                took[name].append(cost)
                n_same = same(ours, theirs)
    result = {"requests": options.requests, "rounds": options.rounds, "file_gb": size_gb, "cpus": os.cpu_count()}
    result.update({name: medians(each) for name, each in took.items()})
    print(f"{options.requests} requests, {size_gb:.2f} GB, {os.cpu_count()} cpus; {n_same} numbers are the same")
    for name in who:
        each = result[name]
        ratio = each["wall_s"] / result["analyze"]["wall_s"]
        print(f"{name:9} {each['wall_s']:7.2f} s, {each['cpu_s']:7.2f} s of processors, {each['peak_mb']:7.0f} MB,"
              f" {ratio:5.1f} x the time of analyze")
    result["holds"] = result["analyze"]["wall_s"] <= GOAL * result["pandas"]["wall_s"]
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=1)
    print(f"goal, a tenth of pandas' time: {'holds' if result['holds'] else 'MISSED'}")
    return 0 if result["holds"] else 1


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/python3
"""Holds a gathered run against what MONITOR showed on the Redis pair: an independent watcher.

Usage: check_monitor.py RUN REPLICA_LOG PRIMARY_LOG MIN_LAG_MS [--barrier]

The replica's log has both the replicated writes and the reader's own reads, in the order in which the
replica executed them. Exits 1 with what differs.
"""
import csv
import re
import sys

LINE = re.compile(r'^(\d+)\.(\d{6}) \[\d+ [^\]]*\] (.*)$')
WORD = re.compile(r'"((?:[^"\\]|\\.)*)"')
SLACK_US = 1000  # MONITOR stamps a command when it is propagated, some microseconds beside its execution


def read_monitor(path):
    """key -> (line, microseconds) of its write, and of the first command that reads it."""
    written, first_read = {}, {}
    with open(path, encoding="latin-1") as lines:
        for number, line in enumerate(lines):
            match = LINE.match(line)
            if not match:
                continue
            at_us = int(match.group(1)) * 1000000 + int(match.group(2))
            words = WORD.findall(match.group(3))
            seen = written if words[0].upper() in ("SET", "MSET") else first_read
            for key in words[1:]:
                if len(key) <= 64:
                    seen.setdefault(key, (number, at_us))
    return written, first_read


def main():
    run, replica, primary, min_lag_ms = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
    barrier = "--barrier" in sys.argv
    applied, first_read = read_monitor(replica)
    accepted, _ = read_monitor(primary)
    wrong, n, margins, lags = [], {"consistent": 0, "inconsistent": 0}, 0, []
    with open(run + "/records.csv", newline="", encoding="utf-8") as file:
        records = list(csv.DictReader(file))
    for r in records:
        key = r["key"]
        if r["class"] not in n:
            wrong.append(f"request {r['i']}: class {r['class']} ({r['class_reason']})")
            continue
        n[r["class"]] += 1
        if key not in applied or key not in first_read or key not in accepted:
            wrong.append(f"request {r['i']}: the watchers saw no write or no read of {key}")
            continue
        lags.append(applied[key][1] - accepted[key][1])
        if not int(r["start_us"]) - SLACK_US <= accepted[key][1] <= int(r["wrote_us"]) + SLACK_US:
            wrong.append(f"request {r['i']}: accepted at {accepted[key][1]}, outside start..wrote")
        missed_first = first_read[key][0] < applied[key][0]
        if barrier:
            if (r["flags"].find("waited") >= 0) != missed_first:
                wrong.append(f"request {r['i']}: flags {r['flags']}, but its first probe missed: {missed_first}")
        elif missed_first != (r["class"] == "inconsistent"):
            wrong.append(f"request {r['i']}: {r['class']}, but the watcher saw the read first: {missed_first}")
        if r["class"] == "inconsistent" and r["visible_us"]:
            margins += 1
            low, high = int(r["missed_us"] or r["asked_us"]), int(r["visible_us"])
            if not low - SLACK_US <= applied[key][1] <= high + SLACK_US:
                wrong.append(f"request {r['i']}: visible within ({low}, {high}], the watcher says {applied[key][1]}")
    lags.sort()
    if not records or not lags:
        wrong.append("nothing to hold against each other")
    elif lags[0] < min_lag_ms * 1000 - SLACK_US:
        wrong.append(f"the least lag is {lags[0]} us, below the link's delay of {min_lag_ms} ms")
    if barrier and n["inconsistent"]:
        wrong.append(f"{n['inconsistent']} residual inconsistencies behind the barrier")
    print(f"{len(records)} records: {n}; {margins} margins held against the watcher; "
          f"lag p50 {lags[len(lags) // 2] if lags else 0} us")
    for line in wrong[:20]:
        print(line)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()

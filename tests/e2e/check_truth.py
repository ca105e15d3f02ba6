#!/usr/bin/python3
"""Holds a gathered run against the sandbox's truth log, request by request.

Usage: check_truth.py RUN TRUTH [--share] [--expect-inconsistent all|none|N]

An independent reading: nothing of xcybench's own code takes part. Exits 1 with what differs.
"""
import argparse
import csv
import json
import sys

ROUNDING_US = 2  # both sides floor to microseconds


def read_truth(path):
    writes, opens, reads = {}, {}, {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            if event.get("table") not in (None, "posts"):
                continue  # notifications bear their posts' keys
            if event["op"] == "write":
                writes.setdefault(event["key"], event)
            elif event["op"] == "open":
                opens.setdefault(event["key"], event["at_us"])
            elif event["op"] == "read":
                reads.setdefault(event["key"], []).append(event)
    return writes, opens, reads


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("run")
    parser.add_argument("truth")
    parser.add_argument("--expect-inconsistent", default=None)
    arguments = parser.parse_args()
    writes, opens, reads = read_truth(arguments.truth)
    wrong = []
    n = {"consistent": 0, "inconsistent": 0}
    truth_missed = 0
    n_margins = 0
    with open(arguments.run + "/records.csv", newline="", encoding="utf-8") as file:
        records = list(csv.DictReader(file))
    for r in records:
        if r["class"] not in n:
            wrong.append(f"request {r['i']}: class {r['class']} ({r['class_reason']})")
            continue
        n[r["class"]] += 1
        key = r["key"]
        eventual = [e for e in reads.get(key, []) if not e["strong"] and e["region"] != writes[key]["region"]]
        if not eventual:
            wrong.append(f"request {r['i']}: the store logged no read of {key}")
            continue
        first = eventual[0]
        truth_missed += not first["found"]
        if first["found"] != (r["class"] == "consistent"):
            wrong.append(f"request {r['i']}: {r['class']}, but the store's first read found={first['found']}")
        asked, read = int(r["asked_us"]), int(r["read_us"])
        if not asked - ROUNDING_US <= first["at_us"] <= read + ROUNDING_US:
            wrong.append(f"request {r['i']}: decided at {first['at_us']}, outside asked..read {asked}..{read}")
        settled = writes[key]["settled_us"] or opens.get(key, 0)
        if r["class"] == "inconsistent" and r["visible_us"]:
            n_margins += 1
            low = int(r["missed_us"] or r["asked_us"]) - asked
            high = int(r["visible_us"]) - asked
            if not low - ROUNDING_US <= settled - asked <= high + ROUNDING_US:
                wrong.append(f"request {r['i']}: margin ({low}, {high}] us does not contain {settled - asked}")
        wrote = int(r["wrote_us"])
        if not int(r["start_us"]) - ROUNDING_US <= writes[key]["at_us"] <= wrote + ROUNDING_US:
            wrong.append(f"request {r['i']}: written at {writes[key]['at_us']}, outside start..wrote")
    if n["inconsistent"] != truth_missed:
        wrong.append(f"{n['inconsistent']} inconsistent, the store missed {truth_missed}")
    expected = {None: n["inconsistent"], "all": len(records), "none": 0}.get(
        arguments.expect_inconsistent, arguments.expect_inconsistent)
    if expected == "some":
        if not 0 < n["inconsistent"] < len(records):
            wrong.append(f"expected both classes, got {n}")
    elif n["inconsistent"] != int(expected):
        wrong.append(f"expected {expected} inconsistent, got {n}")
    if not records:
        wrong.append("no records")
    print(f"{len(records)} records: {n}; {n_margins} margins held against the log")
    for line in wrong[:20]:
        print(line)
    sys.exit(1 if wrong else 0)


main()

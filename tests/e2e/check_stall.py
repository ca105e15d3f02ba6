#!/usr/bin/python3
"""Holds a gathered run amid which replication was stalled against the truth log.

Usage: check_stall.py RUN TRUTH [--replica MONITOR_LOG --link-ms N | --barrier-ms N]

When a post was visible in the other region is what the store settled at its write, plus what was stalled in
between; or, of a real Redis, when its replica executed the write, as MONITOR of it showed. The measured
interval (missed, visible] must contain that, and no post that was under way may appear in a stall; what has left
the link before the stall, which no post does sooner than the link's delay after its writer began, a real replica
may execute in it. With a barrier, it must have given up exactly where it had to. Exits 1 with what differs.
"""
import argparse
import csv
import json

from check_monitor import SLACK_US, read_monitor

ROUNDING_US = 2


def read_truth(path):
    writes, stalls, probed = {}, [], set()
    with open(path, encoding="utf-8") as lines:
        for event in map(json.loads, lines):
            if event["op"] == "write" and event.get("table") in (None, "posts"):
                writes.setdefault(event["key"], event)
            elif event["op"] == "read" and event["strong"] and event["found"]:
                probed.add(event["key"])
            elif event["op"] == "stall":
                stalls.append([event["at_us"], None])
            elif event["op"] == "resume":
                stalls[-1][1] = event["at_us"]
    return writes, stalls, probed


def after_stalls(write, name, stalls):
    """When a version is applied or settled: what stands still on its way comes on top."""
    at = write[name]
    for begin, end in stalls:
        if begin < at and write["at_us"] < end:
            at += end - max(begin, write["at_us"])
    return at


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("run")
    parser.add_argument("truth")
    parser.add_argument("--replica")
    parser.add_argument("--link-ms", type=int, default=0)
    parser.add_argument("--barrier-ms", type=int)
    arguments = parser.parse_args()
    writes, stalls, probed = read_truth(arguments.truth)
    applied = read_monitor(arguments.replica)[0] if arguments.replica else {}
    with open(arguments.run + "/records.csv", newline="", encoding="utf-8") as file:
        records = list(csv.DictReader(file))
    begin, end = next((s for s in stalls if int(records[0]["start_us"]) < s[0] < int(records[-1]["start_us"])))
    slack_us = SLACK_US if arguments.replica else ROUNDING_US
    wrong, n_in_stall, n_margins, n_timeouts = [], 0, 0, 0
    for r in records:
        key, name = r["key"], "request " + r["i"]
        gave_up = "barrier-timeout" in r["flags"]
        if r["class"] not in ("consistent", "inconsistent") and not (arguments.barrier_ms and gave_up):
            wrong.append(f"{name}: class {r['class']} ({r['class_reason']})")
            continue
        visible = applied[key][1] if arguments.replica else after_stalls(writes[key], "settled_us", stalls)
        wrote = int(r["wrote_us"])
        may_have_left = arguments.replica and int(r["start_us"]) + arguments.link_ms * 1000 <= begin
        if begin < visible < end - slack_us and not may_have_left:
            wrong.append(f"{name}: visible at {visible}, in the stall {begin}..{end}")
        if begin < int(r["start_us"]) and wrote < end:
            n_in_stall += 1
            if visible < end - slack_us:
                wrong.append(f"{name}: written in the stall, visible {end - visible} us before its end")
        if r["visible_us"]:
            n_margins += 1
            low, high = int(r["missed_us"] or r["asked_us"]), int(r["visible_us"])
            if not low - slack_us <= visible <= high + slack_us:
                wrong.append(f"{name}: visible within ({low}, {high}], the truth is {visible}")
        if arguments.barrier_ms:
            n_timeouts += gave_up
            seen, ready = int(r["seen_us"]), int(r["ready_us"])
            visible = after_stalls(writes[key], "applied_us", stalls)  # its probes are strong reads
            if gave_up == (key in probed):
                wrong.append(f"{name}: flags {r['flags']}, but a probe found it: {key in probed}")
            if gave_up and ready < seen + arguments.barrier_ms * 1000 - ROUNDING_US:
                wrong.append(f"{name}: the barrier gave up {ready - seen} us after seen")
            if not gave_up and ready < visible - slack_us:
                wrong.append(f"{name}: the barrier let through {visible - ready} us too early")
    if n_in_stall == 0 or (arguments.barrier_ms and n_timeouts == 0) or (not arguments.barrier_ms and n_margins == 0):
        wrong.append("nothing was written in the stall, or nothing measured: the test says nothing")
    print(f"{len(records)} records, stalled for {(end - begin) / 1e6:.3f} s: {n_in_stall} written in it, "
          f"{n_margins} intervals held against the truth, {n_timeouts} barriers gave up")
    print("\n".join(wrong[:20]))
    raise SystemExit(1 if wrong else 0)


main()

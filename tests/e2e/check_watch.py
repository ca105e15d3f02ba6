#!/usr/bin/python3
"""Holds a gathered run against two watchers of a store (watch_mariadb.py): one of the replica, one of the primary.

Usage: check_watch.py RUN REPLICA_LOG PRIMARY_LOG MIN_LAG_MS [--barrier]

A watcher knows when a post became visible as run's reader does: within (sent of the last poll without it,
return of the first with it]. Nothing is asserted of how long that is, so a machine that is slow makes the
check blunter, never wrong. It does not see a read: where a reader's one lies across the watcher's interval,
the watcher cannot tell what it must have found; all others must be as it says, and these are most.
Exits 1 with what differs.
"""
import csv
import sys

SLACK_US = 1000  # the clock that all read may be slewed between two anchors


def read_watch(path):
    seen = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            words = line.split()
            if len(words) == 3:
                seen[words[0]] = (int(words[1]), int(words[2]))
    return seen


def look_wrong(r, missed, shown, told):
    """What is wrong with the first read, if the watcher can tell."""
    asked, returned, found = int(r["asked_us"]), int(r["read_us"]), r["class"] == "consistent"
    if shown + SLACK_US <= asked:
        told[True] += 1
        return None if found else f"not found, asked at {asked}"
    if returned + SLACK_US <= missed:
        told[False] += 1
        return f"found by {returned}" if found else None
    return None


def barrier_wrong(r, missed, shown, told):
    """What is wrong with the barrier: it waits exactly for what is not there, and not less."""
    seen, ready, waited = int(r["seen_us"]), int(r["ready_us"]), "waited" in r["flags"]
    if shown + SLACK_US <= seen:
        told[True] += 1
        return f"waited from {seen} on" if waited else None
    if missed >= seen:
        told[False] += 1
        return f"passed at {ready}" if ready + SLACK_US <= missed else None
    return None


def main():
    run, min_lag_us = sys.argv[1], float(sys.argv[4]) * 1000
    on_replica, on_primary = read_watch(sys.argv[2]), read_watch(sys.argv[3])
    barrier = "--barrier" in sys.argv
    wrong, n, told, lags = [], {"consistent": 0, "inconsistent": 0}, {True: 0, False: 0}, []
    with open(run + "/records.csv", newline="", encoding="utf-8") as file:
        records = list(csv.DictReader(file))
    for r in records:
        i, key = r["i"], r["key"]
        if r["class"] not in n:
            wrong.append(f"request {i}: class {r['class']} ({r['class_reason']})")
            continue
        n[r["class"]] += 1
        if key not in on_replica or key not in on_primary:
            wrong.append(f"request {i}: the watchers did not see {key}")
            continue
        missed, shown = on_replica[key]
        lags.append((missed - on_primary[key][1], shown - on_primary[key][0]))
        if not (on_primary[key][1] + SLACK_US >= int(r["start_us"]) and
                on_primary[key][0] - SLACK_US <= int(r["wrote_us"])):
            wrong.append(f"request {i}: on the primary within {on_primary[key]}, outside start..wrote")
        why = look_wrong(r, missed, shown, told) if not barrier else barrier_wrong(r, missed, shown, told)
        if why:
            wrong.append(f"request {i}: {why}, by the watcher there within ({missed}, {shown}]")
        if r["visible_us"]:
            low = int(r["missed_us"] or r["asked_us"]) if r["class"] == "inconsistent" else 0
            if shown + SLACK_US < low or missed - SLACK_US > int(r["visible_us"]):
                wrong.append(f"request {i}: visible within ({low}, {r['visible_us']}], by the watcher ({missed}, {shown}]")
            if int(r["visible_us"]) - int(r["start_us"]) < min_lag_us - SLACK_US:
                wrong.append(f"request {i}: visible {int(r['visible_us']) - int(r['start_us'])} us after its writer began")
        if shown - int(r["start_us"]) < min_lag_us - SLACK_US:
            wrong.append(f"request {i}: the watcher had it {shown - int(r['start_us'])} us after its writer began")
    if not lags or sum(told.values()) < len(records) / 2:
        wrong.append(f"too little to hold against each other: {len(lags)} posts watched, {told} told")
    if barrier and n["inconsistent"]:
        wrong.append(f"{n['inconsistent']} residual inconsistencies behind the barrier")
    lags.sort()
    middle = lags[len(lags) // 2] if lags else (0, 0)
    print(f"{len(records)} records: {n}; the watcher tells of {told[True]} that they are found, of {told[False]} "
          f"that they are not; lag p50 within {middle[0]}..{middle[1]} us")
    for line in wrong[:20]:
        print(line)
    sys.exit(1 if wrong else 0)


main()

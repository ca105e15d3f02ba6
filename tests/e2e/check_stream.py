#!/usr/bin/python3
"""Holds the delivery of a gathered run's notifications against the sandbox's truth log.

Usage: check_stream.py RUN TRUTH LAG_MS [--table NAME] [--tries N] [--batch N]

Each request's notification was written once, came into the reader's stream LAG_MS or more after it was
applied there, was taken by the reader after that and by one successful invocation, and the records of a key
and of a shard were delivered in their order.
"""
import argparse
import collections
import csv
import json
import sys

ROUNDING_US = 2


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("run")
    parser.add_argument("truth")
    parser.add_argument("lag_ms", type=float)
    parser.add_argument("--table", default="notifications")
    parser.add_argument("--tries", type=int, default=1, help="deliveries of a record at most")
    arguments = parser.parse_args()
    writes, delivered, shards = {}, collections.defaultdict(list), collections.defaultdict(list)
    with open(arguments.truth, encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            if event["op"] == "write" and event.get("table") == arguments.table:
                writes.setdefault(event["key"], []).append(event)
            elif event["op"] == "deliver" and event["service"] == "dynamodb":
                delivered[event["key"]].append(event)
                shards[event["shard"]].append(event)
    wrong = []
    tries = 0
    with open(arguments.run + "/records.csv", newline="", encoding="utf-8") as file:
        records = list(csv.DictReader(file))
    for r in records:
        key = r["key"]
        if len(writes.get(key, [])) != 1 or not delivered[key]:
            wrong.append(f"request {r['i']}: {len(writes.get(key, []))} writes, {len(delivered[key])} deliveries")
            continue
        write, first, last = writes[key][0], delivered[key][0], delivered[key][-1]
        tries = max(tries, len(delivered[key]))
        if write["streamed_us"] < write["applied_us"] + arguments.lag_ms * 1000 - ROUNDING_US:
            wrong.append(f"request {r['i']}: in the stream {write['streamed_us'] - write['applied_us']} us after applied")
        if first["at_us"] < write["streamed_us"] - ROUNDING_US:
            wrong.append(f"request {r['i']}: delivered {write['streamed_us'] - first['at_us']} us too early")
        if int(r["seen_us"]) < last["at_us"] - ROUNDING_US or int(r["seen_us"]) < write["streamed_us"] - ROUNDING_US:
            wrong.append(f"request {r['i']}: seen before it was delivered")
        if int(r["seen_us"]) - int(r["noted_us"]) < arguments.lag_ms * 1000 - ROUNDING_US:
            wrong.append(f"request {r['i']}: seen {int(r['seen_us']) - int(r['noted_us'])} us after noted")
        if [d["try"] for d in delivered[key]] != list(range(first["try"], first["try"] + len(delivered[key]))):
            wrong.append(f"request {r['i']}: tries {[d['try'] for d in delivered[key]]}")
    if tries > arguments.tries:
        wrong.append(f"a record was delivered {tries} times")
    for shard, events in shards.items():
        messages = [int(e["message"]) for e in events if e["try"] == 1]
        if messages != sorted(set(messages)):
            wrong.append(f"shard {shard}: not in order")
    if not records:
        wrong.append("no records")
    print(f"{len(records)} records over {len(shards)} shards, {tries} tries at most")
    for line in wrong[:20]:
        print(line)
    sys.exit(1 if wrong else 0)


main()

#!/usr/bin/python3
"""Holds a gathered run against the faults of functions in the sandbox's truth log, request by request.

Usage: check_faults.py RUN TRUTH FAULTS_JSON

An independent reading: nothing of xcybench's own code takes part. Exits 1 with what differs.
"""
import collections
import csv
import json
import sys

# What the generator must say of a request whose writer was struck, and what of its own words to find.
EXPECTED = {
    "functions.writer_crashed": ("function_error", "signal: Killed"),
    "functions.writer_timed_out": ("function_error", "timed out"),
    "functions.writer_garbage": ("bad_reply", ""),
}
LATE_US = 3_000_000  # what is delivered again so shortly before the end, gather need not have awaited


def main():
    run, truth, counters = sys.argv[1:4]
    wrong = []
    n_lines = collections.Counter()
    writer, reader = {}, collections.defaultdict(list)
    last_us = 0
    with open(truth, encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            last_us = max(last_us, line.get("at_us", 0))
            if line["op"] != "fault" or not line["fault"].startswith("functions."):
                continue
            n_lines[line["fault"]] += 1
            for i in line["requests"]:
                if line["function"] == "writer":
                    writer[i] = line
                else:
                    reader[i].append(line)
    with open(counters, encoding="utf-8") as file:
        functions = json.load(file)["functions"]
    for name, count in functions.items():
        name = "functions." + name
        if count["injected"] != n_lines[name]:
            wrong.append(f"{name}: counted {count['injected']}, logged {n_lines[name]}")
        if count["setting"] > 0 and n_lines[name] == 0:
            wrong.append(f"{name} never struck: the test says nothing")
    with open(run + "/requests.csv", newline="", encoding="utf-8") as file:
        requests = {int(r["i"]): r for r in csv.DictReader(file)}
    for i, r in requests.items():
        fault = writer.get(i)
        outcome, words = EXPECTED[fault["fault"]] if fault else ("ok", "")
        if r["outcome"] != outcome or words not in r["reason"]:
            wrong.append(f"request {i}: {r['outcome']} ({r['reason']}), but {fault}")
    evaluations = collections.Counter()
    with open(run + "/evaluations.jsonl", encoding="utf-8") as lines:
        for line in lines:
            evaluations[json.loads(json.loads(line)["body"])["i"]] += 1
    n_doubles = 0
    for i in requests:
        faults = [f["fault"] for f in reader[i]]
        if not faults and evaluations[i] > 1:
            wrong.append(f"request {i}: {evaluations[i]} evaluations without a cause")
        if not faults and i not in writer and evaluations[i] != 1:
            wrong.append(f"request {i}: {evaluations[i]} evaluations, and nothing was struck")
        if faults == ["functions.reader_delivered_twice"] and reader[i][0]["at_us"] < last_us - LATE_US:
            n_doubles += 1
            if evaluations[i] != 2:
                wrong.append(f"request {i}: delivered twice, but {evaluations[i]} evaluations")
    if n_doubles == 0:
        wrong.append("no request was delivered twice and spared otherwise: the test says nothing")
    print(f"{len(requests)} requests, struck: {dict(n_lines)}, {n_doubles} delivered twice")
    print("\n".join(wrong[:20]))
    sys.exit(1 if wrong else 0)


main()

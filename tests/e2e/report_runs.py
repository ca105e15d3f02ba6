#!/usr/bin/python3
"""Gathered runs and a campaign's journal as a report's test needs them, made of a run of scripts/bench/records.

    report_runs.py phase RUN                  its inconsistent reads come first, then the others
    report_runs.py set RUN KEY VALUE...       keys of run.yml
    report_runs.py journal FOLDER NAME RUN_SUMMARY...   FOLDER/journal.jsonl: a round of two cells: the runs given
        (folder and analyze's JSON, joined by '='), one whose folder is gone, one that failed, one to do
"""
import csv
import json
import sys

GAP_US = 100  # between requests, of scripts/bench/records
EVIL = '<script>evil = 1</script><img src=x onerror="evil = 2">'


def phase(run):
    """Requests change places, and all their stamps move with them."""
    with open(f"{run}/records.csv", encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        names, rows = reader.fieldnames, list(reader)
    rows.sort(key=lambda row: row["class"] != "inconsistent")
    for place, row in enumerate(rows):
        moved_us = (place - int(row["i"])) * GAP_US
        row["i"] = place
        for name in names:
            if name.endswith("_us") and row[name]:
                row[name] = int(row[name]) + moved_us
    with open(f"{run}/records.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def set_keys(run, *words):
    with open(f"{run}/run.yml", encoding="utf-8") as file:
        lines = file.read().splitlines()
    for key, value in zip(words[::2], words[1::2]):
        at = next(i for i, line in enumerate(lines) if line.startswith(f"{key}:"))
        lines[at] = f"{key}: {json.dumps(value)}"
    with open(f"{run}/run.yml", "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def journal(folder, name, *runs):
    cells = [{"post_storage": "dynamo", "notification_storage": "sns", "consistency": consistency, "delay_ms": 0,
              "rounds": 3, "requests": 2000, "rate_per_s": 0, "warmup_s": 0, "async": False, "as_published": False,
              "post_bytes": 0, "visibility": None, "loadgen": []} for consistency in ("none", "antipode")]
    ended = []
    for run in runs:
        path, summary = run.split("=")
        with open(summary, encoding="utf-8") as file:
            ended.append((path, json.load(file)))
    ended.append(("runs/gone", ended[0][1]))
    order = [[1 + i // 2, i % 2] for i in range(len(ended) + 2)]
    at = "2026-11-22T07:00:00Z"
    events = [{"event": "began", "v": 1, "at": at, "name": name, "digest": "0" * 64, "seed": 7, "cells": cells,
               "runs": order}]
    for n, (path, summary) in enumerate(ended, 1):
        events.append({"event": "started", "n": n, "at": at, "log": f"logs/{n}.log"})
        events.append({"event": "ended", "n": n, "at": at, "ok": True, "valid": summary["is_valid"],
                       "reason": summary["problem"], "folder": path, "took_s": 1.5 + n,
                       "throughput_per_s": 199.25 + n, "summary": summary})
    n = len(ended) + 1
    events.append({"event": "started", "n": n, "at": at, "log": f"logs/{n}.log"})
    events.append({"event": "ended", "n": n, "at": at, "ok": False, "valid": False, "reason": EVIL, "folder": "",
                   "took_s": 0.5})
    with open(f"{folder}/journal.jsonl", "w", encoding="utf-8") as file:
        file.writelines(json.dumps(event) + "\n" for event in events)


{"phase": phase, "set": set_keys, "journal": journal}[sys.argv[1]](*sys.argv[2:])

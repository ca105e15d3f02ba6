#!/usr/bin/python3
"""Holds analyze's bounds of clocks against the clocks that the sandbox gave to the processes.

Usage: check_clocks.py ANALYZE_JSON TRUTH

Of each instance that analyze lists, the true difference from the generator's clock (which is the machine's) at
the instant named must lie within the interval. An independent reading. Exits 1 with what differs.
"""
import json
import sys

ROUNDING_US = 2


def ahead_us(clock, at_us):
    """Of an instance's clock, at an instant that it tells itself."""
    ahead = clock["offset_us"]
    for _ in range(3):  # the instant on the machine's clock, and back
        since_us = at_us - ahead - clock["at_us"]
        ahead = clock["offset_us"] + clock["drift_ppm"] * 1e-6 * since_us
    return ahead


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        run = json.load(file)
    with open(sys.argv[2], encoding="utf-8") as lines:
        clocks = {c["instance"]: c for c in map(json.loads, lines) if c["op"] == "clock"}
    wrong, widths, seen = [], [], set()
    for interval in run["clocks"]:
        clock = clocks.get(interval["instance"])
        if not clock:
            wrong.append(f"{interval['instance']}: the sandbox gave no process such a clock")
            continue
        seen.add(clock["function"])
        low, high = interval["low_us"], interval["high_us"]
        truth = ahead_us(clock, interval["at_us"])
        if low is None or high is None:
            wrong.append(f"{clock['function']} {interval['instance']}: no bounds, {low}..{high} us")
        elif not low - ROUNDING_US <= truth <= high + ROUNDING_US:
            wrong.append(f"{clock['function']} {interval['instance']}: {low}..{high} us, the truth is {truth:.1f}")
        else:
            widths.append(high - low)
    if seen != {"writer", "reader"}:
        wrong.append(f"clocks of {sorted(seen)} only: the test says nothing of the others")
    if len({c["offset_us"] for c in clocks.values()}) < 2 or len(clocks) < 2:
        wrong.append("the clocks do not differ: the test says nothing")
    print(f"{len(widths)} instances within their bounds, {min(widths, default=0):.0f}..{max(widths, default=0):.0f} us "
          f"wide; offsets {min(c['offset_us'] for c in clocks.values())}..{max(c['offset_us'] for c in clocks.values())} us")
    print("\n".join(wrong[:20]))
    sys.exit(1 if wrong else 0)


main()

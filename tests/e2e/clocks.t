#!/bin/sh
# Clocks of a run of real processes are set apart afterwards: on one machine it is known what they were.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
cd "$work"

# altered NAME PYTHON: a copy of the run, $work/NAME, whose records `rows` were changed so.
altered() {
    rm -rf "${work:?}/$1"
    cp -r "$run/." "$work/$1"
    $python - "$work/$1/records.csv" <<E2
import collections, csv, random, sys
rows = list(csv.DictReader(open(sys.argv[1])))
columns = {"writer": ["start", "wrote", "noted", "ended"],
           "reader": ["seen", "ready", "asked", "read", "missed", "visible", "reported"]}
def put_forward(row, domain, us):
    for name in columns[domain]:
        if row[name + "_us"] not in ("", "0"):
            row[name + "_us"] = str(int(row[name + "_us"]) + us)
$2
out = csv.DictWriter(open(sys.argv[1], "w", newline=""), rows[0].keys(), lineterminator="\n")
out.writeheader()
out.writerows(rows)
E2
}

# agrees TRUTH MOVED: every figure of the run as it was, within the bounds of the one whose clocks were moved.
agrees() {
    $python - "$1" "$2" <<'E2'
import json, sys
true, moved = (json.load(open(p + "/summary.json"))["metrics"] for p in sys.argv[1:])
n = needed = 0
for name, metric in true.items():
    for q in ("p50", "p90", "p99"):
        if q not in metric:
            continue
        was, now = metric[q], moved[name][q]
        if not metric["crosses_clocks"]:
            assert was == now and now["clock_low_ms"] == now["clock_high_ms"] == 0, (name, q)
            continue
        n += 1
        if now["is_left_censored"] or now["low_ms"] == 0 or now["is_right_censored"]:
            continue
        low, high = now["low_ms"] + now["clock_low_ms"], now["high_ms"] + now["clock_high_ms"]
        assert low <= was["low_ms"] and was["high_ms"] <= high, (name, q, low, was, high)
        needed += abs(now["high_ms"] - was["high_ms"]) > 1
assert n == 9, n
assert needed >= 3, needed  # without bounds these are wrong
E2
}

deployment "$work/plain.yml" "  dynamo: {table: posts, replication: 60, settle: 5, writer_leg: 1, reader_leg: 1}
  sns: {topic: notifications, delivery: 40}"
start_sandbox "$work/plain.yml"
check 'a run is gathered beside the load' measure sync -r 200 --rate 100
check 'and analyzed' ran "$bin/analyze" "$run"
check 'with all its processes bounded' sh -c "grep -q 'processes, drift up to 200 ppm allowed\$' out && ! grep -q unbounded out"
check 'plot bounds its median' $python - "$bin" "$run" <<'E2'
import json, subprocess, sys
open("plots.yml", "w").write("consistency_window:\n  gather_paths:\n  - " + sys.argv[2] + "\n")
out = subprocess.run([sys.argv[1] + "/plot", "plots.yml", "--json", "--root", "/"], capture_output=True, check=True).stdout
row = json.loads(out)["consistency_window"][0]
p50 = json.load(open(sys.argv[2] + "/summary.json"))["metrics"]["window_as_published"]["p50"]
assert row["original_clock_low_ms"] < 0 < row["original_clock_high_ms"], row
# Medians of whole milliseconds, and of ranks that may be one apart.
top = row["original_median_exact_ms"] + row["original_clock_high_ms"]
assert top >= p50["high_ms"], (top, p50)
E2

check 'each clock is off by up to 50 ms' altered apart '
by = {}
for row in rows:
    for domain in columns:
        name = row[domain + "_instance"]
        by.setdefault(name, random.Random("7" + name).randint(-50000, 50000))
        put_forward(row, domain, by[name])'
check 'and analyzed' ran "$bin/analyze" apart
check 'what is true is within the bounds' agrees "$run" apart

check 'a writer is put forward by 100 ms at its half' altered stepped '
name = collections.Counter(r["writer_instance"] for r in rows).most_common(1)[0][0]
own = [r for r in rows if r["writer_instance"] == name and r["ended_us"] not in ("", "0")]
us = lambda r, a, b: int(r[a + "_us"]) - int(r[b + "_us"])
half = len(own) // 2
width = sum(min(us(r, "start", "sent") for r in side) + min(us(r, "acked", "ended") for r in side)
            for side in (own[:half], own[half:]))
for row in own[half:]:
    put_forward(row, "writer", max(100000, 2 * width)) # noise widens bounds
open("stepped.name", "w").write(name)'
check 'that is not valid' is_code 3 "$bin/analyze" stepped
check 'and said in one line' says "stepped, or drifted beyond 200 ppm: what requests"
check 'of that writer' sh -c 'grep -q "of instance $(cat stepped.name) contradicts by" err'
check 'also for machines' is_code 3 "$bin/analyze" stepped --json
check 'by name' $python -c 'import json
s = json.load(open("out"))
assert not s["is_valid"] and s["clock_steps"] == 1 and s["clock_step"]["instance"] == open("stepped.name").read(), s["clock_step"]
assert s["clock_step"]["by_ms"] > 0'

check 'one read is before its notification' altered disordered '
rows[7]["read_us"] = str(int(rows[7]["seen_us"]) - 5000)'
check 'that is not valid' is_code 3 "$bin/analyze" disordered
check 'and said in one line' says '1 records have their points in an impossible order; the first is request 7: read'
check 'for machines too' is_code 3 "$bin/analyze" disordered --json
check 'with its points' $python -c 'import json
s = json.load(open("out"))
assert s["disordered"] == 1 and [d["i"] for d in s["disorders"]] == [7], s["disorders"]
assert s["disorders"][0]["after"] == "read" and s["disorders"][0]["by_ms"] >= 5'

check 'gather did not run beside the load' altered later '
for row in rows:
    row["flags"] = "+".join(f for f in row["flags"].split("+") if f != "got-live")'
check 'and analyzed' ran "$bin/analyze" later
check 'which is said' grep -q 'not bounded from below (gather did not run beside the load' out
check 'beside the figures' grep -q 'unbounded above/-' out
check 'the lower bounds are there still' $python -c 'import json
s = json.load(open("later/summary.json"))
p50 = s["metrics"]["notification_latency"]["p50"]
assert p50["clock_high_ms"] is None and p50["clock_low_ms"] < 0, p50
assert s["clock_unbounded_below"] > 0 and s["clock_unbounded_above"] == 0'

check 'an asynchronous run is gathered beside the load' measure async -r 100 --rate 100 --async
check 'and analyzed' ran "$bin/analyze" "$run"
check 'with all its processes bounded, too' sh -c "grep -q 'processes, drift up to 200 ppm allowed\$' out && ! grep -q unbounded out"
check 'the sandbox ends when asked' stop_sandbox
finish

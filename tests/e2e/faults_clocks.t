#!/bin/sh
# Clocks that are wrong on purpose: analyze bounds each of them rightly, and notices one that steps.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

deployment_of_clocks() {
    deployment "$1" '  dynamo: {table: posts, replication: 5, writer_leg: 1, reader_leg: 1}
  sns: {topic: notifications, delivery: 5}' "faults:
  clocks: $2"
}
# analyzed CODE: how it ended; its words in $work/analysis.json.
analyzed() {
    is_code "$1" "$bin/analyze" --json "$run" && cp "$work/out" "$work/analysis.json"
}
within() {
    $python "$here/check_clocks.py" "$work/analysis.json" "$truth"
}
announced() {
    grep -q 'the clock is wrong on purpose: instance=' "$work/functions.log"
}
stepped() {
    $python -c 'import json, sys
run = json.load(open(sys.argv[1]))
truth = [json.loads(line) for line in open(sys.argv[2])]
steps = {f["instance"] for f in truth if f["op"] == "fault" and f["fault"] == "clocks.reader_step_ms"}
torn = {c["instance"] for c in run["clocks"] if c["stepped"]}
assert all(c["low_us"] is c["high_us"] is None for c in run["clocks"] if c["stepped"])
print(run["problem"], run["clock_steps"], steps, torn)
assert not run["is_valid"] and run["clock_steps"] == len(torn) > 0
assert "clocks stepped" in run["problem"]
assert torn <= steps' "$work/analysis.json" "$truth"
}
balanced() {
    "$bin/sandbox" faults --json -c "$config" --port "${endpoint##*:}" >"$work/faults.json"
    $python -c 'import json, sys
clocks = json.load(open(sys.argv[1]))["clocks"]
truth = [json.loads(line) for line in open(sys.argv[2])]
for role in "writer", "reader":
    given = [c for c in truth if c["op"] == "clock" and c["function"] == role]
    for name, key in ("offset_ms", "offset_us"), ("drift_ppm", "drift_ppm"):
        counted = clocks[role + "_" + name]["injected"]
        assert counted == (len(given) if clocks[role + "_" + name]["setting"] else 0), (role, name, counted, given)
    name = "clocks." + role + "_step_ms"
    logged = sum(f["op"] == "fault" and f["fault"] == name for f in truth)
    assert clocks[role + "_step_ms"]["injected"] == logged, (role, logged)' "$work/faults.json" "$truth"
}

deployment_of_clocks "$work/offset.yml" '{writer_offset_ms: 50, writer_drift_ppm: 100, reader_offset_ms: 50, reader_drift_ppm: 100}'
start_sandbox "$work/offset.yml" --function-log "$work/functions.log"
check 'a run over clocks 50 ms and 100 ppm off is gathered' measure offset -r 240 --rate 40
check 'each process said that its clock is wrong' announced
check 'the run is valid' analyzed 0
check 'and each clock lies within the bounds that analyze gives it' within
check 'the counters agree with the log' balanced
check 'the sandbox ends when asked' stop_sandbox

deployment_of_clocks "$work/step.yml" '{reader_step_ms: 100, reader_step_after_s: 4}'
start_sandbox "$work/step.yml"
check 'a run amid which clocks step by 100 ms is gathered' measure step -r 200 --rate 25
check 'analyze calls the run not valid' analyzed 3
check 'for the clocks that stepped, and no other' stepped
check 'the counters agree with the log' balanced
check 'the sandbox ends when asked' stop_sandbox
check 'and nothing of it is left' nothing_left
finish

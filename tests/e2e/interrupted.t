#!/bin/sh
# Killed, interrupted, full: nothing is lost and nothing is counted twice.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

# shellcheck disable=SC2016 # the program's own words
sums='import csv, json, os, struct, sys
run, truth = sys.argv[1:3]
records = list(csv.DictReader(open(run + "/records.csv")))
invoked = {}
for line in open(truth):
    event = json.loads(line)
    if event["op"] == "write":
        invoked[event["key"]] = invoked.get(event["key"], 0) + 1
evals = [json.loads(json.loads(line)["body"])["xcy"]["eval"] for line in open(run + "/evaluations.jsonl")]
sent = [us for (us,) in struct.iter_unpack("<q", open(run + "/sent.bin", "rb").read())]
n = {}
for r in records:
    n[r["class"]] = n.get(r["class"], 0) + 1
assert len(records) == len(sent), (len(records), len(sent))
assert len({r["i"] for r in records}) == len(records)
'
count() {
    $python -c "$sums
$1" "$run" "$truth" || {
        cat "$work/gather.out" "$work/gather.err" | tail -n 5
        return 1
    }
}
lines() {
    wc -l <"$1" 2>/dev/null || echo 0
}
has_lines() {
    [ "$(lines "$1")" -ge "$2" ]
}
start_load() {
    runs=$work/runs-$1
    shift
    "$bin/loadgen" -c "$config" -o "$runs" "$@" >"$work/loadgen.out" 2>"$work/loadgen.err" &
    load_pid=$!
    pids="$pids $load_pid"
    await test -s "$runs/latest/run.yml"
    run=$runs/$(readlink "$runs/latest")
}
end_load() {
    load_code=0
    wait "$load_pid" || load_code=$?
    pids=$(echo "$pids" | sed "s/ $load_pid//")
}
gather() {
    "$bin/gather" -o "$runs" "$run" "$@" >"$work/gather.out" 2>"$work/gather.err"
}
# kill_gather LINES: kills gather, without warning, once the journal has so many lines.
kill_gather() {
    "$bin/gather" -o "$runs" "$run" >/dev/null 2>&1 &
    gather_pid=$!
    await has_lines "$run/evaluations.jsonl" "$1"
    kill -KILL "$gather_pid"
    wait "$gather_pid" || true
}

deployment "$work/local.yml" '  dynamo: {table: posts, replication: 30, writer_leg: 1, reader_leg: 1}
  sns: {topic: notifications, delivery: {model: uniform, low_ms: 5, high_ms: 60}}'
start_sandbox "$work/local.yml"

start_load kill-gather -r 400 --rate 80
for at in 1 40 130 250 390; do
    kill_gather "$at"
done
end_load
check 'gather ends well after being killed five times' gather
check 'every request has its evaluation, each counted once' count '
assert n.get("consistent", 0) + n.get("inconsistent", 0) == 400, n
assert len(set(evals)) == 400, len(set(evals))'
cp "$run/records.csv" "$work/before.csv"
printf '{"at_us":1795100000000000,"mess' >>"$run/evaluations.jsonl"
check 'a torn last line of the journal does not stop it' gather
check 'and gathering again changes nothing' cmp "$work/before.csv" "$run/records.csv"

start_load kill-loadgen -r 2000 --rate 100
await has_lines "$run/requests.csv" 60
kill -KILL "$load_pid"
end_load
check 'a run whose generator was killed is gathered' gather
check 'what was sent is known, to the slot, and the sum is whole' count '
was_sent = [i for i, us in enumerate(sent) if us]
assert 60 <= len(was_sent) < 2000, len(was_sent)
skipped = [int(r["i"]) for r in records if r["class"] == "skipped"]
assert sorted(was_sent + skipped) == list(range(2000))
keys = {r["key"] for r in records if r["class"] in ("consistent", "inconsistent")}
assert len(keys) >= 60 - 1 and keys <= set(invoked)'

check 'analyze calls it not valid' is_code 3 "$bin/analyze" -o "$runs" "$run"
check 'and says why' says 'did not end in order'

start_load interrupt -r 2000 --rate 100
await has_lines "$run/requests.csv" 60
kill -INT "$load_pid"
end_load
check 'loadgen, interrupted, ends with 130' test "$load_code" -eq 130
check 'and says so' grep -qi 'interrupted' "$work/loadgen.err"
check 'the run is gathered' gather
check 'it is complete for what was sent' count '
was_sent = sum(1 for us in sent if us)
assert 60 <= was_sent < 2000
assert n.get("skipped", 0) == 2000 - was_sent, n
assert n.get("consistent", 0) + n.get("inconsistent", 0) == was_sent, n'

check 'the sandbox ends when asked' stop_sandbox
check 'nothing of it is left' nothing_left
finish

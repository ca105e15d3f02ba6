#!/bin/sh
# Killed without warning at twenty random instants each, loadgen and gather: every evaluation that reached the
# queue is in exactly one run, once, and every sum is whole.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

kills=20
# instants SEED LEAST MOST: so many durations in seconds, a line each.
instants() {
    $python -c 'import random, sys
random.seed(int(sys.argv[1]))
for _ in range(int(sys.argv[4])):
    print(f"{random.uniform(float(sys.argv[2]), float(sys.argv[3])):.3f}")' "$1" "$2" "$3" "$kills"
}
# books CODE: python over records (of each run), evals (of each journal), sent (of each sent.bin), and delivered:
# what the sandbox handed to readers.
books() {
    $python -c 'import csv, glob, json, os, struct, sys
truth, root = sys.argv[1:3]
delivered = sum(1 for line in open(truth) if json.loads(line)["op"] == "deliver")
records, evals, sent = {}, {}, {}
for run in glob.glob(root + "/*/*/"):
    if os.path.exists(run + "records.csv"):
        records[run] = list(csv.DictReader(open(run + "records.csv")))
        sent[run] = [us for (us,) in struct.iter_unpack("<q", open(run + "sent.bin", "rb").read())]
    if os.path.exists(run + "evaluations.jsonl"):
        evals[run] = [json.loads(json.loads(line)["body"])["xcy"]["eval"] for line in open(run + "evaluations.jsonl")]
every = [e for run in evals for e in set(evals[run])]
'"$1" "$truth" "$runs"
}
kill_after() {
    sleep "$1" # the instant itself, drawn at random
    kill -KILL "$2" 2>/dev/null || true
    wait "$2" 2>/dev/null || true
}

deployment "$work/local.yml" '  dynamo: {table: posts, replication: 30, writer_leg: 1, reader_leg: 1}
  sns: {topic: notifications, delivery: {model: uniform, low_ms: 5, high_ms: 60}}'
start_sandbox "$work/local.yml" --slots 8

instants 1 0.02 0.9 >"$work/instants"
start_load gather -r 1500 --rate 100
while read -r instant; do
    "$bin/gather" -o "$runs" "$run" >/dev/null 2>&1 &
    kill_after "$instant" $!
done <"$work/instants"
check 'the load has ended' end_load
check "gather ends well after it was killed $kills times" is_code 0 "$bin/gather" -o "$runs" "$run"
check 'each evaluation that a reader was to make is there, once' books '
assert len(every) == len(set(every)) == delivered == 1500, (len(every), len(set(every)), delivered)
[rows] = records.values()
assert sorted(int(r["i"]) for r in rows) == list(range(1500))
assert all(r["class"] in ("consistent", "inconsistent") for r in rows)'
check 'the sandbox ends when asked' stop_sandbox

start_sandbox "$work/local.yml" --slots 8
runs=$work/runs-loadgen
instants 2 0.05 2 >"$work/instants"
while read -r instant; do
    "$bin/loadgen" -c "$config" -o "$runs" -r 300 --rate 150 --leftovers-ok >/dev/null 2>"$work/loadgen.err" &
    kill_after "$instant" $!
done <"$work/instants"
# All at once, on the one queue: each takes its own and leaves the others theirs.
gathers=''
for run in "$runs"/*/*/; do
    "$bin/gather" -o "$runs" "$run" >"$run/told" 2>&1 &
    gathers="$gathers $!"
done
codes=''
for gather in $gathers; do
    code=0
    wait "$gather" || code=$?
    codes="$codes $code"
done
all_ended() {
    echo "exit codes:$codes"
    tail -n 2 "$runs"/*/*/told
    # 0, or 1 of a run that was killed before it had a run.yml.
    ! echo "$codes" | tr ' ' '\n' | grep -v '^[01]\{0,1\}$'
}
check "$kills runs whose loadgen was killed are gathered side by side" all_ended
# So many are in each other's way: one may have given up for a while what is still in the queue.
once_more() {
    for run in "$runs"/*/*/; do
        [ ! -e "$run/records.csv" ] || "$bin/gather" -o "$runs" "$run" >"$run/told" 2>&1 || return 1
    done
}
check 'and once more, one after the other' once_more
check 'every evaluation is in exactly one of them, once' books '
assert delivered > 0 and len(every) == len(set(every)) == delivered, (len(every), len(set(every)), delivered)'
check 'each run knows, to the slot, what was sent, and has one line and one class for each' books '
assert len(records) >= 10, len(records)
for run, rows in records.items():
    assert sorted(int(r["i"]) for r in rows) == list(range(len(sent[run]))), run
    skipped = {int(r["i"]) for r in rows if r["class"] == "skipped"}
    assert skipped == {i for i, us in enumerate(sent[run]) if us == 0}, run'
check 'the sandbox ends when asked' stop_sandbox
check 'nothing of it is left' nothing_left
finish

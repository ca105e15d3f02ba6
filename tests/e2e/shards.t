#!/bin/sh
# Two generators that share one load: together their slots are the whole schedule, each sent by exactly
# one of them when it was due, and their sum is what one generator would have told.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
cd "$work"

schedule='--arrivals poisson --rate 200 -r 401 --warmup 300ms'

# start NAME OPTION...: in the background.
start() {
    name=$1
    shift
    "$bin/loadgen" -o "runs-$name" --engine sleep:5 --threads 1 --lag-bound-ms 60000 --json "$@" >"$name.json" \
        2>"$name.err" &
    pids="$pids $!"
    started="$started $!"
}
# Two shards of one load; the second once more, with too few allowed in flight; and what is none of it: of
# another rate, start, seed, or number of shards.
start_all() {
    at_s=$(($(date +%s) + $1))
    at=$at_s.250125
    started=''
    # shellcheck disable=SC2086 # the schedule is words
    {
        start a $schedule --seed 5 --start-at "$at" --shard 1/2
        start b $schedule --seed 5 --start-at "$at" --shard 2/2
        start full $schedule --seed 5 --start-at "$at" --shard 2/2 --max-in-flight 1
        start seed $schedule --seed 6 --start-at "$at" --shard 2/2
        start later $schedule --seed 5 --start-at "$at_s.250126" --shard 2/2
        start third $schedule --seed 5 --start-at "$at" --shard 2/3
    }
    start rate --arrivals poisson --rate 100 -r 401 --seed 5 --start-at "$at" --shard 2/2
}
# Only the one that was allowed too little says so.
all_ended_well() {
    worst=0
    for pid in $started; do
        code=0
        wait "$pid" || code=$?
        [ "$code" -eq 0 ] || [ "$code" -eq 3 ] || worst=$code
        pids=$(echo "$pids" | sed "s/ $pid//")
    done
    cat ./*.err
    [ "$worst" -eq 0 ]
}
# On a machine that is very busy the start may pass before they are ready: then a later one is asked for.
all_ran() {
    for lead_s in 3 15 60; do
        rm -rf runs-*
        start_all "$lead_s"
        if all_ended_well; then
            return 0
        fi
        grep -q 'passed while' ./*.err || return 1
    done
    return 1
}

# Slot by slot: the whole schedule as it is printed, the shards as they are printed, and as they were sent.
slots_are_the_whole() {
    $python - "$at" <<'END'
import csv
import sys
from fractions import Fraction

def printed(path):
    return [r for r in csv.reader(line for line in open(path) if line[0].isdigit())]

start_us = int(Fraction(sys.argv[1]) * 10**6)
whole = printed("whole")
assert len(whole) == 461 and sum(r[3] == "1" for r in whole) == 60
parts = printed("part-1") + printed("part-2")
assert sorted(r[1:] for r in parts) == sorted(r[1:] for r in whole)
keys = []
for shard, name in enumerate("ab"):
    manifest = open(f"runs-{name}/latest/run.yml").read().splitlines()
    assert f"started_us: {start_us}" in manifest and f"shard_index: {shard}" in manifest, manifest
    assert "shard_count: 2" in manifest and "seed: 5" in manifest
    rows = list(csv.DictReader(open(f"runs-{name}/latest/requests.csv")))
    assert sorted(int(r["i"]) for r in rows) == list(range(len(whole[shard::2])))
    for r in rows:
        _, _, due_s, warmup = whole[2 * int(r["i"]) + shard]
        due_us = start_us + Fraction(due_s) * 10**6
        assert int(r["due_us"]) == int(due_us) and r["warmup"] == warmup, (r, due_s)
        assert int(r["sent_us"]) >= int(r["due_us"])
    keys += [r["key"] for r in rows]
assert len(keys) == len(set(keys)) == 461
END
}

# Counts are sums; percentiles are those of all rows together, as near as a histogram's bucket and the
# rows' microseconds tell.
sum_is_exact() {
    $python - <<'END'
import csv, json, math
a, b, both = (json.load(open(path)) for path in ("a.json", "b.json", "out"))
for key in ("planned", "warmup_slots", "sent", "ok", "failed", "skipped", "skipped_late", "skipped_in_flight",
            "skipped_stopped", "late", "retries", "threads"):
    assert both[key] == a[key] + b[key], key
for key in ("outcomes", "warmup_outcomes"):
    assert both[key] == {name: a[key][name] + b[key][name] for name in a[key]}, key
assert both["planned"] == 461 and both["ok"] == 401 and both["warmup_slots"] == 60
assert both["rate_per_s"] == 200 and both["verdict"] == "VALID" and both["started_us"] == a["started_us"]
assert (both["shard_index"], both["shard_count"]) == (0, 1)

bits = json.load(open("runs-a/latest/latency.json"))["bits"]
rows = [r for name in "ab" for r in csv.DictReader(open(f"runs-{name}/latest/requests.csv")) if r["warmup"] == "0"]
for kind, start, end in (("response", "due_us", "acked_us"), ("service", "sent_us", "acked_us"), ("lag", "due_us", "sent_us")):
    found = both["latency"]["ok"][kind + "_us"]
    values = sorted(int(r[end]) - int(r[start]) for r in rows)
    assert found["count"] == len(values) == 401
    for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1)):
        true = values[math.ceil(share * len(values)) - 1]
        assert abs(found[name] - true) <= 1.5 + true / 2**bits, (kind, name, found[name], true)
    assert abs(found["mean"] - sum(values) / len(values)) <= 1.5, kind
sent = sorted(int(r["sent_us"]) for r in rows)
assert abs(both["achieved_rate_per_s"] * (sent[-1] - sent[0]) / 1e6 / 400 - 1) < 1e-3, both["achieved_rate_per_s"]
END
}

check 'several shards, which begin at one instant' all_ran
# shellcheck disable=SC2086 # the schedule is words
check 'the whole as it is printed' is_code 0 "$bin/loadgen" --dry-run $schedule --seed 5
mv out whole
tomorrow=$(($(date +%s) + 86400))
for i in 1 2; do
    # shellcheck disable=SC2086 # the schedule is words
    check "shard $i of it" is_code 0 "$bin/loadgen" --dry-run $schedule --seed 5 --start-at "$tomorrow" --shard "$i/2"
    mv out "part-$i"
done
check 'each slot was one shard'"'"'s, due when the whole schedule says, from exactly the instant asked for' slots_are_the_whole
check 'merged' is_code 0 "$bin/loadgen" merge --json runs-b/latest runs-a/latest
check 'counts are sums, and percentiles those of all requests' sum_is_exact
check 'for people, too' is_code 0 "$bin/loadgen" merge runs-a/latest runs-b/latest
check 'with the sums' grep -qx 'planned   461 = 60 warm-up + 401 ok + 0 failed + 0 skipped' out

check 'a shard that is not valid' is_code 3 "$bin/loadgen" merge runs-a/latest runs-full/latest
check 'makes the whole not valid, and is named' says 'the result is not valid: TARGET_LIMITED: runs-full/latest: '
check 'with what it skipped' grep -q '^planned   461 = 60 warm-up + [0-9]* ok + 0 failed + [1-9][0-9]* skipped$' out

check 'one shard alone' is_code 3 "$bin/loadgen" merge runs-a/latest
check 'lacks the other' says 'shard 2/2 was not given'
check 'and is reported as far as it goes' grep -q '^planned   231 = 30 warm-up' out
check 'one of three' is_code 3 "$bin/loadgen" merge runs-third/latest
check 'lacks two' says '2 of 3 shards were not given, the first of them 1/3'
check 'a shard twice' is_code 1 "$bin/loadgen" merge runs-a/latest runs-b/latest runs-a/latest
check 'is refused by name' says 'runs-a/latest and runs-a/latest are both shard 1/2'
for other in rate seed; do
    check "a shard of another $other" is_code 1 "$bin/loadgen" merge runs-a/latest "runs-$other/latest"
    check 'is refused' says "runs-a/latest and runs-$other/latest differ in the $other"
done
check 'a shard of a later run' is_code 1 "$bin/loadgen" merge runs-a/latest runs-later/latest
check 'is refused' says 'differ in the start'
check 'a shard of three' is_code 1 "$bin/loadgen" merge runs-a/latest runs-third/latest
check 'is refused' says 'differ in the number of shards'
check 'a run that is not there' is_code 1 "$bin/loadgen" merge runs-a/latest runs-none
check 'is named' says 'runs-none'
finish

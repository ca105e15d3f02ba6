#!/bin/sh
# How a run ends: met or missed, cut short, limited by this program or by the target, interrupted. Each
# time every planned request is counted exactly once, in the report, in run.yml and in the rows.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
cd "$work"

# A hundred thousand at one instant: no processor sends them within a millisecond.
crowd='--engine null --arrivals burst:100000 --rate 1000000 --threads 1'

# load OPTION...: from a lag bound that a busy machine keeps; the last one given counts.
load() {
    rm -rf runs
    "$bin/loadgen" --lag-bound-ms 60000 --json "$@"
}

# report_has CONDITION: a Python expression over the report, with `rows` of requests.csv; and the sums
# hold.
report_has() {
    $python - out runs/latest "$1" <<'END'
import csv, itertools, json, re, sys
r = json.load(open(sys.argv[1]))
path = sys.argv[2]
manifest = open(path + "/run.yml").read()
rows = list(csv.DictReader(open(path + "/requests.csv")))

def most_in_flight():
    steps = sorted([(int(row["acked_us"]), -1) for row in rows] + [(int(row["sent_us"]), 1) for row in rows])
    return max(itertools.accumulate(step for _, step in steps))

def run(key):
    return re.search(rf"^ *{key}: (.*)$", manifest, re.M).group(1)

outcomes, warmup = r["outcomes"], r["warmup_outcomes"]
assert r["planned"] == r["warmup_slots"] + r["ok"] + r["failed"] + r["skipped"], r
assert sum(warmup.values()) == r["warmup_slots"]
assert r["ok"] == outcomes["ok"] and r["skipped"] == outcomes["skipped"]
assert r["failed"] == sum(outcomes.values()) - r["ok"] - r["skipped"]
assert r["skipped"] == r["skipped_late"] + r["skipped_in_flight"] + r["skipped_stopped"]
assert r["rows_missing"] == 0 and r["retries"] == 0
for counts, mark in ((outcomes, "0"), (warmup, "1")):
    for name, count in counts.items():
        in_rows = sum(row["outcome"] == name and row["warmup"] == mark for row in rows)
        assert in_rows == (0 if name == "skipped" else count), (name, in_rows, count)
assert len({row["i"] for row in rows}) == len(rows)
for key in ("planned", "warmup_slots", "sent", "state", "verdict"):
    assert run(key) == str(r[key]), (key, run(key), r[key])
assert r["latency"].get("ok", {"response_us": {"count": 0}})["response_us"]["count"] == r["ok"]
assert eval(f"({sys.argv[3]})"), {key: r[key] for key in r if key not in ("latency", "outcomes", "warmup_outcomes")}
END
}

# interrupted SIGNAL OPTION...: once some requests have ended.
interrupted() {
    signal=$1
    shift
    rm -rf runs
    "$bin/loadgen" --lag-bound-ms 60000 --json "$@" >out 2>err &
    load_pid=$!
    pids="$pids $load_pid"
    await has_rows
    kill "-$signal" "$load_pid"
    code=0
    wait "$load_pid" || code=$?
    pids=$(echo "$pids" | sed "s/ $load_pid//")
    cat err
    [ "$code" -eq 130 ]
}
has_rows() {
    [ "$(wc -l <runs/latest/requests.csv)" -gt 20 ]
}
# Every one that was sent has its stamp and, since all in flight was waited for, its row.
all_is_kept() {
    $python - out runs/latest <<'END' || return 1
import csv, json, struct, sys
r = json.load(open(sys.argv[1]))
stamps = [s for (s,) in struct.iter_unpack("<q", open(sys.argv[2] + "/sent.bin", "rb").read())]
rows = {int(row["i"]): row for row in csv.DictReader(open(sys.argv[2] + "/requests.csv"))}
assert len(stamps) == r["planned"]
assert {i for i, us in enumerate(stamps) if us} == set(rows), len(rows)
assert all(int(row["sent_us"]) == stamps[i] for i, row in rows.items())
END
    for file in series.csv latency.json response.hgrm service.hgrm lag.hgrm; do
        [ -s "runs/latest/$file" ] || return 1
    done
}
is_told_of() {
    grep -qF -- "$1" err
}

check 'expectations that are met' is_code 0 load --engine sleep:2 --rate 200 -r 200 --warmup 100ms \
    --expect 'response.p99<60s,failed<1%' --expect 'response.min>1ms'
check 'are told with what was found' report_has 'r["ok"] == 200 and r["warmup_slots"] == 20 and r["verdict"] == "VALID" and
    [e["text"] for e in r["expectations"]] == ["response.p99<60s", "failed<1%", "response.min>1ms"] and
    all(e["state"] == "met" and e["found"] for e in r["expectations"]) and r["aborted_by"] is None'
check 'one that is missed' is_code 4 load --engine sleep:5 -r 50 --expect 'failed<1%' --expect 'response.p50<1ms'
check 'is named' is_told_of 'an expectation was not met: response.p50<1ms: '
check 'and the run is valid and complete all the same' report_has 'r["verdict"] == "VALID" and r["state"] == "complete" and
    [e["state"] for e in r["expectations"]] == ["met", "missed"]'
check 'one that too few requests can tell' is_code 4 load --engine sleep:5 -r 20 --expect 'response.p99<3600s'
check 'is not met either, and says why' report_has 'r["expectations"][0]["state"] == "unknown" and
    "too few for p99, which needs 100" in r["expectations"][0]["found"]'
check 'an expectation that is none' is_code 2 "$bin/loadgen" --engine null --expect 'respones.p99<1ms'
check 'is named' says "--expect: no metric is called 'respones.p99' (did you mean 'response.p99'?)"

check 'failures beyond what was allowed' is_code 4 load --url http://127.0.0.1:1/ --rate 100 --duration 10m --warmup 100ms \
    --abort-on 'failed>20%'
check 'end the run early, with a full report' report_has 'r["state"] == "interrupted" and r["aborted_by"] == "failed>20%" and
    r["planned"] == 60010 and 10 <= r["failed"] == r["outcomes"]["connect"] and r["warmup_outcomes"]["connect"] == 10 and
    r["sent"] < r["planned"] and r["skipped"] == r["skipped_stopped"] > 0'
check 'that says so' is_told_of 'stopped early by --abort-on failed>20%'
check 'a latency beyond what was allowed' is_code 4 load --engine sleep:5 --rate 100 --duration 10m --abort-on 'failed>20%' \
    --abort-on 'response.p50>1ms'
check 'likewise' report_has 'r["state"] == "interrupted" and r["aborted_by"] == "response.p50>1ms" and
    r["verdict"] == "VALID" and r["planned"] == 60000 and 10 <= r["ok"] == r["sent"] < r["planned"] and
    r["skipped"] == r["skipped_stopped"]'
check 'what does not come true lets the run be' is_code 0 load --engine sleep:5 --rate 100 -r 150 --abort-on 'failed>20%'
check 'to its end' report_has 'r["state"] == "complete" and r["ok"] == 150 and r["aborted_by"] is None'

# shellcheck disable=SC2086 # the crowd is words
check 'more at once than any processor can send' is_code 3 load $crowd -r 100000 --lag-bound-ms 1
check 'is the generator'"'"'s limit' report_has 'r["verdict"] == "GENERATOR_LIMITED" and "bound: 1 ms" in r["verdict_reason"] and
    r["ok"] == r["planned"] == 100000 and r["late"] > 1000 and r["start_lag_us"]["p99"] > 1000 and r["state"] == "complete"'
check 'and said to be' is_told_of 'the result is not valid: GENERATOR_LIMITED: '
# shellcheck disable=SC2086
check 'an expectation does not change that' is_code 3 load $crowd -r 100000 --lag-bound-ms 1 --expect 'failed>1%'
# shellcheck disable=SC2086
check 'slots that are skipped for lateness' is_code 3 load $crowd -r 200000 --late skip --late-after 20ms
check 'are counted, and the generator'"'"'s limit, too' report_has 'r["verdict"] == "GENERATOR_LIMITED" and
    "because their turn came more than 20 ms late" in r["verdict_reason"] and
    r["skipped_late"] == r["skipped"] > 2000 and r["ok"] == r["sent"] > 0 and r["start_lag_us"]["max"] <= 20000'

check 'more in flight than allowed' is_code 3 load --engine sleep:300 --rate 100 -r 100 --max-in-flight 5
check 'is the target'"'"'s limit' report_has 'r["verdict"] == "TARGET_LIMITED" and "5 requests were in flight" in r["verdict_reason"] and
    r["skipped_in_flight"] == r["skipped"] > 0 and most_in_flight() == 5 and r["ok"] == r["sent"] and r["state"] == "complete"'
check 'nothing but failures' is_code 1 load --url http://127.0.0.1:1/ -r 20
check 'is no result' report_has 'r["verdict"] == "NONE" and r["failed"] == 20 and r["outcomes"]["connect"] == 20'

for signal in INT TERM; do
    check "SIG$signal" interrupted "$signal" --engine sleep:200 --rate 100 --duration 10m --warmup 100ms
    check 'stops the sending, waits for what is in flight' report_has 'r["state"] == "interrupted" and
        r["planned"] == 60010 and r["ok"] == r["sent"] and r["skipped"] == r["skipped_stopped"] and r["failed"] == 0 and
        len(rows) == r["sent"] + 10'
    check 'and keeps everything' all_is_kept
    check 'as it says' is_told_of 'all that is known of them is saved in'
done
finish

#!/bin/sh
# The capacity search: a sandbox that takes 80 at a time, each for two seconds, takes 40 a second; and
# what is no answer is not told as one.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
cd "$work"

# Short steps, each with more than two seconds before it in which the writers fill up. Within 5 % of the limit four
# are free: a machine that stands still for 100 ms, and then lets all of that time go at once, does not move it.
find_max() {
    rm -rf runs
    is_code 0 "$bin/loadgen" find-max -c "$config" --slo 'failed<1%' --from 32 --to 64 --resolution 5 --step 3s \
        --confirm 5s --warmup 2400ms --pause 0 --lag-bound-ms 200 --json
}

# knee_is_found: the bracket against limit / service time, where the writers' own clocks tell the time; and
# every step against the rows of its run.
knee_is_found() {
    find_max && $python - out <<'END'
import csv, json, math, sys

LIMIT = 80
TIME_S = 2 # of each
report = json.load(open(sys.argv[1]))
assert (report["slo"], report["from_per_s"], report["to_per_s"]) == ("failed<1%", 32, 64)
assert (report["resolution"], report["step_s"], report["confirm_s"]) == (0.05, 3, 5)
assert report["end"] == "found" and report["error"] is None, report
lower, upper = report["lower_per_s"], report["upper_per_s"]
assert lower < upper and math.isclose(report["width"], upper / lower - 1) and report["width"] <= 0.05
assert report["is_lower_confirmed"] is True and report["is_upper_confirmed"] is True
assert f"between {lower:.5g}/s and {upper:.5g}/s" in report["answer"], report["answer"]

def rows_of(step):
    return [r for r in csv.DictReader(open(step["path"] + "/requests.csv")) if r["warmup"] == "0"]

for step in report["steps"]:
    assert set(step) == {"rate_per_s", "duration_s", "is_confirmation", "result", "achieved_per_s", "evidence", "path"}
    assert step["duration_s"] == (5 if step["is_confirmation"] else 3)
    rows = rows_of(step)
    assert abs(len(rows) - step["rate_per_s"] * step["duration_s"]) <= 1
    n_failed = sum(r["outcome"] != "ok" for r in rows)
    if step["result"] != "unfit":
        assert step["result"] == ("holds" if n_failed < 0.01 * len(rows) else "fails"), (step, n_failed)
        assert f"{n_failed} of {len(rows)}" in step["evidence"] or n_failed == len(rows), step
        assert step["evidence"] and step["achieved_per_s"] > 0
assert len({step["path"] for step in report["steps"]}) == len(report["steps"])

confirmed = {(s["rate_per_s"], s["result"]): s for s in report["steps"] if s["is_confirmation"]}
assert (upper, "fails") in confirmed
times_s = [(int(r["ended_us"]) - int(r["start_us"])) / 1e6 for r in rows_of(confirmed[lower, "holds"]) if r["outcome"] == "ok"]
service_s = sum(times_s) / len(times_s)
knee = LIMIT / service_s
print(f"{LIMIT} at a time, each for {service_s:.4f} s: {knee:.2f}/s; found {lower:.2f}..{upper:.2f}/s")
assert TIME_S <= service_s
assert lower <= 1.05 * knee and 0.95 * knee <= upper and lower <= LIMIT / TIME_S / 0.99
END
}
# unless_still COMMAND...: of a machine that stands still nothing can be found, but that. Then it is tried again, and
# says nothing in the end; a witness beside it tells such a machine. Sets $void to why.
unless_still() {
    for _ in 1 2 3; do
        void=''
        rm -f still_ms
        "$here/../support/stillness.py" "$work/still_ms" &
        witness_pid=$!
        pids="$pids $witness_pid"
        await test -s still_ms
        found=0
        "$@" || found=$?
        kill "$witness_pid"
        wait "$witness_pid" || true
        pids=$(echo "$pids" | sed "s/ $witness_pid//")
        [ "$found" -ne 0 ] || return 0
        [ "$(cat still_ms)" -gt 100 ] || return 1
        void="the machine stood still for $(cat still_ms) ms"
    done
}
# check_live SENTENCE COMMAND...
check_live() {
    sentence=$1
    shift
    check "$sentence" unless_still "$@"
    [ -z "$void" ] || echo "# it says nothing: $void"
}

# ends_as CONDITION: a Python expression over the report.
ends_as() {
    $python - out "$1" <<'END'
import json, os, sys
report = json.load(open(sys.argv[1]))
assert all(step["evidence"] and os.path.isfile(step["path"] + "/run.yml") for step in report["steps"]), report
steps = [step["result"] for step in report["steps"]]
assert eval(f"({sys.argv[2]})"), report
END
}
is_told_of() {
    grep -qF -- "$1" err
}
no_runs() {
    [ ! -e "$1" ]
}

# short NAME OPTION...: against an engine that needs no target.
short() {
    name=$1
    shift
    "$bin/loadgen" find-max -o "runs-$name" --step 500ms --confirm 500ms --warmup 0 --pause 0 --lag-bound-ms 60000 "$@"
}

# Stopped for more than half of the time: from the second step on responses are late by the generator's own
# fault, which the objective alone would call the target's.
falls_behind() {
    rm -rf runs-stopped
    "$bin/loadgen" find-max -o runs-stopped --engine sleep:1 --slo 'response.p90<100ms' --from 100 --to 1600 --step 500ms \
        --confirm 500ms --warmup 0 --pause 500ms --lag-bound-ms 150 --json >out 2>err &
    stopped_pid=$!
    pids="$pids $stopped_pid"
    await first_step_is_over
    while ! is_gone "$stopped_pid"; do
        ( # whoever interrupts the test does not leave it stopped
            trap '' INT TERM
            kill -STOP "$stopped_pid"
            sleep 0.4
            kill -CONT "$stopped_pid"
        )
        sleep 0.3
    done
    code=0
    wait "$stopped_pid" || code=$?
    pids=$(echo "$pids" | sed "s/ $stopped_pid//")
    cat err
    [ "$code" -eq 3 ]
}
first_step_is_over() {
    grep -q '^state: complete' runs-stopped/latest/run.yml
}

deployment local.yml '  dynamo: {table: posts, replication: 5}
  sns: {topic: notifications, delivery: 5}' 'delay_ms: 2000
visibility: off'
sed -i -e '/^writer:/s/concurrency_limit: 1000/concurrency_limit: 80, slots: 20/' -e '/^reader:/s/1000/1000, slots: 50/' local.yml
start_sandbox local.yml
check_live 'the knee is within 5 % of the limit by the service time, and every step is told truly' knee_is_found
check 'the sandbox ends when asked' stop_sandbox

check 'a rate beyond any processor' is_code 3 short fast --url http://127.0.0.1:1/ --slo 'failed<1%' --from 300000 --to 300000 \
    --threads 1 --step 100ms --confirm 100ms --lag-bound-ms 1 --json
check 'is never called a knee, though tried twice' ends_as 'report["end"] == "generator_limited" and
    steps == ["unfit", "unfit"] and report["upper_per_s"] is None and report["lower_per_s"] is None and
    report["width"] is None and not report["is_upper_confirmed"]'
check 'but the generator'"'"'s own limit' is_told_of 'the generator fell behind'
finds_no_knee() {
    falls_behind && ends_as 'report["end"] == "generator_limited" and
    report["upper_per_s"] is None and steps[0] == "holds" and "unfit" in steps and "fails" not in steps and
    report["lower_per_s"] >= 100 and "holds at " in report["answer"] and "perhaps at more" in report["answer"]'
}
check_live 'a generator that is kept from its work after the first step finds no knee in its own delay: the highest rate that held is told' finds_no_knee

check 'an objective that never holds' is_code 4 short never --engine sleep:20 --slo 'response.p50<10ms' --from 80 --to 160 --json
check 'is said not to' ends_as 'report["end"] == "never_held" and set(steps) == {"fails"} and
    report["lower_per_s"] is None and report["upper_per_s"] == min(step["rate_per_s"] for step in report["steps"])'
check 'in words, too' is_told_of 'the objectives held at no rate that was tried'
start_lambda flaky errors
check 'a target that answers quickly, 2 % of it with errors' is_code 4 short errors -c local.yml --slo 'response.p90<60s' \
    --from 200 --to 400 --json
check 'does not hold, though no objective was given for failures' ends_as 'report["end"] == "never_held" and
    report["slo"] == "response.p90<60s,failed<1%" and all("failed<1%: " in step["evidence"] for step in report["steps"])'
check 'the server had no trouble of its own' stop_lambda errors
check 'one that always holds' is_code 0 short always --engine sleep:1 --slo 'failed<1%' --from 50 --to 100 --json
check 'does so up to the highest rate asked for' ends_as 'report["end"] == "bound_reached" and report["lower_per_s"] == 100 and
    report["is_lower_confirmed"] and report["upper_per_s"] is None and steps == ["holds"] * 3'
check 'too few steps' is_code 3 short few --engine sleep:1 --slo 'failed<1%' --from 50 --max-steps 3 --json
check 'are said to have been' ends_as 'report["end"] == "ended_early" and len(steps) == 3 and report["lower_per_s"] == 200'
check 'for people' is_code 4 short words --engine sleep:20 --slo 'response.p50<10ms' --from 80 --to 160
check 'the answer is a sentence' grep -q '^answer *held at no rate tried, the lowest being ' out

check 'steps too short for the percentile' is_code 2 short wrong --engine null --slo 'response.p99<1s' --from 10 --step 1s
check 'are refused, with what would do' says 'takes 100; give 100/s or more, or --step 10s'
check 'no objective' is_code 2 short wrong --engine null
check 'is asked for' says '--slo is missing'
check 'a duration without its unit' is_code 2 short wrong --engine null --slo 'response.p99<10'
check 'is named' says "--slo: in 'response.p99<10' the value must be a time with its unit"
check 'a first rate above the last' is_code 2 short wrong --engine null --slo 'failed<1%' --from 100 --to 50
check 'is refused' says '--from 100 is above --to 50'
check 'arrivals with a rate of their own' is_code 2 short wrong --engine null --slo 'failed<1%' --arrivals ramp:1..10
check 'are refused' says '--arrivals must be one of constant, poisson'
check 'and nothing was begun by these' no_runs runs-wrong
finish

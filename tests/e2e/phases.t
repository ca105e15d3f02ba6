#!/bin/sh
# A store whose lag changes in the middle of a run: seen, and warned of.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

lognormal='{model: lognormal, p50_ms: 400, p99_ms: 1600}'
deployment "$work/race.yml" "  dynamo: {table: posts, replication: $lognormal, settle: 0, writer_leg: 1, reader_leg: 1}
  sns: {topic: notifications, delivery: $lognormal}" 'poll_max_ms: 200'

phases() {
    $python - "$1" "$2" <<'E2'
import json, sys
s = json.load(open(sys.argv[1]))
phases, timeline = s["phases"], s["timeline"]
shares = [b["inconsistent"] / b["n"] for b in timeline if b["n"]]
exec("assert " + sys.argv[2] + ", (phases, shares)")
E2
}
windows() {
    $python - "$work/windows.json" "$1" <<'E2'
import json, sys
d = json.load(open(sys.argv[1]))
g = d["groups"][0]
points = g["within"]
def within(ms):
    return min(points, key=lambda p: abs(p["at_ms"] - ms))
exec("assert " + sys.argv[2] + ", (g['between_rounds'], g['n'], within(400))")
E2
}

start_sandbox "$work/race.yml" --slots 16
# A machine that others keep from running makes a phase of its own: three runs, of which one must be steady.
steady() {
    for attempt in 1 2 3; do
        measure "steady$attempt" -r 800 --rate 50 --warmup 2s && "$bin/analyze" "$run" >"$work/out" || return 1
        grep -q WARNING "$work/out" || return 0
    done
    return 1
}
check 'a run over a steady store is analyzed without a warning' steady
cp "$run/summary.json" "$work/steady.json"
steady=$run
check 'though it was asked' phases "$work/steady.json" \
    'phases["inconsistent"]["is_tested"] and not phases["inconsistent"]["is_found"] and len(timeline) == 16'
check 'and each read is in a block' phases "$work/steady.json" 'sum(b["n"] for b in timeline) == s["inconsistent"]["n"]'

# Replication stands still for the second half of the load.
"$bin/loadgen" -c "$config" -o "$work/runs" -r 800 --rate 50 --lag-bound-ms 60000 --tag stalled >"$work/load.out" 2>&1 &
load=$!
pids="$pids $load"
half_sent() {
    [ "$(wc -l <"$(ls -d "$work"/runs/*/stalled-*)/requests.csv")" -gt 400 ]
}
check 'half of a load is sent' await half_sent
check 'when replication stops' "$bin/sandbox" faults --port "${endpoint##*:}" replication.stalled=true
wait "$load" || true
pids=$(echo "$pids" | sed "s/ $load\$//")
check 'and goes on after the load' "$bin/sandbox" faults --port "${endpoint##*:}" replication.stalled=false
run=$(ls -d "$work"/runs/*/stalled-*)
check 'it is gathered' is_code 0 "$bin/gather" "$run"
check 'and analyzed' ran "$bin/analyze" "$run"
check 'with a warning of a phase' grep -q 'WARNING: a phase: the inconsistent share of 16 blocks of time goes from' "$work/out"
check 'as the summary has it: reads of the stall missed' phases "$run/summary.json" \
    'phases["inconsistent"]["is_found"] and phases["window"]["is_found"] and max(shares[9:]) > 0.95 and sum(shares[9:14]) / 5 > sum(shares[:8]) / 8 + 0.3'

# The steady run alone, and both as rounds of one combination. The store's lag is known: half of its
# posts are there within 400 ms.
check 'analyze windows tells the windows of one run' ran "$bin/analyze" windows --json "$steady"
cp "$work/out" "$work/windows.json"
check 'the band has half of the posts visible within the store'"'"'s median' windows \
    'within(400)["band95_low"] < 0.53 and within(400)["band95_high"] > 0.47 and within(100)["band95_low"] < 0.05 and within(3000)["band95_low"] > 0.9'
check 'the likeliest share lies between the curves' windows \
    'all(p["share_low"] - 1e-9 <= p["likeliest_low"] <= p["likeliest_high"] <= p["share_high"] + 1e-9 for p in points) and 0.35 < within(400)["likeliest_low"] < 0.65'
check 'and each read is a window of one kind' windows \
    'g["n"] == g["n_left_censored"] + g["n_interval"] + g["n_right_censored"] == sum(b["n"] for b in g["rounds"][0]["timeline"]) and g["n_left_censored"] > 0 < g["n_interval"]'
check 'its keys are the documented ones' keys_documented docs/windows.md "$work/windows.json" \
    combination percentiles phases timeline
check 'for people, with the blocks of time' sh -c "'$bin/analyze' windows '$steady' | grep -A1 'sent from' | grep -q -- ---"
check 'analyze windows takes runs of one combination under one load as rounds' ran "$bin/analyze" windows --json "$steady" "$run"
cp "$work/out" "$work/windows.json"
check 'that differ' windows 'len(d["groups"]) == 1 and len(g["rounds"]) == 2 and g["between_rounds"]["differ"]'
check 'and warns of them, and of the phase' sh -c "'$bin/analyze' windows '$steady' '$run' >'$work/out' &&
    grep -q 'WARNING: these rounds differ by more than chance' '$work/out' && grep -q 'WARNING: a phase' '$work/out'"
check 'the sandbox ends when asked' stop_sandbox
finish

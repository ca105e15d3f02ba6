#!/bin/sh
# Calls that go wrong on demand: what the sandbox counted is what loadgen and gather report.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
# shellcheck source=tests/support/faults.sh
. "$top/tests/support/faults.sh"

# all_struck NAME...: each was injected.
all_struck() {
    change --json >"$work/now.json"
    for fault in "$@"; do
        grep -A 3 "\"$fault\": {" "$work/now.json" | grep -q '"injected": [1-9]' || return 1
    done
}

# Calls of the writer: once the load goes on, so that loadgen's questions before it are answered; it is ended when
# each fault has struck.
begin calls '{lambda: {stalled_ms: 50}}'
start_load calls -r 2000 --rate 100 --lag-bound-ms 60000
await answered 10
check 'calls of the writer go wrong from now on' change lambda.throttled=0.05 lambda.error_500=0.05 lambda.error_503=0.05 \
    lambda.reset_before=0.05 lambda.reset_after=0.05 lambda.stalled=0.05 lambda.slow_body=0.05
check 'each fault strikes' await all_struck throttled error_500 error_503 reset_before reset_after stalled slow_body
kill -INT "$load_pid"
load_code=0
wait "$load_pid" || load_code=$?
check 'the load is ended' test "$load_code" -eq 130 -o "$load_code" -eq 0
check 'and right again' change --off
check 'gather finds all that can be found' gather --quiet 2s
check 'each of them stands in requests.csv, and no other; those that were reset afterwards did their work' \
    balance calls
end

# Calls of gather, each of which it mends, once it has found its queue and waits for what is not visible yet. One in
# two goes wrong: eight attempts, its default, would not do for all of them.
begin queue_calls '{sqs: {delayed_visibility: 1, delayed_ms: 5000}}'
check 'a load' load -r 200
AWS_MAX_ATTEMPTS=50 "$bin/gather" -o "$runs" --json --no-stats "$runs/latest" >"$work/out" 2>"$work/err" &
gather_pid=$!
pids="$pids $gather_pid"
await test -e "$runs/latest/gather.unfinished"
check 'calls of gather go wrong' change sqs.throttled=0.15 sqs.error_500=0.15 sqs.error_503=0.15 sqs.reset_before=0.15 \
    sqs.stalled=0.2 sqs.stalled_ms=50 sqs.slow_body=0.2 sqs.slow_body_bytes_per_s=20000
gather_code=0
wait "$gather_pid" || gather_code=$?
pids=$(echo "$pids" | sed "s/ $gather_pid//")
check 'it comes to its end' sh -c "cat '$work/err'; exit $gather_code"
check 'nothing is lost or counted twice' balance queue_calls
end

check 'nothing is left of the sandboxes' nothing_left
finish

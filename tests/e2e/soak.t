#!/bin/sh
# 20,000 requests, synchronous and asynchronous, while everything goes wrong at a few per cent each: every sum is
# whole, every evaluation that reached the queue is counted once, and what is reported is what was injected.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
# shellcheck source=tests/support/faults.sh
. "$top/tests/support/faults.sh"

all=${XCY_SOAK_REQUESTS:-20000} # fewer under the thread sanitizer

calls() {
    echo "throttled: $1, error_500: $1, error_503: $1, reset_before: $1, reset_after: $1, stalled: $1, stalled_ms: 100, slow_body: $1, slow_body_bytes_per_s: 20000"
}
{
    echo "faults:"
    echo "  sqs: {$(calls 0.02), duplicated: 0.03, reordered: 0.05, delayed_visibility: 0.03, delayed_ms: 500,"
    echo "    batch_entry_failed: 0.03, handle_expired: 0.03, checksum_wrong: 0.03, purge_refused: 0.03}"
    echo "  sns: {$(calls 0.01)}"
    echo "  dynamodb: {$(calls 0.01)}"
    echo "  s3: {$(calls 0.01)}"
    echo "  evaluations: {malformed: 0.02}"
    echo "  functions: {writer_crashed: 0.01, writer_timed_out: 0.01, writer_garbage: 0.02, writer_delivered_twice: 0.02,"
    echo "    reader_crashed: 0.01, reader_timed_out: 0.01, reader_garbage: 0.02, reader_delivered_twice: 0.03}"
    echo "  clocks: {writer_offset_ms: 50, writer_drift_ppm: 100, reader_offset_ms: 50, reader_drift_ppm: 100}"
} >"$work/faults.yml"
deployment "$work/soak.yml" '  dynamo: {table: posts, replication: 20}
  sns: {topic: notifications, delivery: 5}' "$(cat "$work/faults.yml")"
sed -i 's/timeout_ms: 20000/timeout_ms: 4000/; s/deadline_ms: 8000/deadline_ms: 1500/' "$work/soak.yml"
start_sandbox "$work/soak.yml" --slots 16

# soak NAME REQUESTS LOADGEN_OPTION...: with gather beside it, and what the sandbox injected meanwhile.
soak() {
    name=$1
    requests=$2
    shift 2
    start_load "$name" -r "$requests" --rate 100 --lag-bound-ms 60000 --leftovers-ok "$@"
    await answered 10
    check "$name: calls of functions go wrong from now on" change lambda.throttled=0.02 lambda.error_500=0.02 \
        lambda.error_503=0.02 lambda.reset_before=0.02 lambda.reset_after=0.02 lambda.stalled=0.02 lambda.stalled_ms=100 \
        lambda.slow_body=0.02 lambda.slow_body_bytes_per_s=5000
    "$bin/gather" -o "$runs" --json --no-stats "$run" >"$work/$name.first" 2>"$work/$name.first.err" &
    gather_pid=$!
    pids="$pids $gather_pid"
    await answered $((requests / 4))
    check "$name: replication stands still" change replication.stalled=true
    await answered $((requests / 4 + 100))
    check "$name: and goes on" change replication.stalled=false
    load_code=0
    wait "$load_pid" || load_code=$?
    check "$name: the load has ended" test "$load_code" -eq 0 -o "$load_code" -eq 3
    check "$name: and its faults" change lambda.throttled=0 lambda.error_500=0 lambda.error_503=0 lambda.reset_before=0 \
        lambda.reset_after=0 lambda.stalled=0 lambda.slow_body=0
    gather_code=0
    wait "$gather_pid" || gather_code=$?
    check "$name: so has gather, through all of it" test "$gather_code" -eq 0
    tail -n 3 "$work/$name.first.err" | sed 's/^/# /'
    echo "$run" >>"$work/soaked"
}
soak sync $((all * 3 / 5))
soak async $((all * 2 / 5)) --async

# Once more, with all faults of queues on still: what came late, or could not be deleted before.
while read -r run; do
    name=${run##*runs-}
    name=${name%%/*}
    check "$name: gathered once more" is_code 0 "$bin/gather" --json --no-stats -o "$work/runs-$name" "$run"
    cp "$work/out" "$work/$name.json"
done <"$work/soaked"
check 'the faults end' change --off
# What is left can only be messages that could not be deleted: they are on the disk.
while read -r run; do
    touch "$run/gather.unfinished"
    name=${run##*runs-}
    name=${name%%/*}
    check "$name: and once all is well again" is_code 0 "$bin/gather" --json --no-stats -o "$work/runs-$name" "$run"
    cp "$work/out" "$work/$name.json"
done <"$work/soaked"
change --all --json >"$work/counts.json"
learn_keys
check_tap soak env AWS_ACCESS_KEY_ID="$key" AWS_SECRET_ACCESS_KEY="$secret" $python "$here/soak_books.py" "$work" "$truth" "$endpoint" "$all"
check 'the sandbox ends when asked' stop_sandbox
check 'nothing of it is left' nothing_left
finish

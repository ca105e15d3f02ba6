#!/bin/sh
# Notifications through a table's stream, against the stores' own log.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

# dynamo REPLICATION STREAM
dynamo() {
    printf '  dynamo: {table: posts, replication: %s, stream: %s, writer_leg: 1, reader_leg: 1}\n' "$1" "$2"
}
agrees() {
    $python "$here/check_truth.py" "$run" "$truth" --expect-inconsistent "$1"
}
sums_hold() {
    grep -q "^planned = .*: $1 = " "$work/gather.out" && grep -q "^received = .*: $1 = $1 + 0 + 0 + 0" "$work/gather.out"
}
# delivers [LAG_MS]: each notification once, not before its record was in the stream, and in no shard two
# at a time.
delivers() {
    $python "$here/check_stream.py" "$run" "$truth" "$@"
}

# The race: both tables are replicated alike, so the notification comes before its post now and then.
lognormal='{model: lognormal, p50_ms: 200, p99_ms: 800}'
deployment "$work/both.yml" "$(dynamo "$lognormal" 20)" 'notification_storage: dynamo
poll_max_ms: 50'
start_sandbox "$work/both.yml" --slots 4
check 'a run of dynamo over dynamo is gathered' measure both -r 200 --rate 40
check 'found and not found agree with the log, and both happened' agrees some
check 'each notification was delivered once, when its record was in the stream' delivers 20
check 'and the sums hold' sums_hold 200
check 'with the barrier deployed' "$bin/deploy" -c "$config" --consistency antipode
check 'a run behind the barrier is gathered' measure barrier -r 120 --rate 20
check 'the barrier leaves no residual' agrees none
check 'and delivery was as before' delivers 20
check 'clean empties both tables' is_code 0 "$bin/clean" -c "$config" --yes
check 'the sandbox ends when asked' stop_sandbox
finish

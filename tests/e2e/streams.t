#!/bin/sh
# Notifications through a table's stream, against the stores' own log.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
# shellcheck source=tests/support/redis_watch.sh
. "$(dirname "$0")/../support/redis_watch.sh"

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

holds_nothing() {
    "$bin/sandbox" env -c "$config" --port "${endpoint##*:}" >"$work/exports"
    # shellcheck source=/dev/null
    (. "$work/exports" && $python - "$endpoint" <<'E2'
import sys
import boto3
for region in ("eu-central-1", "us-east-1"):
    table = boto3.client("dynamodb", region_name=region, endpoint_url=sys.argv[1])
    for _ in range(600):
        left = [n for n in ("posts", "notifications") if table.scan(TableName=n, ConsistentRead=True)["Items"]]
        if not left:
            break
    assert not left, (region, left)
E2
    )
}
# delivered TRY: a record was handed to a reader for the TRY-th time.
delivered() {
    grep -q "\"op\":\"deliver\".*\"try\":$1" "$truth"
}
# One that is killed while it starts has nothing in hand: its record is not handed out again.
are_reading() {
    curl -s -S --fail "$endpoint/_sandbox/status" | $python -c 'import json, sys
functions = json.load(sys.stdin)["functions"]
assert sum(f["busy_slots"] for f in functions if f["function"] == "reader") > 0, functions'
}
kill_readers() {
    are_reading || return 1
    readers=$(pgrep -P "$sandbox_pid" -x reader)
    # shellcheck disable=SC2086 # each is a word
    kill -KILL $readers
}
kill_until_delivered() {
    delivered "$1" || {
        kill_readers
        delivered "$1"
    }
}
all_consistent() {
    $python -c 'import csv, sys
classes = [r["class"] for r in csv.DictReader(open(sys.argv[1] + "/records.csv"))]
assert classes == ["consistent"] * int(sys.argv[2]), classes' "$run" "$1"
}
fewer_invocations() {
    n=$(grep -c '"op":"invoke".*"kind":"source"' "$truth")
    echo "$n invocations"
    [ "$n" -lt "$1" ]
}
# agrees_with_monitor NAME LAG_MS [--barrier]
agrees_with_monitor() {
    name=$1
    shift
    $python "$here/check_monitor.py" "$run" "$work/$name-replica.log" "$work/$name-primary.log" "$@"
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
check 'clean empties both tables' is_code 0 "$bin/clean" -c "$config"
check 'no notification is left' holds_nothing
check 'the sandbox ends when asked' stop_sandbox

# Readers that are killed with an invocation in hand: the source tries its batch again, in its order.
deployment "$work/killed.yml" '  cache: {link: 1500}
  dynamo: {stream: 1}' 'post_storage: cache
notification_storage: dynamo
consistency: antipode'
start_sandbox "$work/killed.yml"
"$bin/loadgen" -c "$config" -o "$work/runs-killed" -r 24 --rate 48 >"$work/killed.out" 2>"$work/killed.err" &
load_pid=$!
pids="$pids $load_pid"
check 'a reader waits in its barrier' await are_reading
check 'killed, its batch is tried a second time' await kill_until_delivered 2
check 'killed again it is tried a third time' await kill_until_delivered 3
wait "$load_pid" || true
pids=$(echo "$pids" | sed "s/ $load_pid//")
run=$work/runs-killed/$(readlink "$work/runs-killed/latest")
check 'the run is gathered' is_code 0 "$bin/gather" -o "$work/runs-killed" "$run"
check 'nothing is lost: every request was read, behind its barrier' all_consistent 24
check 'the order in each shard was kept' delivers 1 --tries 100
check 'the sandbox ends when asked' stop_sandbox

# Batches: a burst meets busy shards, so that later invocations take several records.
deployment "$work/batch.yml" '  cache: {link: 400}
  dynamo: {stream: {model: uniform, low_ms: 0, high_ms: 100}, stream_shards: 2, stream_batch: 10}' \
    'post_storage: cache
notification_storage: dynamo
consistency: antipode'
start_sandbox "$work/batch.yml" --slots 4
check 'a burst over two shards in batches is gathered' measure batch -r 300 --rate 150
check 'nothing is lost' all_consistent 300
check 'each once, and in order' delivers 0
check 'fewer invocations than records' fewer_invocations 300
check 'loadgen told the ceiling beforehand' grep -q 'over dynamo at most 2 readers at a time, of up to 10 notifications' "$work/loadgen.err"
check 'the sandbox ends when asked' stop_sandbox

# One shard, and reads of 2 s each: its one reader is always busy, on a slow machine too.
deployment "$work/full.yml" '  dynamo: {reader_leg: 2000, stream_shards: 1}' 'notification_storage: dynamo'
start_sandbox "$work/full.yml"
check 'more than one reader can read is gathered' measure full -r 5 --rate 10
check 'and is not valid' is_code 3 "$bin/analyze" "$run"
check 'which is told in words' grep -q 'TARGET_LIMITED: on average .* readers were busy, of at most 1' "$work/err"
check 'the sandbox ends when asked' stop_sandbox

# A real Redis pair beside the table.
deployment "$work/cache.yml" '  cache: {link: 60}
  dynamo: {replication: {model: uniform, low_ms: 0, high_ms: 60}, stream: {model: uniform, low_ms: 5, high_ms: 60}}' \
    'post_storage: cache
notification_storage: dynamo'
start_sandbox "$work/cache.yml" --slots 4
for consistency in none antipode; do
    barrier=
    [ "$consistency" = none ] || barrier=--barrier
    check "cache over dynamo, $consistency, is deployed" "$bin/deploy" -c "$config" --consistency "$consistency"
    check 'the watcher of the replica is on' watch reader "$work/$consistency-replica.log"
    check 'the watcher of the primary is on' watch writer "$work/$consistency-primary.log"
    check 'a run is gathered' measure "$consistency" -r 120 --rate 30
    end_watch
    check 'found, not found and waited agree with the watcher' agrees_with_monitor "$consistency" 60 $barrier
    check 'each notification was delivered once' delivers 5
done
check 'the sandbox ends when asked' stop_sandbox
check 'and nothing of it is left' nothing_left
finish

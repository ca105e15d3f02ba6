#!/bin/sh
# Replication that stalls amid a run, and resumes: what is measured of the posts under way is what the sandbox,
# or the replica's own words, say of them.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
# shellcheck source=tests/support/redis_watch.sh
. "$(dirname "$0")/../support/redis_watch.sh"

faults() {
    "$bin/sandbox" faults -c "$config" --port "${endpoint##*:}" "$@"
}
# stall_amid NAME: once 40 requests of that run are answered, until 120 are.
stall_amid() {
    answers=$work/runs-$1/latest/requests.csv
    await sh -c "[ \$(wc -l <'$answers') -gt 40 ]"
    faults replication.stalled=true
    await sh -c "[ \$(wc -l <'$answers') -gt 120 ]"
    faults replication.stalled=false
}
# measure_stalled NAME LOADGEN_OPTION...
measure_stalled() {
    stall_amid "$1" >"$work/stall.out" 2>&1 &
    stalling=$!
    pids="$pids $stalling"
    measure "$@" || return 1
    stalled=0
    wait "$stalling" || stalled=$?
    pids=$(echo "$pids" | sed "s/ $stalling//")
    cat "$work/stall.out"
    return "$stalled"
}
agrees() {
    $python "$here/check_stall.py" "$run" "$truth" "$@"
}
counted() {
    faults --json >"$work/faults.json"
    $python -c 'import json, sys
n = json.load(open(sys.argv[1]))["replication"]["stalled"]["injected"]
logged = sum(json.loads(line)["op"] == "stall" for line in open(sys.argv[2]))
print(n, logged)
assert n == logged == int(sys.argv[3])' "$work/faults.json" "$truth" "$1"
}

deployment "$work/dynamo.yml" '  dynamo: {table: posts, replication: 30, settle: 10, writer_leg: 1, reader_leg: 1}
  sns: {topic: notifications, delivery: 5}' 'barrier_deadline_ms: 400'
sed -i '/^barrier_deadline_ms: 8000/d' "$work/dynamo.yml"
start_sandbox "$work/dynamo.yml" --slots 32
check 'a run over DynamoDB with a stall amid it is gathered' measure_stalled dynamo -r 200 --rate 40
check 'each interval has the instant that the log and the stall give' agrees
check 'the barrier is deployed' "$bin/deploy" -c "$config" --consistency antipode
check 'a run behind the barrier is gathered' measure_stalled barrier -r 200 --rate 40
check 'the barrier gave up where it had to, and nowhere else' agrees --barrier-ms 400
check 'both stalls were counted' counted 2
check 'the sandbox ends when asked' stop_sandbox

deployment "$work/redis.yml" '  cache: {link: 20}
  sns: {topic: notifications, delivery: 5}' 'post_storage: cache'
start_sandbox "$work/redis.yml" --slots 32
check 'the watcher of the replica is on' watch reader "$work/replica.log"
check 'a run over a real Redis pair with a stall amid it is gathered' measure_stalled redis -r 200 --rate 40
end_watch
check 'each interval has the instant at which the replica had it, none in the stall' agrees --replica "$work/replica.log" --link-ms 20
check 'the stall was counted' counted 1
check 'the sandbox ends when asked' stop_sandbox
check 'and nothing of it is left' nothing_left
finish

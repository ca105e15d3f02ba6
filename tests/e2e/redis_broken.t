#!/bin/sh
# Redis servers that die amid a run: the run ends, and every request has its class.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

address() {
    $python -c 'import json,sys; print(json.load(open(sys.argv[1]))["stores"]["cache"][sys.argv[2]])' "$ready" "$1"
}
# What hosts them says so and ends; whoever uses them is another sandbox, which goes on.
for role in replica primary; do
    deployment "$work/hosted.yml" '  cache: {link: 20}
  sns: {topic: notifications, delivery: 10}' 'post_storage: cache'
    start_sandbox "$work/hosted.yml"
    host_pid=$sandbox_pid
    mv "$work/sandbox.log" "$work/host.log"
    writer_address=$(address primary)
    reader_address=$(address replica)
    victim=$(address "$role")
    deployment "$work/$role.yml" "  cache: {writer_address: '$writer_address', reader_address: '$reader_address'}
  sns: {topic: notifications, delivery: 10}" 'post_storage: cache'
    sed -i 's/_deadline_ms: 8000/_deadline_ms: 500/' "$work/$role.yml"
    start_sandbox "$work/$role.yml" --slots 16
    start_load "$role" -r 150 --rate 50
    await answered 50
    kill -KILL "$(pgrep -f "redis-server 127.0.0.1:${victim##*:}")"
    check "a run whose $role died amid it ends" end_load
    check 'and is gathered' is_code 0 "$bin/gather" -o "$runs" "$run"
    check 'each request has its class: those read before, and those that failed' classes \
        'n["failed"] >= 20 and n["consistent"] + n["inconsistent"] >= 30 and n["skipped"] == 0'
    code=0
    wait "$host_pid" || code=$?
    pids=$(echo "$pids" | sed "s/ $host_pid//")
    check 'the sandbox that hosts it fails' test "$code" -eq 1
    check 'and says who died, with its last words' grep -q "redis $role ended (signal: Killed): ." "$work/host.log"
    check 'the other sandbox ends when asked' stop_sandbox
    check 'nothing is left of either' nothing_left
done
finish

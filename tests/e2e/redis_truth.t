#!/bin/sh
# A real Redis pair over a slow link, held against an independent watcher of the replica.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

address() {
    $python -c 'import json,sys; print(json.load(open(sys.argv[1]))["stores"]["cache"][sys.argv[2]])' "$ready" "$1"
}
watch_replica() {
    replica=$(address reader)
    redis-cli -h "${replica%:*}" -p "${replica#*:}" MONITOR >"$1" &
    watcher=$!
    pids="$pids $watcher"
    await grep -q OK "$1"
}
end_watch() {
    kill "$watcher"
    wait "$watcher" || true
    pids=$(echo "$pids" | sed "s/ $watcher//")
}
agrees() {
    $python "$here/check_monitor.py" "$run" "$@"
}
knows_sizes() {
    $python -c 'import csv,sys
rows = list(csv.DictReader(open(sys.argv[1] + "/records.csv")))
sizes = {int(r["post_stored_bytes"]) for r in rows}
assert rows and min(sizes) >= 1000, sizes' "$run"
}

deployment "$work/redis.yml" '  cache: {link: 60}
  sns: {topic: notifications, delivery: {model: uniform, low_ms: 20, high_ms: 110}}' 'post_storage: cache'
start_sandbox "$work/redis.yml"
check 'the watcher of the replica is on' watch_replica "$work/none.log"
check 'a run over Redis is gathered' measure none -r 500 --rate 100
end_watch
check 'found, not found and visibility agree with the watcher; the link shows in the lag' agrees "$work/none.log" 60
check 'both happened' sh -c "grep -q ',consistent,' '$run/records.csv' && grep -q ',inconsistent,' '$run/records.csv'"
check 'sizes of posts are measured' knows_sizes
check 'antipode is deployed' "$bin/deploy" -c "$config" --post-storage cache --consistency antipode
check 'the watcher of the replica is on' watch_replica "$work/antipode.log"
check 'a run behind the barrier is gathered' measure antipode -r 300 --rate 60
end_watch
check 'waited agrees with the watcher, and there is no residual' agrees "$work/antipode.log" 60 --barrier
check 'the sandbox ends when asked' stop_sandbox
check 'and its Redis servers are gone' sh -c "! pgrep -f '$XDG_RUNTIME_DIR' >/dev/null"
finish

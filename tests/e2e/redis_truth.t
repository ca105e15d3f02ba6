#!/bin/sh
# A real Redis pair over a slow link, held against an independent watcher of the replica.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
# shellcheck source=tests/support/redis_watch.sh
. "$(dirname "$0")/../support/redis_watch.sh"

agrees() {
    name=$1
    shift
    $python "$here/check_monitor.py" "$run" "$work/$name-replica.log" "$work/$name-primary.log" "$@"
}
knows_sizes() {
    $python -c 'import csv,sys
rows = list(csv.DictReader(open(sys.argv[1] + "/records.csv")))
sizes = {int(r["post_stored_bytes"]) for r in rows}
assert rows and min(sizes) >= 1000, sizes' "$run"
}

deployment "$work/redis.yml" '  cache: {link: 60}
  sns: {topic: notifications, delivery: {model: uniform, low_ms: 0, high_ms: 120}}' 'post_storage: cache'
start_sandbox "$work/redis.yml" --slots 16
check 'the watcher of the replica is on' watch reader "$work/none-replica.log"
check 'the watcher of the primary is on' watch writer "$work/none-primary.log"
check 'a run over Redis is gathered' measure none -r 400 --rate 40
end_watch
check 'found, not found and visibility agree with the watcher; the link shows in the lag' agrees none 60
check 'both happened' sh -c "grep -q ',consistent,' '$run/records.csv' && grep -q ',inconsistent,' '$run/records.csv'"
check 'sizes of posts are measured' knows_sizes
check 'antipode is deployed' "$bin/deploy" -c "$config" --post-storage cache --consistency antipode
check 'the watcher of the replica is on again' watch reader "$work/antipode-replica.log"
check 'the watcher of the primary is on again' watch writer "$work/antipode-primary.log"
check 'a run behind the barrier is gathered' measure antipode -r 200 --rate 40
end_watch
check 'waited agrees with the watcher, and there is no residual' agrees antipode 60 --barrier
check 'the sandbox ends when asked' stop_sandbox
check 'and nothing of it is left, its Redis servers neither' nothing_left

# A second away: what the run says of wrote -> visible is what the watchers saw, to a poll.
deployment "$work/far.yml" '  cache: {link: 1000}
  sns: {topic: notifications, delivery: 20}' 'post_storage: cache'
start_sandbox "$work/far.yml" --slots 32
check 'the watcher of the far replica is on' watch reader "$work/far-replica.log"
check 'the watcher of its primary is on' watch writer "$work/far-primary.log"
check 'a run over a link of 1000 ms is gathered' measure far -r 100 --rate 20
end_watch
check 'each interval (missed, visible] has the instant that the watcher saw' agrees far 1000
check 'every post was missed, and followed until it was there' $python - "$run/records.csv" <<'E2'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1])))
lags = [int(r["visible_us"]) - int(r["start_us"]) for r in rows]
assert len(rows) == 100 and {r["class"] for r in rows} == {"inconsistent"}
assert min(lags) >= 1000000, min(lags)
E2
check 'the sandbox ends when asked' stop_sandbox
finish

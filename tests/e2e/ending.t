#!/bin/sh
# What is asked of a sandbox that is ending: its parts go one after the other, its door last.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

# A function that is stopped heeds no SIGTERM: while the sandbox waits for it, its Redis pair is gone already.
stop_functions() {
    for pid in $(pgrep -P "$sandbox_pid"); do
        case $(cat "/proc/$pid/comm") in
        writer | reader) kill -STOP "$pid" ;;
        esac
    done
}
status() {
    curl -s -S --fail "$endpoint/_sandbox/status" -o "$work/status.json"
}
# A machine that is slow may not come to see it before the end.
tells_of_no_redis() {
    has_no_redis || is_gone "$sandbox_pid"
}
has_no_redis() {
    status && $python -c 'import json,sys; status = json.load(open(sys.argv[1]))
assert status["links"] == {} and status["stores"] == {}, status' "$work/status.json"
}

deployment "$work/cache.yml" '  cache: {link: 10}
  sns: {topic: notifications, delivery: 5}' 'post_storage: cache'
start_sandbox "$work/cache.yml"
check 'a run starts the functions' ran "$bin/loadgen" -c "$config" -r 10 --rate 20 -o "$work/runs"
check 'the status page tells of the Redis pair' sh -c "curl -s --fail '$endpoint/_sandbox/status' | grep -q bytes_to_replica"
stop_functions
kill -TERM "$sandbox_pid"
check 'amid its end the page tells of no pair' await tells_of_no_redis
code=0
wait "$sandbox_pid" || code=$?
pids=''
check 'the sandbox ends in order' test "$code" -eq 0
check 'and nothing of it is left' nothing_left
finish

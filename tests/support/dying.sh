# shellcheck shell=sh disable=SC2154,SC2034 # the words of lib.sh are used here
# dying.sh - a server that dies amid a run. What hosts it says so and ends; whoever uses it is another
# sandbox, which goes on. Source it after lib.sh.

# start_host CONFIG [OPTION...]: the sandbox that hosts it.
start_host() {
    start_sandbox "$@"
    host_pid=$sandbox_pid
    mv "$work/sandbox.log" "$work/host.log"
}
# have_read N: so many readers have come to their end.
have_read() {
    curl -s -S --fail "$endpoint/_sandbox/status" | $python -c 'import json, sys
functions = json.load(sys.stdin)["functions"]
assert sum(f["ended"]["ok"] for f in functions if f["function"] == "reader") >= int(sys.argv[1]), functions' "$1"
}
# check_end ROLE LAST_WORDS: what becomes of the run and of the host, once the server of that role is killed.
check_end() {
    check "a run whose $1 died amid it ends" end_load
    check 'and is gathered' is_code 0 "$bin/gather" -o "$runs" "$run"
    check 'each request has its class: those read before, and those that failed' classes \
        'n["failed"] >= 20 and n["consistent"] + n["inconsistent"] >= 30 and n["skipped"] == 0'
    code=0
    wait "$host_pid" || code=$?
    pids=$(echo "$pids" | sed "s/ $host_pid//")
    check 'the sandbox that hosts it fails' test "$code" -eq 1
    check 'and says who died, with its last words' grep -q "$2" "$work/host.log"
    check 'the other sandbox ends when asked' stop_sandbox
    check 'nothing is left of either' nothing_left
}

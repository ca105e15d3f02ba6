# shellcheck shell=sh disable=SC2154 # the words of lib.sh are used here
# redis_watch.sh - independent witnesses of a sandbox's Redis pair; source it after lib.sh.

watchers=''

# address SIDE: of the server at the writer (or primary), or at the reader (or replica).
address() {
    $python -c 'import json,sys; print(json.load(open(sys.argv[1]))["stores"]["cache"][sys.argv[2]])' "$ready" "$1"
}
# watch SIDE FILE: what the server of that side executes, with its own time stamps.
watch() {
    server=$(address "$1")
    redis-cli -h "${server%:*}" -p "${server#*:}" MONITOR >"$2" &
    watchers="$watchers $!"
    pids="$pids $!"
    await grep -q OK "$2"
}
end_watch() {
    for pid in $watchers; do
        kill "$pid"
        wait "$pid" || true
        pids=$(echo "$pids" | sed "s/ $pid//")
    done
    watchers=''
}

#!/bin/sh
# A real MariaDB pair over a slow link, held against independent watchers of both servers.
#
# What a watcher can be: the binary and the relay log are stamped in whole seconds by the primary's clock, and the
# general log shows no row that is replicated as a row. So a row is there when a SELECT shows it, and a watcher
# asks for it again and again, over a connection and a wire protocol of its own (mariadb_client.py). What it
# knows is exact to one of its polls, some 0.5 ms apart, and it says between which two.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

client_file() {
    $python -c 'import json,sys; print(json.load(open(sys.argv[1]))["stores"]["mysql"]["client_file"])' "$ready"
}
# watch GROUP_SUFFIX FILE
watch() {
    $python "$here/watch_mariadb.py" "$(client_file)" "$1" "$2" &
    watchers="$watchers $!"
    pids="$pids $!"
    await grep -q watching "$2"
}
# True if no watcher had trouble.
end_watch() {
    bad=0
    for pid in $watchers; do
        kill "$pid"
        wait "$pid" || bad=1
        pids=$(echo "$pids" | sed "s/ $pid//")
    done
    watchers=''
    return "$bad"
}
# measured NAME LOADGEN_OPTION...: a run between two watchers.
measured() {
    name=$1
    check 'the watcher of the replica is on' watch -replica "$work/$name-replica.log"
    check 'the watcher of the primary is on' watch '' "$work/$name-primary.log"
    check "a run is gathered: $name" measure "$@"
    check 'the watchers saw to the end' end_watch
}
agrees() {
    name=$1
    shift
    $python "$here/check_watch.py" "$run" "$work/$name-replica.log" "$work/$name-primary.log" "$@"
}
disagrees_when_shifted() {
    awk 'NF == 3 { $2 += 50000; $3 += 50000 } { print }' "$work/$1-replica.log" >"$work/shifted-replica.log"
    cp "$work/$1-primary.log" "$work/shifted-primary.log"
    ! agrees shifted "$2"
}
weighs() {
    $python -c 'import csv,sys
rows = list(csv.DictReader(open(sys.argv[1] + "/records.csv")))
sizes = {(int(r["post_stored_bytes"]), int(r["post_metadata_bytes"])) for r in rows if r["class"] == "consistent"}
assert sizes == {(int(sys.argv[2]), int(sys.argv[3]))}, sizes' "$run" "$@"
}
# secret_is_kept: the password stands in no argument, log or file but the private ones.
secret_is_kept() {
    password=$(sed -n 's/^password=//p' "$(client_file)")
    [ "${#password}" -ge 32 ] || return 1
    for process in /proc/[0-9]*; do
        ! tr '\0' '\n' <"$process/cmdline" 2>/dev/null | grep -F -q -- "$password" || return 1
    done
    ! grep -F -q -r -- "$password" "$work/sandbox.log" "$ready" "$truth" "$work"/runs-* &&
        [ -z "$(find "$XDG_RUNTIME_DIR/xcybench" -name '*.cnf' -perm /077)" ] &&
        [ -z "$(find "$XDG_RUNTIME_DIR/xcybench" -name 'install.sql*')" ]
}
nothing_asked_twice() {
    $python -c 'import csv,sys
rows = list(csv.DictReader(open(sys.argv[1] + "/records.csv")))
assert len({r["exec"] for r in rows}) == len(rows)' "$run"
}

deployment "$work/mysql.yml" '  mysql: {link: 60}
  sns: {topic: notifications, delivery: {model: uniform, low_ms: 0, high_ms: 120}}' 'post_storage: mysql'
watchers=''
start_sandbox "$work/mysql.yml" --slots 16
measured none -r 400 --rate 40
check 'found, not found and visibility agree with the watcher; the link shows in the lag' agrees none 60
check 'and a watcher that is 50 ms beside would not agree' disagrees_when_shifted none 60
check 'both happened' sh -c "grep -q ',consistent,' '$run/records.csv' && grep -q ',inconsistent,' '$run/records.csv'"
check 'a post weighs its key and its body' weighs 1010 0
check 'each post was written by one execution' nothing_asked_twice
check 'the password is kept' secret_is_kept
check 'antipode is deployed' "$bin/deploy" -c "$config" --post-storage mysql --consistency antipode
measured antipode -r 200 --rate 40
check 'waited agrees with the watcher, and there is no residual' agrees antipode 60 --barrier
check 'and its context id' weighs 1042 32
check 'it is emptied' is_code 0 "$bin/clean" -c "$config"
check 'to the last post' grep -q 'post storage mysql has 0 posts' "$work/out"
check 'the sandbox ends when asked' stop_sandbox
check 'and nothing of it is left, its MariaDB servers neither' nothing_left

deployment "$work/slow.yml" '  mysql: {link: 1000}
  sns: {topic: notifications, delivery: 5}' 'post_storage: mysql'
start_sandbox "$work/slow.yml" --slots 16
measured slow -r 60 --rate 20
check 'with a second on the link the lag is what the watcher says' agrees slow 1000
check 'the sandbox ends when asked' stop_sandbox
check 'and nothing of it is left' nothing_left
finish

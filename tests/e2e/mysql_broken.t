#!/bin/sh
# MariaDB servers that hang or die amid a run: the run ends, and every request has its class.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
# shellcheck source=tests/support/dying.sh
. "$(dirname "$0")/../support/dying.sh"

# server primary|replica: its process.
server() {
    pgrep -f "mariadbd --defaults-file=$XDG_RUNTIME_DIR/.*/mysql/$1/server.cnf"
}
# option GROUP NAME: of the client file.
option() {
    sed -n "/^\[$1\]/,/^\[/s/^$2=//p" "$client_file"
}
# A replica that hangs: what the functions ask of it ends with their time, and they say so.
deployment "$work/hosted.yml" '  mysql: {link: 20}
  sns: {topic: notifications, delivery: 10}' 'post_storage: mysql'
sed -i 's/^\(reader: .*\)timeout_ms: 20000/\1timeout_ms: 2000/; s/_deadline_ms: 8000/_deadline_ms: 500/' "$work/hosted.yml"
start_sandbox "$work/hosted.yml" --slots 16
start_load hangs -r 300 --rate 50
await have_read 50
kill -STOP "$(server replica)"
check 'a run whose replica hangs amid it ends' end_load
check 'and is gathered' is_code 0 "$bin/gather" -o "$runs" "$run"
kill -CONT "$(server replica)"
check 'each request has its class: those read before, and those whose reader had no answer' classes \
    'n["failed"] >= 20 and n["consistent"] + n["inconsistent"] >= 30 and n["lost"] + n["skipped"] == 0'
check 'the reason is told' grep -q 'no answer in time' "$run/evaluations.jsonl"
check 'the replica, back again, has what was written meanwhile' measure again -r 20 --rate 20
check 'and is read from' classes 'n["consistent"] + n["inconsistent"] == 20'
check 'the sandbox ends when asked' stop_sandbox

# Servers that die.
for role in replica primary; do
    start_host "$work/hosted.yml"
    client_file=$($python -c 'import json,sys; print(json.load(open(sys.argv[1]))["stores"]["mysql"]["client_file"])' "$ready")
    XCY_TEST_PASSWORD=$(option client password)
    export XCY_TEST_PASSWORD
    writer_address=127.0.0.1:$(option client port)
    reader_address=127.0.0.1:$(option client-replica port)
    deployment "$work/$role.yml" "  mysql: {writer_address: '$writer_address', reader_address: '$reader_address', user: xcybench, password_variable: XCY_TEST_PASSWORD}
  sns: {topic: notifications, delivery: 10}" 'post_storage: mysql'
    sed -i 's/_deadline_ms: 8000/_deadline_ms: 500/' "$work/$role.yml"
    start_sandbox "$work/$role.yml" --slots 16
    check 'functions are told of servers elsewhere' "$bin/deploy" -c "$config"
    start_load "$role" -r 300 --rate 50
    await have_read 50
    kill -KILL "$(server "$role")"
    check_end "$role" "mariadb $role ended (signal: Killed): .*\[Note\]"
done
finish

#!/bin/sh
# Notifications through two real ActiveMQ brokers in a network, with and without the barrier, and with a
# broker that is killed.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

# shellcheck disable=SC2016 # the program's own words
words='import csv, json, sys
run, truth = sys.argv[1:3]
records = list(csv.DictReader(open(run + "/records.csv")))
delivered = [event for event in map(json.loads, open(truth)) if event["op"] == "deliver" and event["service"] == "mq"]
n = {}
for r in records:
    n[r["class"]] = n.get(r["class"], 0) + 1
seen = [r for r in records if r["class"] in ("consistent", "inconsistent")]
'
holds() {
    $python -c "$words
$1" "$run" "$truth" || {
        tail -n 5 "$work/gather.out" "$work/gather.err" "$work/sandbox.log"
        return 1
    }
}
each_once() {
    holds "assert len(records) == $1 and len(seen) == $1, n
ids = [event['message'] for event in delivered]
assert len(set(ids)) == len(ids) == $2, (len(set(ids)), len(ids))
assert all(event['batch'] >= 1 for event in delivered)" &&
        grep -q "^received = .*: $1 = $1 + 0 + 0 + 0" "$work/gather.out"
}
link_shows() {
    holds "late = [r for r in seen if int(r['seen_us']) - int(r['noted_us']) < $1]
assert seen and not late, late[:3]"
}

password_in() {
    sed -n 's/.*username="xcybench" password="\([0-9a-f]*\)".*/\1/p' "$1"
}
broker_of() {
    for pid in $(pgrep -P "${2:-$sandbox_pid}"); do
        case $(readlink "/proc/$pid/cwd") in
        *"/mq/$1") echo "$pid" ;;
        esac
    done
}

# The barrier's wait and the reads must not fill the consumers: the queue would show, not the link.
deployment "$work/mq.yml" '  cache: {link: 300}
  mq: {link: 40, parallel: 32}' 'post_storage: cache
notification_storage: mq'
start_sandbox "$work/mq.yml" --slots 16
check 'a run over Redis and ActiveMQ is gathered' measure none -r 200 --rate 40
check 'each message is delivered exactly once' each_once 200 200
check 'never earlier than the link allows' link_shows 40000
check 'most posts, which take much longer, are found missing' holds 'assert n.get("inconsistent", 0) > 100, n'
check 'antipode is deployed' "$bin/deploy" -c "$config" --consistency antipode
check 'a run behind the barrier is gathered' measure antipode -r 200 --rate 40
check 'each message of it is delivered exactly once, too' each_once 200 400
check 'the barrier leaves no inconsistent read' holds 'assert n == {"consistent": 200}, n'
check 'the status page tells of the link' sh -c "curl -s --fail '$endpoint/_sandbox/status' | grep -q '\"mq\":{\"connections\"'"
check 'the sandbox ends when asked' stop_sandbox
check 'and nothing of it is left, its brokers neither' nothing_left

# shellcheck disable=SC2016 # the program's own words
in_order='batches = {}
for r in seen:
    batches.setdefault(int(r["seen_us"]), []).append(r)
last_noted = 0
for at in sorted(batches):
    for r in batches[at]:
        assert int(r["ended_us"]) >= last_noted, ("overtaken", r)
    last_noted = max([last_noted] + [int(r["noted_us"]) for r in batches[at]])'
deployment "$work/order.yml" '  dynamo: {table: posts, replication: 5, writer_leg: 1, reader_leg: 1}
  mq: {link: {model: uniform, low_ms: 1, high_ms: 30}, parallel: 1, batch: 8, queue: some.queue}' 'notification_storage: mq'
start_sandbox "$work/order.yml"
broker_pid=$(broker_of reader)
tr '\0' '\n' <"/proc/$broker_pid/cmdline" >"$work/java.arguments"
cp "/proc/$broker_pid/cwd/activemq.xml" "$work/activemq.xml"
check 'a run over DynamoDB with one consumer is gathered' measure order -r 300 --rate 60
check 'each message is delivered exactly once, in whatever batches' each_once 300 300
check 'one consumer keeps the order, however the link scatters' holds "$in_order"
check 'the sandbox ends when asked' stop_sandbox

# The brokers belong to another sandbox, so that what measures outlives them.
deployment "$work/brokers.yml" '  dynamo: {table: posts}
  mq: {link: 30}' 'notification_storage: mq'
work_of_test=$work
work=$work/brokers # each has a log of its own
mkdir "$work"
start_sandbox "$work_of_test/brokers.yml"
brokers_pid=$sandbox_pid
ends() {
    $python -c 'import json,sys; print(json.load(open(sys.argv[1]))["stores"]["mq"][sys.argv[2]])' "$ready" "$1"
}
writer_address=$(ends writer)
reader_address=$(ends reader)
folder=$(dirname "$(find "$XDG_RUNTIME_DIR" -name activemq.xml | head -n 1)")
MQ_PASSWORD=$(password_in "$folder/activemq.xml")
export MQ_PASSWORD
work=$work_of_test
unset AWS_ENDPOINT_URL
deployment "$work/guest.yml" "  dynamo: {table: posts, replication: 5, writer_leg: 1, reader_leg: 1}
  mq: {writer_address: '$writer_address', reader_address: '$reader_address', user: xcybench,
       password_variable: MQ_PASSWORD, queue: guests}" 'notification_storage: mq'
start_sandbox "$work/guest.yml"
check 'a run over brokers of given addresses is gathered' measure guest -r 60 --rate 30
check 'and each message is delivered exactly once' each_once 60 60
check 'the password is in no log' sh -c "! grep -q '$MQ_PASSWORD' '$work/sandbox.log' '$truth'"
kill_broker() {
    await test -s "$work/runs-killed/latest/requests.csv" && await has_lines "$work/runs-killed/latest/requests.csv" 40
    kill -KILL "$(broker_of reader "$brokers_pid")"
}
has_lines() {
    [ "$(wc -l <"$1")" -ge "$2" ]
}
kill_broker >"$work/kill.out" 2>&1 &
killer_pid=$!
pids="$pids $killer_pid"
measure killed -r 300 --rate 60 --tag killed >"$work/measure.out" 2>&1 || true
check 'a run whose broker was killed ends' test -s "$run/records.csv"
check 'its sum is whole: what could not be published failed, what was under way is lost' holds '
assert len(records) == 300 and sum(n.values()) == 300, n
assert n.get("failed", 0) > 0, n
assert seen and set(n) <= {"consistent", "inconsistent", "failed", "lost"}, n
why = {r["outcome"] for r in records if r["class"] == "failed"}
assert why == {"function_error"}, why'
check 'the poller said once that the broker is gone' sh -c "[ \"\$(grep -c 'trying again until it is back' '$work/sandbox.log')\" -eq 1 ]"
check 'the password is still in no log' sh -c "! grep -q '$MQ_PASSWORD' '$work/sandbox.log' '$truth'"
check 'the sandbox ends when asked' stop_sandbox
code=0
wait "$brokers_pid" || code=$?
check 'and the one whose broker died ended by itself' test "$code" -eq 1
check 'nothing of them is left' nothing_left

# A broker that speaks TLS only, by a certificate of our own making; it serves both sides.
start_tls_broker() {
    tls=$work/tls
    mkdir "$tls"
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=x -addext "subjectAltName=IP:127.0.0.1" \
        -keyout "$tls/key.pem" -out "$tls/cert.pem" &&
        openssl pkcs12 -export -in "$tls/cert.pem" -inkey "$tls/key.pem" -out "$tls/key.p12" -passout pass:storepass &&
        tls_port=$($python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])') &&
        sed -e 's|<plugins>|<sslContext><sslContext keyStore="file:key.p12" keyStorePassword="storepass" keyStoreType="PKCS12"/></sslContext>&|' \
            -e "s|stomp+nio://127.0.0.1:[0-9]*|stomp+nio+ssl://127.0.0.1:$tls_port|" \
            -e '/name="network"/d' "$work/activemq.xml" >"$tls/activemq.xml"
    set --
    while IFS= read -r word; do
        set -- "$@" "$word"
    done <"$work/java.arguments"
    (cd "$tls" && exec "$@") >"$tls/log" 2>&1 &
    tls_pid=$!
    pids="$pids $tls_pid"
    await is_open "$tls_port"
}
is_open() {
    $python -c 'import socket, sys; socket.create_connection(("127.0.0.1", int(sys.argv[1]))).close()' "$1"
}
start_tls_broker >"$work/tls.out" 2>&1
MQ_PASSWORD=$(password_in "$work/activemq.xml")
unset AWS_ENDPOINT_URL
deployment "$work/tls.yml" "  dynamo: {table: posts, replication: 5, writer_leg: 1, reader_leg: 1}
  mq: {writer_address: '127.0.0.1:$tls_port', reader_address: '127.0.0.1:$tls_port', user: xcybench,
       password_variable: MQ_PASSWORD, tls: true}" 'notification_storage: mq'
start_sandbox "$work/tls.yml"
await grep -q 'trying again' "$work/sandbox.log"
check 'a broker whose certificate nobody vouches for is refused' grep -q 'TLS: self-signed certificate' "$work/sandbox.log"
check 'the sandbox ends when asked' stop_sandbox
unset AWS_ENDPOINT_URL
SSL_CERT_FILE=$work/tls/cert.pem
export SSL_CERT_FILE
start_sandbox "$work/tls.yml"
check 'a run over a broker with TLS is gathered' measure tls -r 60 --rate 30
check 'and each message is delivered exactly once' each_once 60 60
check 'the sandbox ends when asked' stop_sandbox
finish

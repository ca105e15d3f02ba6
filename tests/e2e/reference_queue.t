#!/bin/sh
# gather --reference-state from a real queue: the reference's messages, put there by boto3, become its files to the
# byte, also when a gather is killed amid them; and sizes come from the stores that the reference asks.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
golden=$top/tests/golden/gather
cd "$work"

with_keys() {
    env AWS_ACCESS_KEY_ID="$key" AWS_SECRET_ACCESS_KEY="$secret" "$@"
}
# put FIRST LAST CASE: these lines (from 1) of the case's messages, one after the other.
put() {
    with_keys $python - "$1" "$2" "$golden/$3/messages.jsonl" "$endpoint" <<'E2'
import boto3, json, sys
first, last, path, endpoint = sys.argv[1:]
sqs = boto3.client("sqs", endpoint_url=endpoint, region_name="us-east-1")
url = sqs.get_queue_url(QueueName="evaluations")["QueueUrl"]
for line in open(path).readlines()[int(first) - 1:int(last)]:
    sqs.send_message(QueueUrl=url, MessageBody=json.loads(line)["body"] or "nothing")
E2
}
in_queue() {
    with_keys $python -c "import boto3, sys
sqs = boto3.client('sqs', endpoint_url='$endpoint', region_name='us-east-1')
url = sqs.get_queue_url(QueueName='evaluations')['QueueUrl']
counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=['All'])['Attributes']
n = sum(int(v) for k, v in counts.items() if k.startswith('ApproximateNumberOfMessages'))
assert n == int(sys.argv[1]), counts" "$1"
}
# gathers CASE ROOT [OPTION...]
gathers() {
    gathered_case=$1
    root=$2
    shift 2
    is_code 0 "$bin/gather" -c local.yml --reference-state "$golden/$gathered_case/last.yml" -o "$root" --json "$@"
}
result() {
    $python -c 'import json, sys
r = json.load(open("out"))
m, q = r["messages"], r["queue"]
assert m["received"] == m["matched"] + m["duplicate"] + m["foreign"] + m["malformed"], m
assert q["taken"] == q["deleted"] + q["given_back"] + q["undeleted"], q
assert eval(sys.argv[1]), r' "$1"
}
# journaled N: so many lines stand in the journal of the gather that is not finished.
journaled() {
    [ "$(cat killed/dynamo-sns/unfinished-*/evaluations.jsonl | wc -l)" -eq "$1" ]
}

deployment local.yml '  dynamo: {table: posts, replication: 20, writer_leg: 1, reader_leg: 1}
  cache: {}
  mysql: {}
  sns: {topic: notifications, delivery: 5}' 'visibility: off'
start_sandbox local.yml --slots 2
learn_keys

for case in plain-dynamo-sns destination-antipode-s3-mq duplicates; do
    put 1 1000 "$case"
    check "$case lies in a queue, and is gathered" gathers "$case" "$case"
    check 'its files are the reference'"'"'s to the byte' gathered_as "$case" "$case"
    check 'nothing is left in the queue' in_queue 0
done
check 'what comes too late for a row is taken, too' result 'q["deleted"] == 32 and r["unused"] == 2'

put 1 1000 crashing
check 'messages that the reference would end at' gathers crashing crashing --quiet 1
check 'harm no row' sh -c 'cmp "$1"/traces.csv crashing/dynamo-sns/*/traces.csv' sh "$golden/crashing"
check 'those of other runs stay in the queue' result 'm["foreign"] == 2 and q["deleted"] == 28'
check 'as one can see' in_queue 2
check 'and are taken by nobody' is_code 1 "$bin/gather" -c local.yml --reference-state "$golden/one/last.yml" -o nobody --quiet 1
check 'which is told' grep -q 'no result to write: of 2 messages 2 are of no request in' err
check 'and leaves no folder' sh -c '[ -z "$(ls nobody/dynamo-sns)" ]'
check 'clean' is_code 0 "$bin/clean" -c local.yml

put 1 80 plain-dynamo-sns
"$bin/gather" -c local.yml --reference-state "$golden/plain-dynamo-sns/last.yml" -o killed --quiet 600 2>killed.err &
gather_pid=$!
pids="$pids $gather_pid"
await journaled 80
check 'a second gather of the same state beside it' is_code 1 "$bin/gather" -c local.yml \
    --reference-state "$golden/plain-dynamo-sns/last.yml" -o killed
check 'is refused' grep -q 'evaluations.jsonl' err
kill -KILL "$gather_pid"
wait "$gather_pid" || true
pids=$(echo "$pids" | sed "s/ $gather_pid//")
put 81 200 plain-dynamo-sns
check 'a gather that was killed goes on' gathers plain-dynamo-sns killed
check 'says what is there already' grep -q '80 results are here already, in killed/dynamo-sns/unfinished-' err
# What the queue handed to the killed one comes again later, in another order.
same_rows() {
    found=$(dirname "$(find killed -name traces.csv)")
    cut -d';' -f2- "$golden/plain-dynamo-sns/traces.csv" | sort >expected.rows
    cut -d';' -f2- "$found/traces.csv" | sort | cmp - expected.rows && cmp "$golden/plain-dynamo-sns/tags.yml" "$found/tags.yml"
}
check 'and has the same rows and tags' same_rows
check 'in the one folder that is left' sh -c '[ "$(ls killed/dynamo-sns | wc -l)" -eq 1 ]'

put 1 40 plain-dynamo-sns
"$bin/gather" -c local.yml --reference-state "$golden/plain-dynamo-sns/last.yml" -o killed --quiet 600 2>killed.err &
gather_pid=$!
pids="$pids $gather_pid"
await journaled 40
kill -INT "$gather_pid"
code=0
wait "$gather_pid" || code=$?
pids=$(echo "$pids" | sed "s/ $gather_pid//")
check 'one that is interrupted says so' test "$code" -eq 130
check 'and where the messages are' grep -q 'what was received is kept in killed/dynamo-sns/unfinished-' killed.err
check 'the deadline ends one' gathers plain-dynamo-sns killed --deadline 1
check 'with what came' result 'r["results"] == 40 and r["missing"] == 160'

# Redis: the writer is asked. Posts of a load lie there.
sed 's/^post_storage: dynamo/post_storage: cache/' "$golden/one/last.yml" >cache.yml
check 'Redis is deployed' is_code 0 "$bin/deploy" -c local.yml --post-storage cache
check 'ten posts' ran "$bin/loadgen" -c local.yml -r 10 --rate 100 --lag-bound-ms 60000
check 'and gathered' is_code 0 "$bin/gather" runs/latest
put 1 1 one
check 'a run of the reference over Redis' is_code 0 "$bin/gather" -c local.yml --reference-state cache.yml -o redis
check 'has what ten posts take there' $python - redis/cache-sns/*/tags.yml <<'E2'
import sys
tags = dict(line.strip().split(": ") for line in open(sys.argv[1]))
total, avg = float(tags["TOTAL_POST_STORAGE_SIZE_BYTES"]), float(tags["AVG_POST_STORAGE_SIZE_BYTES"])
assert total > 10 * 1000 and abs(total - 10 * avg) < 1e-6 * total, tags
E2

sed 's/function:writer/function:published-writer/' cache.yml >stub.yml
# The reference's own writer: its reply has the body as an object, and its mean may be a float that is whole.
$python - "$here" stats.ready stats.log <<'E2' 2>stats.err &
import json, socket, sys
sys.path.insert(0, sys.argv[1])
import http_server
with socket.create_server(("127.0.0.1", 0)) as server:
    http_server.say_ready(sys.argv[2], f"http://127.0.0.1:{server.getsockname()[1]}")
    connection, _ = server.accept()
    with connection:
        lines, _, body, _ = http_server.read_request(connection, b"")
        open(sys.argv[3], "w").write(lines[0] + "\n" + body.decode())
        reply = json.dumps({"statusCode": 200, "body": {"-#STATS#-": 1, "stats": {"dataset.bytes": 5405, "dataset.avg_bytes": 2702.0}}})
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(reply)}\r\n\r\n{reply}".encode())
        connection.recv(1)
E2
stats_pid=$!
pids="$pids $stats_pid"
await test -s stats.ready
check 'sizes of a writer of the reference' env AWS_ENDPOINT_URL="$(cat stats.ready)" AWS_ACCESS_KEY_ID=XCYSANDBOXSTATS \
    AWS_SECRET_ACCESS_KEY=secret "$bin/gather" -c local.yml --reference-state stub.yml --messages "$golden/one/messages.jsonl" -o stub
check 'stand in the tags as they came' sh -c 'grep -qx "AVG_POST_STORAGE_SIZE_BYTES: 2702.0" stub/cache-sns/*/tags.yml &&
    grep -qx "TOTAL_POST_STORAGE_SIZE_BYTES: 5405" stub/cache-sns/*/tags.yml'
check 'the function of the state file was asked' grep -q '^POST .*/functions/published-writer/invocations' stats.log
check 'for STATS' grep -qF -- '-#STATS#-' stats.log

# MySQL: the server is asked, as another client sees it.
sed 's/^post_storage: dynamo/post_storage: mysql/' "$golden/one/last.yml" >mysql.yml
sed 's/^antipode_enabled: false/antipode_enabled: true/' mysql.yml >antipode.yml
client=$($python -c 'import json,sys; print(json.load(open(sys.argv[1]))["stores"]["mysql"]["client_file"])' "$ready")
$python - "$here" "$client" >mysql.sizes <<'E2'
import configparser, sys
sys.path.insert(0, sys.argv[1])
import mariadb_client
c = mariadb_client.Connection(sys.argv[2])
c.query("CREATE DATABASE published")
c.query("CREATE TABLE published.blobs (k VARCHAR(10) PRIMARY KEY, b LONGBLOB)")
for k in range(40):
    c.query(f"INSERT INTO published.blobs VALUES ('{k}', REPEAT('x', 3000))")
c.query("ANALYZE TABLE published.blobs")
row = c.query("SELECT AVG_ROW_LENGTH, DATA_LENGTH + INDEX_LENGTH FROM information_schema.TABLES "
              "WHERE TABLE_SCHEMA = 'published' AND TABLE_NAME = 'blobs'")[0]
print(*[v.decode() if isinstance(v, bytes) else v for v in row])
E2
option() {
    sed -n "s/^$1=//p" "$client" | head -n 1
}
deployment published.yml "  mysql: {writer_address: '$(option host):$(option port)', reader_address: '$(option host):$(option port)',
    user: $(option user), password_variable: PUBLISHED_PASSWORD, database: published}
  sns: {topic: notifications}" 'post_storage: mysql'
PUBLISHED_PASSWORD=$(option password)
check 'without the password' is_code 2 env -u PUBLISHED_PASSWORD "$bin/gather" -c published.yml --reference-state mysql.yml -o mysql
check 'it says which variable' says 'backends.mysql.password_variable: PUBLISHED_PASSWORD is not set; export it'
export PUBLISHED_PASSWORD
put 1 1 one
check 'a run of the reference over MySQL' is_code 0 "$bin/gather" -c published.yml --reference-state mysql.yml -o mysql
check 'has the sizes of information_schema' sh -c 'read -r avg total <mysql.sizes && [ "$avg" -gt 3000 ] &&
    grep -qx "AVG_POST_STORAGE_SIZE_BYTES: $avg" mysql/mysql-sns/*/tags.yml &&
    grep -qx "TOTAL_POST_STORAGE_SIZE_BYTES: $total" mysql/mysql-sns/*/tags.yml'
check 'a table that is not there' is_code 1 "$bin/gather" -c published.yml --reference-state antipode.yml -o mysql
check 'is named, before a message is taken' says 'the sizes of the posts: no table blobs-antipode in database published'
check 'a deployment that names no server' is_code 2 "$bin/gather" -c local.yml --reference-state mysql.yml -o mysql
check 'says what to do' says 'local.yml names no backends.mysql.writer_address to ask for the sizes of the posts; name it, or say --post-sizes TOTAL:AVERAGE'
check 'the sandbox ends when asked' stop_sandbox
finish

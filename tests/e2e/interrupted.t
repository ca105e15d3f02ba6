#!/bin/sh
# Killed, interrupted, full: nothing is lost and nothing is counted twice.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

# shellcheck disable=SC2016 # the program's own words
sums='import csv, json, os, struct, sys
run, truth = sys.argv[1:3]
records = list(csv.DictReader(open(run + "/records.csv")))
invoked = {}
for line in open(truth):
    event = json.loads(line)
    if event["op"] == "write":
        invoked[event["key"]] = invoked.get(event["key"], 0) + 1
evals = [json.loads(json.loads(line)["body"])["xcy"]["eval"] for line in open(run + "/evaluations.jsonl")]
sent = [us for (us,) in struct.iter_unpack("<q", open(run + "/sent.bin", "rb").read())]
n = {}
for r in records:
    n[r["class"]] = n.get(r["class"], 0) + 1
assert len(records) == len(sent), (len(records), len(sent))
assert len({r["i"] for r in records}) == len(records)
'
count() {
    $python -c "$sums
$1" "$run" "$truth" || {
        cat "$work/gather.out" "$work/gather.err" | tail -n 5
        return 1
    }
}
lines() {
    wc -l <"$1" 2>/dev/null || echo 0
}
has_lines() {
    [ "$(lines "$1")" -ge "$2" ]
}
# in_queue N: the queue holds so many messages, hidden ones included. send BODY: one more.
queue() {
    env AWS_ACCESS_KEY_ID="$key" AWS_SECRET_ACCESS_KEY="$secret" $python -c "import boto3, sys
sqs = boto3.client('sqs', endpoint_url='$endpoint', region_name='us-east-1')
url = sqs.get_queue_url(QueueName='evaluations')['QueueUrl']
$1" "$2"
}
in_queue() {
    queue 'counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
n = sum(int(v) for k, v in counts.items() if k.startswith("ApproximateNumberOfMessages"))
assert n == int(sys.argv[1]), counts' "$1"
}
send() {
    queue 'sqs.send_message(QueueUrl=url, MessageBody=sys.argv[1])' "$1"
}
gather() {
    "$bin/gather" -o "$runs" "$run" "$@" >"$work/gather.out" 2>"$work/gather.err"
}
# kill_gather LINES: kills gather, without warning, once the journal has so many lines.
kill_gather() {
    "$bin/gather" -o "$runs" "$run" >/dev/null 2>&1 &
    gather_pid=$!
    await has_lines "$run/evaluations.jsonl" "$1"
    kill -KILL "$gather_pid"
    wait "$gather_pid" || true
}

deployment "$work/local.yml" '  dynamo: {table: posts, replication: 30, writer_leg: 1, reader_leg: 1}
  sns: {topic: notifications, delivery: {model: uniform, low_ms: 5, high_ms: 60}}'
start_sandbox "$work/local.yml"
learn_keys

start_load kill-gather -r 400 --rate 80
for at in 1 40 130 250 390; do
    kill_gather "$at"
done
end_load
check 'gather ends well after being killed five times' gather
check 'every request has its evaluation, each counted once' count '
assert n.get("consistent", 0) + n.get("inconsistent", 0) == 400, n
assert len(set(evals)) == 400, len(set(evals))'
cp "$run/records.csv" "$work/before.csv"
printf '{"at_us":1795100000000000,"mess' >>"$run/evaluations.jsonl"
check 'a torn last line of the journal does not stop it' gather
check 'and gathering again changes nothing' cmp "$work/before.csv" "$run/records.csv"

# Killed between the journal and the deletion: the queue still has what is on the disk.
body=$($python -c 'import json, sys; print(json.loads(open(sys.argv[1]).readline())["body"])' "$run/evaluations.jsonl")
check 'the queue is empty by then' in_queue 0
send "$body"
check 'a gather whose run is whole does not ask the queue' gather
check 'and leaves what it holds' in_queue 1
touch "$run/gather.unfinished"
check 'one that follows a killed one does' gather
check 'and takes what it left there' in_queue 0
check 'which is a redelivery, no more' count '
before = list(csv.DictReader(open(sys.argv[2].replace("truth.jsonl", "before.csv"))))
changed = [set(k for k in a if a[k] != b[k]) for a, b in zip(before, records) if a != b]
assert changed == [{"flags"}], changed'

start_load kill-loadgen -r 2000 --rate 100
await has_lines "$run/requests.csv" 60
kill -KILL "$load_pid"
end_load >/dev/null || true
check 'a run whose generator was killed is gathered' gather
check 'what was sent is known, to the slot, and the sum is whole' count '
was_sent = [i for i, us in enumerate(sent) if us]
assert 60 <= len(was_sent) < 2000, len(was_sent)
skipped = [int(r["i"]) for r in records if r["class"] == "skipped"]
assert sorted(was_sent + skipped) == list(range(2000))
keys = {r["key"] for r in records if r["class"] in ("consistent", "inconsistent")}
assert len(keys) >= 60 - 1 and keys <= set(invoked)'

check 'analyze calls it not valid' is_code 3 "$bin/analyze" -o "$runs" "$run"
check 'and says why' says 'did not end in order'

start_load interrupt -r 2000 --rate 100
await has_lines "$run/requests.csv" 60
kill -INT "$load_pid"
end_load >/dev/null || true
check 'loadgen, interrupted, ends with 130' test "$load_code" -eq 130
check 'and says so' grep -qi 'interrupted' "$work/loadgen.err"
check 'the run is gathered' gather
check 'it is complete for what was sent' count '
was_sent = sum(1 for us in sent if us)
assert 60 <= was_sent < 2000
assert n.get("skipped", 0) == 2000 - was_sent, n
assert n.get("consistent", 0) + n.get("inconsistent", 0) == was_sent, n'

check 'the sandbox ends when asked' stop_sandbox
check 'nothing of it is left' nothing_left
finish

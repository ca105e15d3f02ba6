#!/bin/sh
# Debian's boto3 reads the same queue beside gather: takes messages and keeps them for a while, gives some back, deletes
# none. gather gets all of them, each once.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

# shellcheck disable=SC2016 # the program's own words
beside='import boto3, random, sys
sqs = boto3.client("sqs", endpoint_url=sys.argv[1], region_name="us-east-1")
url = sqs.get_queue_url(QueueName="evaluations")["QueueUrl"]
random.seed(5)
seen = 0
open(sys.argv[2], "w").close()
while open(sys.argv[3]).read() == "":
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=random.randint(1, 10), WaitTimeSeconds=random.randint(0, 1),
                                   VisibilityTimeout=random.randint(0, 2)).get("Messages", [])
    seen += len(messages)
    for m in messages:
        if random.random() < 0.3:
            try:
                sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=m["ReceiptHandle"], VisibilityTimeout=0)
            except sqs.exceptions.ClientError as e:  # its time was over, and somebody else has it
                assert e.response["Error"]["Code"] in ("InvalidParameterValue", "MessageNotInflight",
                    "AWS.SimpleQueueService.MessageNotInflight"), e
print(seen)'

deployment "$work/local.yml" '  dynamo: {table: posts, replication: 20}
  sns: {topic: notifications, delivery: 5}'
start_sandbox "$work/local.yml" --slots 4
learn_keys
: >"$work/over"
env AWS_ACCESS_KEY_ID="$key" AWS_SECRET_ACCESS_KEY="$secret" $python -c "$beside" "$endpoint" "$work/reads" "$work/over" >"$work/seen" 2>"$work/beside.err" &
beside_pid=$!
pids="$pids $beside_pid"
await test -e "$work/reads"
start_load beside -r 800 --rate 100
check 'gather, beside boto3' is_code 0 "$bin/gather" -o "$runs" --json "$run"
check 'the load has ended' end_load
echo over >"$work/over"
code=0
wait "$beside_pid" || code=$?
pids=$(echo "$pids" | sed "s/ $beside_pid//")
check 'boto3 came to its end' test "$code" -eq 0
sed 's/^/# /' "$work/beside.err"
check 'it had many of the messages in its hands' test "$(cat "$work/seen")" -ge 50
# shellcheck disable=SC2016 # the program's own words
check 'gather took every one, each once' $python -c 'import csv, json, sys
run, said = sys.argv[1], json.load(open(sys.argv[2]))
evals = [json.loads(json.loads(line)["body"])["xcy"]["eval"] for line in open(run + "/evaluations.jsonl")]
rows = list(csv.DictReader(open(run + "/records.csv")))
assert said["messages"]["matched"] == 800 and said["missing"] == 0, said
assert len(set(evals)) == 800 and {r["eval"] for r in rows} == set(evals)
assert max(json.loads(line)["receive_count"] for line in open(run + "/evaluations.jsonl")) > 1, "boto3 was in the way of none"' "$run" "$work/out"
check 'the sandbox ends when asked' stop_sandbox
check 'nothing of it is left' nothing_left
finish

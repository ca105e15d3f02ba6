#!/bin/sh
# Debian's awscli and boto3 as readers of the sandbox's DynamoDB Streams.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
# shellcheck source=tests/support/aws.sh
. "$(dirname "$0")/../support/aws.sh"

# field NAME: of the last answer, its first.
field() {
    sed -n "s/.*\"$1\": \"\\([^\"]*\\)\".*/\\1/p" "$work/aws.out" | head -n 1
}

deployment "$work/local.yml" '  dynamo: {replication: 40, stream: 20, stream_shards: 3}
  sns: {}'
start_sandbox "$work/local.yml"
learn_keys

check 'awscli lists the stream of the notifications' aws_says StreamArn us-east-1 dynamodbstreams list-streams --table-name notifications
arn=$(field StreamArn)
check 'awscli describes it' aws_says ShardId us-east-1 dynamodbstreams describe-stream --stream-arn "$arn"
shard=$(field ShardId)
check 'awscli gets an iterator' aws_says ShardIterator us-east-1 dynamodbstreams get-shard-iterator --stream-arn "$arn" --shard-id "$shard" --shard-iterator-type TRIM_HORIZON
check 'awscli gets its records' aws_says Records us-east-1 dynamodbstreams get-records --shard-iterator "$(field ShardIterator)"
check 'and where to go on' test -n "$(field NextShardIterator)"
check_tap boto3 "$python" "$here/streams_conformance.py" "$endpoint" "$key" "$secret" 60
check 'the sandbox ends when asked' stop_sandbox
finish

#!/bin/sh
# Debian's awscli and boto3 as readers of the sandbox's DynamoDB Streams.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

# streams REGION ARGUMENT...: what awscli says, in $work/aws.out.
streams() {
    region=$1
    shift
    env AWS_ACCESS_KEY_ID="$key" AWS_SECRET_ACCESS_KEY="$secret" AWS_DEFAULT_REGION="$region" AWS_PAGER='' \
        AWS_MAX_ATTEMPTS=1 HOME="$work" $python /usr/bin/aws --endpoint-url "$endpoint" --output json "$@" >"$work/aws.out"
}
# field NAME: of the last answer, its first.
field() {
    sed -n "s/.*\"$1\": \"\\([^\"]*\\)\".*/\\1/p" "$work/aws.out" | head -n 1
}

deployment "$work/local.yml" '  dynamo: {replication: 40, stream: 20, stream_shards: 3}
  sns: {}'
start_sandbox "$work/local.yml"
learn_keys

check 'awscli lists the stream of the notifications' streams us-east-1 dynamodbstreams list-streams --table-name notifications
arn=$(field StreamArn)
check 'awscli describes it' streams us-east-1 dynamodbstreams describe-stream --stream-arn "$arn"
shard=$(field ShardId)
check 'awscli gets an iterator' streams us-east-1 dynamodbstreams get-shard-iterator --stream-arn "$arn" --shard-id "$shard" --shard-iterator-type TRIM_HORIZON
check 'awscli gets its records' streams us-east-1 dynamodbstreams get-records --shard-iterator "$(field ShardIterator)"
check 'and where to go on' test -n "$(field NextShardIterator)"
$python "$here/streams_conformance.py" "$endpoint" "$key" "$secret" 60 >"$work/boto.tap" 2>&1 || true
grep -E '^(ok|not ok|#)' "$work/boto.tap" | sed 's/^\(not \)\{0,1\}ok [0-9]* - /\1ok - /' >"$work/boto.lines"
while IFS= read -r line; do
    case $line in
    'ok - '*) check "${line#ok - }" true ;;
    'not ok - '*) check "${line#not ok - }" false ;;
    *) echo "$line" ;;
    esac
done <"$work/boto.lines"
check 'the boto3 part came to its end' grep -q '^1\.\.[1-9]' "$work/boto.tap"
check 'the sandbox ends when asked' stop_sandbox
finish

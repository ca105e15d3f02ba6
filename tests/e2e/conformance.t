#!/bin/sh
# Debian's awscli and boto3 as users of the sandbox: they sign for themselves.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

aws_says() {
    words=$1
    region=$2
    shift 2
    env AWS_ACCESS_KEY_ID="$key" AWS_SECRET_ACCESS_KEY="$secret" AWS_DEFAULT_REGION="$region" AWS_PAGER='' \
        AWS_MAX_ATTEMPTS=1 HOME="$work" $python /usr/bin/aws --endpoint-url "$endpoint" --output json "$@" >"$work/aws.out" 2>&1 && echo 'exit 0' >>"$work/aws.out"
    grep -q -- "$words" "$work/aws.out" || {
        cat "$work/aws.out"
        return 1
    }
}

deployment "$work/local.yml" '  dynamo: {table: posts, replication: 20}
  sns: {topic: notifications, delivery: 5}'
start_sandbox "$work/local.yml"
learn_keys

check 'awscli finds the evaluation queue' aws_says evaluations us-east-1 sqs get-queue-url --queue-name evaluations
url=$(sed -n 's/.*"QueueUrl": "\(.*\)".*/\1/p' "$work/aws.out")
check 'awscli sends a message' aws_says MD5OfMessageBody us-east-1 sqs send-message --queue-url "$url" --message-body hello
check 'awscli receives it' aws_says hello us-east-1 sqs receive-message --queue-url "$url" --wait-time-seconds 5
check 'awscli reads attributes' aws_says ApproximateNumberOfMessages us-east-1 sqs get-queue-attributes --queue-url "$url" --attribute-names All
check 'awscli lists topics' aws_says :notifications eu-central-1 sns list-topics
topic=$(sed -n 's/.*"TopicArn": "\(.*\)".*/\1/p' "$work/aws.out" | head -n 1)
check 'awscli publishes' aws_says MessageId eu-central-1 sns publish --topic-arn "$topic" --message hello
check 'awscli puts an item' aws_says 'exit 0' eu-central-1 dynamodb put-item --table-name posts --item '{"key": {"S": "aws"}, "body": {"S": "b"}}'
check 'awscli gets it strongly' aws_says '"aws"' eu-central-1 dynamodb get-item --table-name posts --key '{"key": {"S": "aws"}}' --consistent-read
check 'awscli gets a function' aws_says '"State": "Active"' eu-central-1 lambda get-function --function-name writer
check 'awscli invokes a function' aws_says '"StatusCode": 200' eu-central-1 lambda invoke --function-name writer --cli-binary-format raw-in-base64-out \
    --payload '{"i": 5, "key": "5ABCDEFGHI", "client_sent_at": 1795100000.5}' "$work/payload.json"
check 'and gets the writer reply' grep -q '"statusCode": *200' "$work/payload.json"
check 'awscli updates a configuration' aws_says '"LastUpdateStatus"' us-east-1 lambda update-function-configuration --function-name reader --timeout 20
check 'with a wrong secret awscli is refused' sh -c "! env AWS_ACCESS_KEY_ID=$key AWS_SECRET_ACCESS_KEY=wrong AWS_DEFAULT_REGION=us-east-1 HOME=$work $python /usr/bin/aws --endpoint-url $endpoint sqs list-queues"
$python "$here/conformance.py" "$endpoint" "$key" "$secret" >"$work/boto.tap" 2>&1 || true
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

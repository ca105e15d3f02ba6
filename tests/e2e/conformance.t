#!/bin/sh
# Debian's awscli and boto3 as users of the sandbox: they sign for themselves.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
# shellcheck source=tests/support/aws.sh
. "$(dirname "$0")/../support/aws.sh"

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
check 'awscli puts an item' aws_runs "$secret" eu-central-1 dynamodb put-item --table-name posts --item '{"key": {"S": "aws"}, "body": {"S": "b"}}'
check 'awscli gets it strongly' aws_says '"aws"' eu-central-1 dynamodb get-item --table-name posts --key '{"key": {"S": "aws"}}' --consistent-read
check 'awscli gets a function' aws_says '"State": "Active"' eu-central-1 lambda get-function --function-name writer
check 'awscli invokes a function' aws_says '"StatusCode": 200' eu-central-1 lambda invoke --function-name writer --cli-binary-format raw-in-base64-out \
    --payload '{"i": 5, "key": "5ABCDEFGHI", "client_sent_at": 1795100000.5}' "$work/payload.json"
check 'and gets the writer reply' grep -q '"statusCode": *200' "$work/payload.json"
check 'awscli updates a configuration' aws_says '"LastUpdateStatus"' us-east-1 lambda update-function-configuration --function-name reader --timeout 20
wrong_secret() {
    ! aws_runs wrong us-east-1 sqs list-queues && grep -q 'InvalidSignatureException\|SignatureDoesNotMatch' "$work/aws.out"
}
check 'with a wrong secret awscli is refused' wrong_secret
check_tap boto3 "$python" "$here/conformance.py" "$endpoint" "$key" "$secret"
check 'the sandbox ends when asked' stop_sandbox
finish

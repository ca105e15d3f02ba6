#!/bin/sh
# Debian's awscli and boto3 as users of the sandbox's S3: they sign for themselves.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
# shellcheck source=tests/support/aws.sh
. "$(dirname "$0")/../support/aws.sh"

deployment "$work/s3.yml" '  s3: {replication: {model: gate}}
  sns: {topic: notifications, delivery: 5}' 'post_storage: s3'
start_sandbox "$work/s3.yml"
learn_keys
printf 'häl lo' >"$work/body"

check 'awscli lists the buckets' aws_says posts-reader eu-central-1 s3api list-buckets
check 'awscli puts an object with metadata' aws_says '"VersionId": "[A-Za-z0-9._]\{32\}"' eu-central-1 s3api put-object \
    --bucket posts-writer --key 'a b/ü~+&=.txt' --body "$work/body" --metadata cid=123,Name=Value
check 'awscli reads its head' aws_says '"cid": "123"' eu-central-1 s3api head-object --bucket posts-writer --key 'a b/ü~+&=.txt'
check 'which says that it is on its way' grep -q '"ReplicationStatus": "PENDING"' "$work/aws.out"
check 'awscli gets it' aws_says '"name": "Value"' eu-central-1 s3api get-object --bucket posts-writer --key 'a b/ü~+&=.txt' "$work/got"
check 'as it was' cmp "$work/body" "$work/got"
check 'awscli lists it' aws_says '"Key": "a b/ü~+&=.txt"' eu-central-1 s3api list-objects-v2 --bucket posts-writer
check 'in the older form, too' aws_says '"Key": "a b/ü~+&=.txt"' eu-central-1 s3api list-objects --bucket posts-writer
check 'with its version' aws_says '"IsLatest": true' eu-central-1 s3api list-object-versions --bucket posts-writer
check 'a key that is not there is refused' aws_is_refused 'NoSuchKey' eu-central-1 s3api get-object --bucket posts-writer --key none "$work/got"
check 'a head of one, by its status only' aws_is_refused '(404).*HeadObject.*Not Found' eu-central-1 s3api head-object --bucket posts-writer --key none
check 'a bucket that is not there is refused' aws_is_refused 'NoSuchBucket' eu-central-1 s3api list-objects-v2 --bucket no-such-bucket
wrong_secret() {
    ! aws_runs wrong eu-central-1 s3api list-objects-v2 --bucket posts-writer && grep -q SignatureDoesNotMatch "$work/aws.out"
}
check 'with a wrong secret awscli is refused' wrong_secret
check 'awscli deletes it, which is a marker' aws_says '"DeleteMarker": true' eu-central-1 s3api delete-object --bucket posts-writer --key 'a b/ü~+&=.txt'
check 'awscli copies a file into a bucket' aws_says 'upload' eu-central-1 s3 cp "$work/body" s3://posts-writer/copied
check 'and out of it' aws_says 'download' eu-central-1 s3 cp s3://posts-writer/copied "$work/got"
check 'whole' cmp "$work/body" "$work/got"
check 'awscli lists like a folder' aws_says 'copied' eu-central-1 s3 ls s3://posts-writer/
check 'awscli removes it' aws_says 'delete' eu-central-1 s3 rm s3://posts-writer/copied
check_tap boto3 "$python" "$here/s3_conformance.py" "$endpoint" "$key" "$secret"
check 'the sandbox ends when asked' stop_sandbox
check 'and leaves nothing' nothing_left
finish

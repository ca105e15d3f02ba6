#!/bin/sh
# Credentials from every place where AWS's tools look, against a sandbox with an STS: assumed, refreshed in
# the middle of a run, over, and never told to anyone.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
# shellcheck source=tests/support/aws.sh
. "$(dirname "$0")/../support/aws.sh"
export HOME="$work" AWS_REGION=eu-central-1
mkdir "$work/.aws"

deployment "$work/keys.yml" '  dynamo: {table: posts, replication: 5, settle: 0, writer_leg: 1, reader_leg: 1}
  sns: {topic: notifications, delivery: 20}'
start_sandbox "$work/keys.yml"
learn_keys
web_token=$XDG_RUNTIME_DIR/xcybench/sandbox-${endpoint##*:}/web-identity-token

check 'the web identity is for its user alone' test "$(stat -c %a "$web_token")" = 600
check_tap boto3 "$python" "$here/credentials_conformance.py" "$endpoint" "$key" "$secret" "$web_token"
check 'awscli assumes a role' aws_says XCYSANDBOXTEMP eu-central-1 sts assume-role --role-arn arn:aws:iam::000000000000:role/cli \
    --role-session-name cli

# A container's endpoint and an instance's metadata; keys last four seconds.
start_metadata() {
    log=$work/metadata.log
    : >"$log"
    printf '%s\n' "$secret" hush XCYSANDBOXTOKEN XCYSANDBOXWEB wJalrXUtn >"$log.secrets"
    $python "$here/metadata_server.py" "$work/metadata.ready" "$log" "$endpoint" "$key" "$secret" 4 2>"$work/metadata.err" &
    pids="$pids $!"
    await test -s "$work/metadata.ready"
    metadata=$(cat "$work/metadata.ready")
}
start_metadata

# The profiles, and a process that prints keys for so many seconds.
cat >"$work/.aws/credentials" <<E2
[base]
aws_access_key_id = $key
aws_secret_access_key = $secret
[real]
aws_access_key_id = AKIAREALKEY
aws_secret_access_key = hush-real-secret
E2
cat >"$work/.aws/config" <<E2
[profile role]
role_arn = arn:aws:iam::000000000000:role/gen
source_profile = base
role_session_name = e2e
external_id = hush-external-id
duration_seconds = 6
[profile chained]
role_arn = arn:aws:iam::000000000000:role/second
source_profile = role
[profile web]
role_arn = arn:aws:iam::000000000000:role/web
web_identity_token_file = $web_token
[profile process]
credential_process = "$work/give keys" 4
[profile broken]
credential_process = "$work/give keys" broken hush-argument
[profile realrole]
role_arn = arn:aws:iam::000000000000:role/gen
source_profile = real
[profile machine]
role_arn = arn:aws:iam::000000000000:role/gen
credential_source = Ec2InstanceMetadata
[profile sso]
sso_session = work
sso_account_id = 000000000000
E2
chmod 600 "$work/.aws/credentials"
cat >"$work/give keys" <<E2
#!$python
import sys, json, urllib.request
if sys.argv[1] == "broken":
    sys.exit("cannot log in: the key wJalrXUtnFEMI7MDENGbPxRfiCYEXAMPLE is no good")
url = open("$work/metadata.ready").read() + "/container/" + sys.argv[1]
asked = urllib.request.Request(url, headers={"Authorization": "hush-container-token"})
got = json.load(urllib.request.urlopen(asked))
print(json.dumps({**got, "Version": 1, "SessionToken": got["Token"]}))
E2
chmod 700 "$work/give keys"

# What it was asked for after the first line of the truth log that is not seen yet.
assumed() {
    grep '"op":"assume"' "$truth" | sed 's/.*"arn":"\([^"]*\)".*/\1/' | tail -n "+$((seen + 1))" >"$work/assumed"
}
see() {
    seen=$(grep -c '"op":"assume"' "$truth" || true)
}
nothing_asked() {
    assumed
    [ ! -s "$work/assumed" ]
}
# speaks ROLE VARIABLE=VALUE...: deploy, which asks Lambda, speaks as this role.
speaks() {
    role=$1
    shift
    see
    env XCY_SANDBOX_CREDENTIALS=chain "$@" "$bin/deploy" -c "$config" 2>"$work/err" || {
        cat "$work/err"
        return 1
    }
    assumed
    tail -n 1 "$work/assumed" | grep "$role"
}
# is_refused CODE WORDS VARIABLE=VALUE...: it cannot speak, and says so in one line without a secret.
is_refused() {
    refusal_code=$1
    refusal=$2
    shift 2
    see
    is_code "$refusal_code" env XCY_SANDBOX_CREDENTIALS=chain "$@" "$bin/deploy" -c "$config" && says "$refusal" && no_secret "$work/err" "$work/out"
}
# no_secret FILE_OR_FOLDER...: all of them are there, and none has one.
no_secret() {
    grep_code=0
    grep -rlFf "$log.secrets" -- "$@" || grep_code=$?
    [ "$grep_code" -eq 1 ]
}

check 'a role by source_profile' speaks assumed-role/gen/e2e AWS_PROFILE=role
check 'a role by a role' speaks assumed-role/second/xcybench- AWS_PROFILE=chained
check 'a role by a web identity in a profile' speaks assumed-role/web/xcybench- AWS_PROFILE=web
check 'a role by a web identity in the environment' speaks assumed-role/env/me AWS_WEB_IDENTITY_TOKEN_FILE="$web_token" \
    AWS_ROLE_ARN=arn:aws:iam::000000000000:role/env AWS_ROLE_SESSION_NAME=me
check 'a credential_process, whose name has a blank' speaks assumed-role/machine/machine AWS_PROFILE=process
check "one that fails is told with its words, but for what may be a secret" is_refused 1 \
    'credential_process of profile broken: it ended with exit code 1: cannot log in: the key *** is no good' AWS_PROFILE=broken
check "a real key behind a role does not go to the sandbox" is_refused 1 "the access key behind it is not a sandbox's" AWS_PROFILE=realrole
check 'nothing was asked of the STS for it' nothing_asked
check "nor one of a profile" is_refused 1 "its access key is not a sandbox's" AWS_PROFILE=real
echo 'a token of somebody else' >"$work/token"
check "nor a token" is_refused 1 "is not a sandbox's, and no other ever goes to" AWS_WEB_IDENTITY_TOKEN_FILE="$work/token" \
    AWS_ROLE_ARN=arn:aws:iam::000000000000:role/env
check 'single sign-on is not supported, and what to do is said' is_refused 1 'single sign-on is not supported; use `aws configure export-credentials' \
    AWS_PROFILE=sso
check 'a profile that is nowhere' is_refused 1 'AWS_PROFILE names a profile that is nowhere: looked for' AWS_PROFILE=nowhere
check 'an endpoint of another kind for one service' is_refused 2 'AWS_ENDPOINT_URL_LAMBDA leads to another machine' AWS_PROFILE=role \
    AWS_ENDPOINT_URL_LAMBDA=https://lambda.eu-central-1.amazonaws.com

# The container's endpoint and the instance's metadata.
printf 'hush-container-token\n' >"$work/container-token"
container="AWS_CONTAINER_CREDENTIALS_FULL_URI=$metadata/container"
instance="AWS_EC2_METADATA_SERVICE_ENDPOINT=$metadata/ AWS_EC2_METADATA_DISABLED=false"
check 'the endpoint of a container' speaks assumed-role/machine/machine "$container" AWS_CONTAINER_AUTHORIZATION_TOKEN=hush-container-token
check 'with the token in a file' speaks assumed-role/machine/machine "$container" AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE="$work/container-token"
check 'without it it is refused' is_refused 1 'HTTP 401' "$container"
check 'in the clear only this machine and the agents may be told it' is_refused 2 'leads to example.com in the clear' \
    AWS_CONTAINER_CREDENTIALS_FULL_URI=http://example.com/container
# shellcheck disable=SC2086 # two variables
check 'the metadata of an instance' speaks assumed-role/machine/machine $instance
# shellcheck disable=SC2086
check 'a role by credential_source' speaks assumed-role/gen/xcybench- AWS_PROFILE=machine $instance
check 'the token is asked for first' grep -q '^PUT /latest/api/token 200' "$log"
check 'the container comes before the instance' speaks assumed-role/machine/machine AWS_CONTAINER_AUTHORIZATION_TOKEN=hush-container-token \
    "$container" AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:1 AWS_EC2_METADATA_DISABLED=false
check 'where nobody answers every place is named' is_refused 1 \
    'looked for a sandbox'"'"'s AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment; AWS_WEB_IDENTITY_TOKEN_FILE; [default] in' \
    AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:1 AWS_EC2_METADATA_DISABLED=false
check 'the last one, too' grep -q 'instance metadata at http://127.0.0.1:1 (' "$work/err"

# all_ok: no request of the run failed, and none for its credentials; and the keys were replaced meanwhile.
all_ok() {
    $python - "$run" "$1" <<'E2'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1] + "/requests.csv")))
outcomes = {r["outcome"] for r in rows}
assert len(rows) == int(sys.argv[2]) and outcomes == {"ok"}, (len(rows), outcomes)
E2
}
replaced() {
    assumed
    n=$(grep -c "$1" "$work/assumed")
    echo "$n times $1"
    [ "$n" -ge "$2" ]
}
export XCY_SANDBOX_CREDENTIALS=chain
see
export AWS_PROFILE=role
# The command lines of our processes, as everybody on the machine can read them.
$python -c 'import glob, os, sys, time
seen, bin, into = set(), os.fsencode(sys.argv[1]), sys.argv[2]
while not os.path.exists(into + ".over"):
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            seen.add(open(path, "rb").read())
        except OSError:
            pass  # it has ended
    with open(into, "wb") as file:
        file.writelines(line.replace(b"\0", b" ") + b"\n" for line in sorted(seen) if line.startswith(bin))
    time.sleep(0.1)' "$bin" "$work/commands" &
watch_pid=$!
pids="$pids $watch_pid"
check 'a run that outlives its keys three times is gathered' measure role -r 900 --rate 50
: >"$work/commands.over"
wait "$watch_pid"
pids=$(echo "$pids" | sed "s/ $watch_pid//")
all_seen() {
    for name in sandbox loadgen gather writer reader; do
        grep -q "^$bin/$name" "$work/commands" || return 1
    done
}
check 'the command lines of all our programs were seen meanwhile' all_seen
check 'none has a secret' no_secret "$work/commands"
check 'every request came back' all_ok 900
check 'every evaluation came' grep -q '^planned = .*: 900 = ' "$work/gather.out"
check 'loadgen and gather had the keys replaced meanwhile' replaced assumed-role/gen/e2e 8
check 'nobody saw one' no_secret "$runs" "$work/loadgen.out" "$work/loadgen.err" "$work/gather.out" "$work/gather.err"
unset AWS_PROFILE

# Keys that were put into the environment are nobody's to refresh.
give_keys() {
    "$work/give keys" "$1" >"$work/given"
    AWS_ACCESS_KEY_ID=$($python -c 'import json,sys; print(json.load(open(sys.argv[1]))["AccessKeyId"])' "$work/given")
    AWS_SECRET_ACCESS_KEY=$($python -c 'import json,sys; print(json.load(open(sys.argv[1]))["SecretAccessKey"])' "$work/given")
    AWS_SESSION_TOKEN=$($python -c 'import json,sys; print(json.load(open(sys.argv[1]))["SessionToken"])' "$work/given")
    export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
}
give_keys 3600
check 'temporary keys in the environment' is_code 0 "$bin/deploy" -c "$config"
give_keys 1
is_over() {
    ! "$bin/deploy" -c "$config"
}
await is_over
check 'which are over' is_code 1 "$bin/deploy" -c "$config"
check 'are said to be' says 'ExpiredTokenException: The security token included in the request is expired (the session token of the environment has expired: get new credentials)'
check 'without a secret' no_secret "$work/err" "$work/out"
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN

# Refreshing fails in the middle of a run.
export AWS_CONTAINER_CREDENTIALS_FULL_URI="$metadata/container" AWS_CONTAINER_AUTHORIZATION_TOKEN=hush-container-token
start_load lost -r 100000 --rate 50
await answered 50
touch "$log.broken"
lost() {
    load_code=0
    wait "$load_pid" || load_code=$?
    pids=$(echo "$pids" | sed "s/ $load_pid//")
    cat "$work/loadgen.err"
    [ "$load_code" -eq 1 ] && grep -c 'loadgen: stopped after [0-9]* of 100000 requests: the credentials have expired and could not be refreshed: the container.s endpoint .*: HTTP 500$' "$work/loadgen.err"
}
three_lines() {
    cat "$work/loadgen.err"
    [ "$(wc -l <"$work/loadgen.err")" -eq 3 ]
}
check 'a run whose keys cannot be refreshed ends, and says why' lost
check 'it warned before, once' test "$(grep -c 'could not be refreshed and hold for another' "$work/loadgen.err")" -eq 1
check 'that it stops, and why' three_lines
check 'what was sent is kept' grep -q 'state: interrupted' "$run/run.yml"
rm "$log.broken"
check 'nobody saw a key' no_secret "$work"/runs-* "$work/loadgen.out" "$work/loadgen.err"
unset AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_AUTHORIZATION_TOKEN XCY_SANDBOX_CREDENTIALS
check 'gather takes what came' ran "$bin/gather" -o "$runs" "$run" --quiet 1s

check 'neither the sandbox nor its log of decisions told one' no_secret "$work/sandbox.log" "$truth"
check 'the sandbox ends when asked' stop_sandbox
check 'and leaves nothing' nothing_left
finish

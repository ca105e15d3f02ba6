#!/bin/sh
# `sandbox faults`: what a running sandbox injects, shown and changed, by who has its key only.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
cd "$work"

sandbox="$bin/sandbox"
# refused WORDS ARGUMENT...: exit code 2, one line with these words.
refused() {
    refused_with=$1
    shift
    is_code 2 "$sandbox" faults --port "$port" "$@" && says "$refused_with"
}
# rows TEXT: what the table shows, with single blanks.
rows() {
    "$sandbox" faults --port "$port" >out && tr -s ' ' <out | sed 's/ $//' >squeezed
    cat squeezed
    [ "$(cat squeezed)" = "$1" ]
}

deployment world.yml '  dynamo: {}
  sns: {}' 'faults: {sns: {error_503: 0.25}, clocks: {writer_offset_ms: 0}}'
port=1
check 'where no sandbox runs' is_code 1 "$sandbox" faults --port 1
check 'it says so' says 'no sandbox runs on port 1'
sed 's/error_503/eror_503/' world.yml >wrong.yml
check 'a misspelt fault of a deployment' is_code 2 "$sandbox" -c wrong.yml
check 'is named with its line and the nearest one' says "wrong.yml:6: unknown key 'eror_503'; did you mean 'error_503'?"
check 'the options of sandbox faults' is_code 2 "$sandbox" --off
check 'are of no other command' says 'sandbox faults'

start_sandbox world.yml
port=${endpoint##*:}
check 'the sandbox says at its start what goes wrong' grep -q 'faults are injected on demand: sns.error_503=0.25$' "$work/sandbox.log"
check 'what the deployment asks for is on' rows 'fault setting asked injected
sns.error_503 0.25 0 0'
check 'it can be changed' is_code 0 "$sandbox" faults --port "$port" sqs.duplicated=0.02 replication.stalled=true
check 'the rest stays' rows 'fault setting asked injected
sqs.duplicated 0.02 0 0
sns.error_503 0.25 0 0
replication.stalled true 1 1'
check 'a misspelt one' refused "unknown fault 'sqs.duplcated'; did you mean 'sqs.duplicated'?" sqs.duplcated=1
check 'a share above 1' refused 'sns.throttled must be a number, 0..1, got 2' sqs.duplicated=0 sns.throttled=2
check 'a switch with a number' refused 'replication.stalled must be true or false, got 1' replication.stalled=1
check 'no setting' refused "'sqs.duplicated' is not of the form SCOPE.FAULT=SETTING" sqs.duplicated
check 'have changed nothing' rows 'fault setting asked injected
sqs.duplicated 0.02 0 0
sns.error_503 0.25 0 0
replication.stalled true 1 1'

as_json='import json, sys
all = json.load(sys.stdin)
assert all["sqs"]["duplicated"] == {"setting": 0.02, "asked": 0, "injected": 0}, all["sqs"]
assert all["replication"]["stalled"]["setting"] is True
print(sum(len(scope) for scope in all.values()))'
"$sandbox" faults --port "$port" --all | tail -n +2 | wc -l | tr -d ' ' >n_all
check '--json has all of them' sh -c "'$sandbox' faults --port $port --json | $python -c '$as_json' >n && diff n n_all"
check 'so does the table with --all' test "$(cat n_all)" -eq "$(grep -c '^| `' "$top/docs/faults.md")"
status='import json, sys, urllib.request
faults = json.load(urllib.request.urlopen(sys.argv[1] + "/_sandbox/status"))["faults"]
assert faults["sqs"] == {"duplicated": {"setting": 0.02, "asked": 0, "injected": 0}}, faults
assert set(faults) == {"sqs", "sns", "replication"}, faults'
check 'and the status page those that are on' $python -c "$status" "$endpoint"

# What a web page could send: no signature, or one for another service.
unsigned='import sys, urllib.request, urllib.error
for path in "/faults", "/_sandbox/faults":
    for method, body in ("GET", None), ("POST", b"{\"sqs\": {\"duplicated\": 1}}"):
        try:
            urllib.request.urlopen(urllib.request.Request(sys.argv[1] + path, body, {"Content-Type": "application/json"}, method=method))
        except urllib.error.HTTPError as refusal:
            assert refusal.code in (403, 404), refusal.code
        else:
            raise SystemExit(method + " " + path + " was answered")'
check 'without a signature nothing is told or changed' $python -c "$unsigned" "$endpoint"
learn_keys
signed='import sys, urllib.request, urllib.error
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
endpoint, key, secret = sys.argv[1:]
for service, method, path, body, expected in (
    ("sandbox", "GET", "/faults", None, 200), ("sandbox", "POST", "/faults", b"{\"sqs\": {\"reordered\": 0.5}}", 200),
    ("sandbox", "POST", "/faults", b"{\"sqs\": {\"reordered\": 7}}", 400), ("sandbox", "POST", "/faults", b"{", 400),
    ("sandbox", "PUT", "/faults", b"{}", 405), ("sandbox", "GET", "/else", None, 404),
    ("lambda", "POST", "/faults", b"{\"sqs\": {\"duplicated\": 1}}", 404)):
    request = AWSRequest(method, endpoint + path, {"Content-Type": "application/json"}, body)
    SigV4Auth(Credentials(key, secret), service, "eu-central-1").add_auth(request)
    try:
        code = urllib.request.urlopen(urllib.request.Request(endpoint + path, body, dict(request.headers), method=method)).status
    except urllib.error.HTTPError as refusal:
        code = refusal.code
        assert len(refusal.read().splitlines()) == 1
    assert code == expected, (service, method, path, body, code)'
check 'with the key of the sandbox, for its service, it is' $python -c "$signed" "$endpoint" "$key" "$secret"
check 'as asked' rows 'fault setting asked injected
sqs.duplicated 0.02 0 0
sqs.reordered 0.5 0 0
sns.error_503 0.25 0 0
replication.stalled true 1 1'
check '--off ends all, before what stands beside it' is_code 0 "$sandbox" faults --port "$port" --off s3.throttled=1
check 'and nothing else is on' rows 'fault setting asked injected
s3.throttled 1 0 0
replication.stalled false 1 1'
check 'off' is_code 0 "$sandbox" faults --port "$port" --off
check 'nothing is, and what was injected stays to be seen' rows 'fault setting asked injected
replication.stalled false 1 1'
check 'the log has the last change' grep -q 'faults from now on: none$' "$work/sandbox.log"
check 'the sandbox ends' stop_sandbox
cp "$top/samples/faults.yml" sample.yml
sed -i 's/^endpoint.*//' sample.yml
check 'the sample is a deployment' sh -c "'$sandbox' faults -c sample.yml --port 1 2>err; grep -q 'no sandbox runs' err"
finish

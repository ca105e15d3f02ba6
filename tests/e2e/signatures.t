#!/bin/sh
# Every kind of request of ours: signed as botocore signs it, accepted by the sandbox, and refused
# with one byte changed.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

every_request=$bin/../tests/support/every_request

# answers LABEL PATTERN N: of the requests with these names, N were answered so.
answers() {
    grep "^$1 " "$work/out"
    [ "$(grep -c "^$1 [^:]*: $2" "$work/out")" -eq "$3" ]
}

check_tap reverified "$python" "$here/signatures.py" reverify "$every_request"

deployment "$work/local.yml" '  dynamo: {table: posts, replication: 20}
  sns: {topic: notifications, delivery: 5}'
start_sandbox "$work/local.yml"
check 'one request of every kind goes to the sandbox' is_code 0 "$every_request" "$endpoint"
check 'none of them is refused' sh -c "! grep ': refused' '$work/out'"
check 'all with names that the sandbox has succeed' answers plain 'ok$' 18
check 'one cannot be signed and is not sent' answers plain 'failed .*cannot be signed' 1
check 'those with odd names are answered, each in words of its service' answers odd '\(ok$\|failed .*: [A-Za-z.]*: \)' 18

learn_keys
check_tap replayed "$python" "$here/signatures.py" replay "$every_request" "$endpoint" "$key" "$secret"
check 'the sandbox ends when asked' stop_sandbox
finish

#!/bin/sh
# Wrong input gets one clear line and the right exit code, before anything is begun.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
cd "$work"

nothing_begun() {
    [ ! -e runs ] || {
        find runs
        return 1
    }
}

printf 'writer: {region: eu, function: writer}\nqueeu: evaluations\n' >unknown.yml
check 'an unknown key' is_code 2 "$bin/loadgen" -c unknown.yml -r 1
check 'is named with file, line and the nearest known one' says "unknown.yml:2: unknown key 'queeu'; did you mean 'queue'?"
printf 'delay_ms: soon\n' >type.yml
check 'a wrong type' is_code 2 "$bin/deploy" -c type.yml
check 'is named with file, line and key' says 'type.yml:1: delay_ms'
check 'a missing file' is_code 2 "$bin/sandbox" -c nowhere.yml
check 'is named' says 'nowhere.yml: no such file'
check 'a value out of range' is_code 2 "$bin/loadgen" --rate 0
check 'is named with its range' says '--rate'
check 'a missing run' is_code 1 "$bin/analyze" runs/nothing
check 'is named' says 'runs/nothing'
check 'analyze before any run' is_code 1 "$bin/analyze"
check 'says what to do' says 'loadgen'
check 'a plot config that is not there' is_code 2 "$bin/plot" none.yml
check 'is named' says 'none.yml'
printf 'consistency_windwo: {}\n' >plots.yml
check 'a misspelt plot' is_code 2 "$bin/plot" plots.yml
check 'is named with the nearest known one' says "did you mean 'consistency_window'?"
check 'a storage that no one knows' is_code 2 "$bin/deploy" --post-storage dynmo
check 'is named with the nearest known one' says 'dynamo'

check 'no sandbox' is_code 1 "$bin/loadgen" -r 1
check 'says how to start one' says 'sandbox -c samples/local.yml'
check 'and begins nothing' nothing_begun

deployment local.yml '  dynamo: {table: posts}
  sns: {topic: notifications}'
start_sandbox local.yml
check 'a second sandbox on the same port' is_code 1 "$bin/sandbox" -c local.yml --port "${endpoint##*:}"
check 'is told so, and what to do' says "${endpoint##*:}"
check 'and the first one still answers' is_code 0 "$bin/deploy"
check 'wrong credentials' is_code 1 env AWS_ACCESS_KEY_ID=XCYSANDBOXWRONGKEY AWS_SECRET_ACCESS_KEY=very-secret-text "$bin/loadgen" -r 1
check 'are named' says 'ecurity token'
check 'without the secret' sh -c '! grep -q very-secret-text err'
check 'and begin nothing' nothing_begun
check 'the user'"'"'s real key does not go to a loopback endpoint' is_code 0 env AWS_ACCESS_KEY_ID=AKIAREALKEY AWS_SECRET_ACCESS_KEY=real "$bin/deploy" -c local.yml
check 'an unreachable endpoint' is_code 1 env AWS_ENDPOINT_URL=http://127.0.0.1:1 AWS_ACCESS_KEY_ID=XCYSANDBOXX AWS_SECRET_ACCESS_KEY=x "$bin/loadgen" -c local.yml -r 1
check 'is named' says '127.0.0.1:1'
: >file
check 'a run directory that cannot be made' is_code 1 "$bin/loadgen" -c local.yml -r 1 -o file/runs
check 'is named with the reason' says 'file'
check 'a plan beyond the concurrency limit' is_code 2 "$bin/loadgen" -c local.yml -r 100000 --rate 100000
check 'is refused with the numbers' says '1000'
sed '/^reader:/s/1000/2/' local.yml >limited.yml
check 'forced, such a plan runs, but' is_code 3 "$bin/loadgen" -c limited.yml -r 4 --rate 40 --force --lag-bound-ms 60000
check 'its result is not valid' grep -q 'TARGET_LIMITED: .*concurrency limit (forced)' err
check 'a combination that the deployment does not list' is_code 2 "$bin/deploy" -c local.yml --post-storage cache
check 'is refused' says 'cache'
check 'the sandbox ends when asked' stop_sandbox
finish

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
check 'a misspelt command' is_code 2 "$bin/analyze" wndows --json
check 'is told which was meant, where a run was looked for' says "analyze: unknown command 'wndows'; did you mean 'windows'?"
check 'one of plot' is_code 2 "$bin/plot" reprt
check 'is told, too, where a config was looked for' says "try 'plot report --help'"
cp plots.yml reprt
check 'a config that is called nearly as a command' is_code 2 "$bin/plot" reprt
check 'is read' says 'reprt:1: '
check 'a run that is not there and is called so is an argument behind --' is_code 1 "$bin/analyze" -- wndows
check 'and named' says 'no run.yml in wndows'
check 'an option of the program that makes runs for tests' is_code 2 "$bin/../tests/support/made_runs" --help
check 'is answered with its usage' says 'usage: made_runs ROOT'
check 'and is no folder' test ! -e ./--help
# sweep LINE...: a plot config of the delay sweep that lacks nothing, with these lines instead of its own.
sweep() {
    {
        echo 'delay_vs_per_inconsistencies:'
        printf '%s\n' '  combinations: [{post_storage: cache, notification_storage: sns}]' '  writer_region: eu' \
            '  reader_region: us' '  num_requests: 100' | grep -v "^  ${1%%:*}:"
        printf '  %s\n' "$1"
    } >sweep.yml
    "$bin/plot" sweep.yml --no-pictures
}
printf 'storage_overhead:\n  gather_pahts: [a]\n' >plots.yml
check 'a misspelt key of a plot' is_code 2 "$bin/plot" plots.yml
check 'is named with line and the nearest known one' says "plots.yml:2: unknown key 'gather_pahts'; did you mean 'gather_paths'?"
printf 'storage_overhead:\n  gather_paths: a\n' >plots.yml
check 'paths that are no list' is_code 2 "$bin/plot" plots.yml
check 'are named with their line' says 'plots.yml:2: gather_paths must be a list'
check 'a number of requests that is none' is_code 2 sweep 'num_requests: lots'
check 'is named with line and key' says "sweep.yml:5: num_requests must be a whole number, got 'lots'"
check 'a storage that no plot knows' is_code 2 sweep 'combinations: [{post_storage: redis, notification_storage: sns}]'
check 'is named with those that are known' says 'post_storage must be one of dynamo, s3, mysql, cache'
check 'a region that is no text' is_code 2 sweep 'writer_region: [eu]'
check 'is named with line and key' says 'sweep.yml:5: writer_region must be a text'
check 'a key that the sweep has not' is_code 2 sweep 'num_request: 5'
check 'is named with the nearest known one' says "did you mean 'num_requests'?"
check 'a storage that no one knows' is_code 2 "$bin/deploy" --post-storage dynmo
check 'is named with the nearest known one' says 'dynamo'

# refused WORDS OPTION...: loadgen says so in one line with these words, exit code 2, and begins nothing.
refused() {
    refused_with=$1
    shift
    is_code 2 "$bin/loadgen" "$@" && says "$refused_with" && ! grep -q SECRETXYZ err && nothing_begun
}
url=http://127.0.0.1:1/
echo 'no certificate' >junk.pem
check 'an engine that no one knows' refused "did you mean http?" --engine htp
check 'an option that its engine has no use for' refused '--url means nothing to --engine null' --engine null --url $url
check 'nor the other one' refused '--async means nothing to --engine http; say --engine lambda' --url $url --async
check 'an address with a password' refused 'may not hold a user name' --url http://me:SECRETXYZ@127.0.0.1/
check 'one of another kind' refused 'not an http:// or https:// address' --url ftp://127.0.0.1/
check 'one without an end' refused '--url: ' --url 'http://[::1/'
check 'an encoded name' refused 'may not be encoded' --url http://%6cocalhost/
check 'a method in small letters' refused "no method 'get'" --url $url --method get
check 'a body where none goes' refused 'HEAD takes no body' --url $url --method HEAD --body x
check 'two bodies' refused 'two bodies; give one' --url $url --body x --body-file junk.pem
check 'a body that is not there' refused '--body-file: nowhere: no such file' --url $url --body-file nowhere
check 'a header that is none' refused 'number 2 is not of the form' --url $url --header 'A: b' 'Bearer SECRETXYZ'
check 'a header twice' refused 'comes twice' --url $url --header 'A: SECRETXYZ' 'a: b'
check 'half of a signer' refused 'not SERVICE or SERVICE:REGION' --url $url --sign lambda:
check 'certificates that are not there' refused '--cacert: nowhere.pem: no such file' --url $url --cacert nowhere.pem
check 'nor are any' refused '--cacert: junk.pem has no certificate' --url $url --cacert junk.pem
check 'arrivals that no one knows' refused "did you mean 'constant'?" --arrivals constnat
check 'arrivals with a rate of their own' refused '--rate is not for --arrivals ramp' --arrivals ramp:1..2 --rate 5
check 'an instant that has passed' refused 'has passed: here it is' --start-at 2020-01-01T00:00:00Z
check 'a shard beyond the last' refused "such as 2/3, got '3/2'" --shard 3/2
check 'a shard alone' refused '--shard needs --start-at' --shard 1/2
check 'a metric that no one knows' refused "did you mean 'response.p99'?" --expect 'respons.p99<1s'
check 'a bound without a unit' refused "such as 50ms" --abort-on 'response.p99>1'
check 'find-max with arrivals of their own' refused '--arrivals' find-max --slo 'failed<1%' --arrivals closed:4
check 'and from above to below' refused '--from 10 is above --to 5' find-max --slo 'failed<1%' --from 10 --to 5
check 'merge of what is no run' is_code 1 "$bin/loadgen" merge nowhere
check 'names it' says 'no run.yml in nowhere'
check 'begins nothing' nothing_begun

check 'a run that invokes nobody' is_code 0 "$bin/loadgen" --engine null -r 10 -o nobody --lag-bound-ms 60000
check 'nobody was invoked: nothing to gather' is_code 2 "$bin/gather" nobody/latest
check 'says why' says 'engine null invoked no function'
check 'nor to analyze' is_code 2 "$bin/analyze" nobody/latest
check 'says why, too' says 'engine null invoked no function'
rm -rf nobody

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
check 'a size of posts beside the published one' is_code 2 "$bin/deploy" -c local.yml --as-published --post-bytes 5
check 'is refused' says 'exclude each other'
check 'a combination that the deployment does not list' is_code 2 "$bin/deploy" -c local.yml --post-storage cache
check 'is refused' says 'cache'
check 'the sandbox ends when asked' stop_sandbox
finish

#!/bin/sh
# Functions that crash, time out, answer garbage, or get their events twice: what the instrument says of each
# request is what the sandbox logged of it, by name, and the counters agree.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

# agrees: request by request, with the sandbox's counters in $work/faults.json.
agrees() {
    "$bin/sandbox" faults --json --port "${endpoint##*:}" -c "$config" >"$work/faults.json"
    $python "$here/check_faults.py" "$run" "$truth" "$work/faults.json"
}

deployment "$work/functions.yml" '  dynamo: {table: posts, replication: 5, writer_leg: 1, reader_leg: 1}
  sns: {topic: notifications, delivery: 10}' 'faults:
  functions:
    writer_crashed: 0.06
    writer_timed_out: 0.02
    writer_garbage: 0.06
    reader_crashed: 0.06
    reader_timed_out: 0.01
    reader_delivered_twice: 0.1'
sed -i 's/timeout_ms: 20000/timeout_ms: 2000/' "$work/functions.yml"
start_sandbox "$work/functions.yml"
check 'a run through broken functions is gathered' measure broken -r 400 --rate 40
check 'each outcome is the fault that the sandbox logged for that request, and none has another cause' agrees
check 'the sandbox ends when asked' stop_sandbox
check 'and nothing of it is left' nothing_left
finish

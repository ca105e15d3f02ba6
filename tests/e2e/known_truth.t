#!/bin/sh
# The instrument against stores whose every decision is logged.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

sns() {
    printf '  sns: {topic: notifications, delivery: %s}\n' "$1"
}
dynamo() {
    printf '  dynamo: {table: posts, replication: %s, settle: %s, writer_leg: 1, reader_leg: 1}\n' "$1" "$2"
}
agrees() {
    $python "$here/check_truth.py" "$run" "$truth" --expect-inconsistent "$1"
}
sums_hold() {
    grep -q "^planned = .*: $1 = " "$work/gather.out" && grep -q "^received = .*: $1 = $1 + 0 + 0 + 0" "$work/gather.out"
}

deployment "$work/gate.yml" "$(dynamo '{model: gate}' 0; sns 5)"
start_sandbox "$work/gate.yml"
check 'a run over gated stores is gathered' measure gate -r 200 --rate 100
check 'with gates every read is inconsistent, as the store logged' agrees all
check 'and the sums hold' sums_hold 200
check 'the sandbox ends when asked' stop_sandbox

deployment "$work/late.yml" "$(dynamo 20 0; sns 80)"
start_sandbox "$work/late.yml"
check 'a run with delivery far behind replication is gathered' measure late -r 200 --rate 100
check 'with delivery 80 ms and lag 20 ms no read is inconsistent' agrees none
check 'the sandbox ends when asked' stop_sandbox

# Wide enough that a slow machine still sees a race; the polls are few enough for it.
lognormal='{model: lognormal, p50_ms: 400, p99_ms: 1600}'
deployment "$work/race.yml" "$(dynamo "$lognormal" 0; sns "$lognormal")" 'poll_max_ms: 100'
start_sandbox "$work/race.yml" --slots 16
check 'a race of two lognormals is gathered' measure race -r 2000 --rate 100
check 'found, not found and every margin agree with the log' agrees some
check 'and the sums hold' sums_hold 2000
check 'with the barrier deployed' "$bin/deploy" -c "$config" --consistency antipode
check 'a race behind the barrier is gathered' measure barrier -r 300 --rate 60
check 'with settled = applied the barrier leaves no residual' agrees none
check 'the sandbox ends when asked' stop_sandbox

deployment "$work/residual.yml" "$(dynamo "$lognormal" 50; sns "$lognormal")" 'consistency: antipode
poll_max_ms: 100'
start_sandbox "$work/residual.yml" --slots 16
check 'a run with settled 50 ms behind applied is gathered' measure residual -r 300 --rate 60
check 'the residual equals the count that the store logged' agrees some
check 'the sandbox ends when asked' stop_sandbox
finish

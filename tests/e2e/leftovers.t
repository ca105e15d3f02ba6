#!/bin/sh
# What an earlier run left behind: loadgen refuses to add to it, and clean says that it is gone only when both
# sides say so.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
cd "$work"

# Deletions take 1.5 s to the reader's replica, of either store.
deployment local.yml '  dynamo:
    table: posts
    replication: {model: constant, ms: 1500}
  cache: {link: {model: constant, ms: 750}}
  sns: {topic: notifications, delivery: {model: constant, ms: 5}}' 'visibility: off'
start_sandbox local.yml --slots 8
export XCY_CONFIG="$work/local.yml"

load() {
    "$bin/loadgen" -r 20 --rate 100 --lag-bound-ms 60000 "$@"
}
# has_messages N: so many evaluations have come; loadgen tells.
has_messages() {
    "$bin/loadgen" -r 1 >"$work/ask.out" 2>"$work/ask.err" || true
    grep -q "holds $1 evaluations" "$work/ask.err"
}

for store in dynamo cache; do
    check "$store is deployed" is_code 0 "$bin/deploy" --post-storage "$store"
    check 'a run on an empty queue' ran load
    await has_messages 20
    check 'a run on what it left' is_code 2 load -o second
    check 'is refused, with their number and what to do' says 'queue evaluations holds 20 evaluations of an earlier run; gather them, or throw them away with clean, or say --leftovers-ok'
    check 'and begins nothing' test ! -e second
    check 'an asynchronous one, too' is_code 2 load -o second --async
    check 'unless it is told to' ran load -o third --leftovers-ok
    begun_s=$(date +%s%N)
    check 'clean' is_code 0 "$bin/clean"
    ended_s=$(date +%s%N)
    check 'says so' grep -q "post storage $store has 0 posts" out
    if [ "$store" = dynamo ]; then
        check 'once the deletions are at the reader' test $(((ended_s - begun_s) / 1000000)) -ge 1500
    fi
    check 'the reader counts nothing' is_code 0 "$bin/clean" --json --no-wait
    check 'and nothing was there to purge' grep -q '"purged":0' out
    check 'then a run begins' ran load -o "fourth-$store"
    check 'and is gathered' is_code 0 "$bin/gather" -o "fourth-$store"
    check 'so another one does, too' ran load -o "fifth-$store"
    check 'which is gathered as well' is_code 0 "$bin/gather" -o "fifth-$store"
    rm -rf second third
done

check 'a second purge within a minute' sh -c "'$bin/loadgen' -r 20 --rate 100 --lag-bound-ms 60000 -o sixth >/dev/null 2>&1; true"
await has_messages 20
check 'is refused by the queue, and told' is_code 1 "$bin/clean" --no-wait
check 'with what to do' says 'not clean: the queue holds messages, and was purged less than 60 s ago; try again in a minute'
check 'the sandbox ends when asked' stop_sandbox
finish

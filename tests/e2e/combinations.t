#!/bin/sh
# Every combination there is, on one sandbox with every store and broker: each post storage with each
# notification storage, without and with Antipode.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

# holds CONDITION: over all records r and their classes n.
holds() {
    $python - "$run/records.csv" "$1" <<'E2'
import collections, csv, sys
with open(sys.argv[1], newline="", encoding="utf-8") as file:
    r = list(csv.DictReader(file))
n = collections.Counter(row["class"] for row in r)
sizes = {int(row["post_stored_bytes"]) - int(row["post_metadata_bytes"]) for row in r if int(row["post_stored_bytes"])}
metadata = {int(row["post_metadata_bytes"]) for row in r if int(row["post_stored_bytes"])}
context = {int(row["context_bytes"]) for row in r}
assert eval(sys.argv[2]), (n, sizes, metadata, context)
E2
}
agrees() {
    $python "$here/check_truth.py" "$run" "$truth"
}
# Those of the instrument; that the generator was late on a busy machine is no matter here.
measured() {
    measure "$@" && { [ "$load_code" -eq 0 ] || grep -q GENERATOR_LIMITED "$work/loadgen.err"; }
}
analysed() {
    "$bin/analyze" --json "$run" >"$work/summary.json" || [ $? -eq 3 ]
    $python - "$work/summary.json" "$1" <<'E2'
import json, sys
s = json.load(open(sys.argv[1]))
c = s["combination"]
got = "-".join((c["post_storage"], c["notification_storage"], c["consistency"]))
assert got == sys.argv[2], got
assert s["barrier"]["residual"] == 0 or c["consistency"] == "none", s["barrier"]
assert s["sizes"]["notification"]["n"] == s["classes"]["planned"] == 100, s["sizes"]
E2
}

deployment "$work/all.yml" '  dynamo: {writer_leg: 2, replication: {model: uniform, low_ms: 20, high_ms: 250}, reader_leg: 2, stream: 20}
  s3: {writer_leg: 2, replication: {model: uniform, low_ms: 20, high_ms: 250}, reader_leg: 2}
  mysql: {link: {model: uniform, low_ms: 20, high_ms: 150}}
  cache: {link: {model: uniform, low_ms: 20, high_ms: 150}}
  sns: {topic: notifications, delivery: {model: uniform, low_ms: 10, high_ms: 150}}
  mq: {link: {model: uniform, low_ms: 10, high_ms: 60}, parallel: 32}'
sed -i 's/^  dynamo: {/&stream_shards: 16, /' "$work/all.yml"
start_sandbox "$work/all.yml" --slots 16
check 'all servers are hosted' sh -c "tr ',' '\n' <'$ready' | grep -cE '\"(mysql|cache|mq)\"' | grep -qx 3"
for post in dynamo s3 mysql cache; do
    for notification in sns dynamo mq; do
        for consistency in none antipode; do
            name=$post-$notification-$consistency
            check "$name: deployed" "$bin/deploy" -c "$config" --post-storage "$post" \
                --notification-storage "$notification" --consistency "$consistency"
            check "$name: 100 requests are gathered" measured "$name" -r 100 --rate 50
            check "$name: each was decided" holds 'n["consistent"] + n["inconsistent"] == len(r) == 100'
            if [ "$consistency" = antipode ]; then
                check "$name: no residual inconsistency" holds 'set(n) == {"consistent"}'
                check "$name: its metadata is measured" holds 'len(metadata) == 1 and min(metadata) >= 32 and min(context) >= 32'
            else
                check "$name: no metadata" holds 'metadata <= {0} and context == {0}'
            fi
            check "$name: the body is the same everywhere" holds 'all(1010 <= s <= 1100 for s in sizes)'
            case $post in
            dynamo | s3) check "$name: found and not found agree with the store's log" agrees ;;
            esac
            check "$name: and it is analysed as what it is" analysed "$name"
        done
    done
done
check 'clean empties what is deployed, in both regions' is_code 0 "$bin/clean" -c "$config"
check 'the sandbox ends when asked' stop_sandbox
check 'and leaves nothing' nothing_left
finish

#!/bin/sh
# Posts in S3: the instrument against a store whose every decision is logged.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

s3() {
    printf '  s3: {replication: %s, writer_leg: 1, reader_leg: 1}\n' "$1"
}
sns() {
    printf '  sns: {topic: notifications, delivery: %s}\n' "$1"
}
agrees() {
    $python "$here/check_truth.py" "$run" "$truth" --expect-inconsistent "$1"
}
sums_hold() {
    grep -q "^planned = .*: $1 = " "$work/gather.out" && grep -q "^received = .*: $1 = $1 + 0 + 0 + 0" "$work/gather.out"
}
# bodies N: so many files hold what the buckets have.
bodies() {
    n=$(find "$XDG_RUNTIME_DIR" -path '*/s3/*' -type f | wc -l)
    echo "$n files, expected $1"
    [ "$n" -eq "$1" ]
}
# column NAME VALUE: every record has it.
column() {
    $python - "$run/records.csv" "$1" "$2" <<'E2'
import csv, sys
with open(sys.argv[1], newline="", encoding="utf-8") as file:
    got = {row[sys.argv[2]] for row in csv.DictReader(file)}
assert got == {sys.argv[3]}, got
E2
}
# probes_name_versions N: the barrier asked for N posts by version in the reader's bucket, and saw all of
# them at last.
probes_name_versions() {
    $python - "$truth" "$1" <<'E2'
import json, sys
probes, versions = {}, {}
with open(sys.argv[1], encoding="utf-8") as lines:
    for e in map(json.loads, lines):
        if e["op"] == "write":
            versions[e["key"]] = e["version"]
        if e["op"] == "read" and e["strong"]:
            assert e["bucket"] == "posts-reader", e
            assert e["version"] == versions[e["key"]], e
            probes[e["key"]] = e["found"]
assert len(probes) == int(sys.argv[2]) and all(probes.values()), (len(probes), probes)
E2
}

stores='post_storage: s3
poll_max_ms: 100'
deployment "$work/gate.yml" "$(s3 '{model: gate}'; sns 5)" "$stores"
start_sandbox "$work/gate.yml"
check 'a run over a gated bucket is gathered' measure gate -r 120 --rate 60
check 'with the gate every read is inconsistent, as the store logged' agrees all
check 'and the sums hold' sums_hold 120
check 'the sandbox ends when asked' stop_sandbox
check 'and leaves nothing' nothing_left

deployment "$work/late.yml" "$(s3 20; sns 80)" "$stores"
start_sandbox "$work/late.yml"
check 'a run with delivery far behind replication is gathered' measure late -r 120 --rate 60
check 'with delivery 80 ms and lag 20 ms no read is inconsistent' agrees none
check 'the sandbox ends when asked' stop_sandbox

# Wide enough that a slow machine still sees a race.
lognormal='{model: lognormal, p50_ms: 400, p99_ms: 1600}'
deployment "$work/race.yml" "$(s3 "$lognormal"; sns "$lognormal")" "$stores"
start_sandbox "$work/race.yml" --slots 16
check 'a race of two lognormals is gathered' measure race -r 400 --rate 60
check 'found, not found and every margin agree with the log' agrees some
check 'and the sums hold' sums_hold 400
check 'a post weighs its key and its body' column post_metadata_bytes 0
check 'each post is in a file' bodies 400
check 'clean empties both buckets' is_code 0 "$bin/clean" -c "$config"
check 'and no file is left' bodies 0
check 'with the barrier deployed' "$bin/deploy" -c "$config" --consistency antipode
check 'a race behind the barrier is gathered' measure barrier -r 200 --rate 40
check 'the barrier leaves no residual' agrees none
check 'it asked for every version in the bucket of the reader' probes_name_versions 200
check 'a post weighs its context id, too' column post_metadata_bytes 35
check 'posts of 1 MB are deployed' "$bin/deploy" -c "$config" --consistency none --post-bytes 1000000
check 'they are gathered' measure large -r 100 --rate 10
check 'and agree with the log' agrees some
check 'they arrived whole' $python - "$run/records.csv" <<'E2'
import csv, sys
with open(sys.argv[1], newline="", encoding="utf-8") as file:
    for row in csv.DictReader(file):
        if row["class"] == "consistent":
            assert int(row["post_stored_bytes"]) == 1000000 + len(row["key"]), row
E2
check 'a clean in the midst of replication' is_code 0 "$bin/clean" -c "$config"
check 'leaves no file either' bodies 0
check 'the sandbox ends when asked' stop_sandbox
check 'and leaves nothing' nothing_left
finish

#!/bin/sh
# Posts as large as in the published evaluation, whatever the post storage.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

# deployed BYTES OPTION...: the combination that deploy says is active has posts of that size.
deployed() {
    bytes=$1
    shift
    "$bin/deploy" -c "$config" --json "$@" >"$work/deployed.json" &&
        $python -c 'import json, sys
c = json.load(open(sys.argv[1]))["combination"]
assert c["post_bytes"] == int(sys.argv[2]), c' "$work/deployed.json" "$bytes"
}
# stored BYTES: the run's posts are so large in their store, and run.yml says so.
stored() {
    $python -c 'import csv, sys
sizes = [int(r["post_stored_bytes"]) for r in csv.DictReader(open(sys.argv[1] + "/records.csv")) if r["class"] == "consistent"]
assert sizes and all(int(sys.argv[2]) <= s < int(sys.argv[2]) + 1000 for s in sizes), sizes' "$run" "$1" &&
        grep -q "post_bytes: $1\$" "$run/run.yml"
}

deployment "$work/both.yml" '  dynamo: {}
  cache: {}
  sns: {delivery: 200}' 'as_published: true'
start_sandbox "$work/both.yml"
check 'the deployment makes posts of 350000 bytes in dynamo' deployed 350000
check 'a run over dynamo is gathered' measure dynamo -r 5 --rate 5
check 'its posts are so large' stored 350000
check 'another post storage has another size' deployed 2900000 --post-storage cache
check 'a run over the cache is gathered' measure cache -r 5 --rate 2
check 'its posts are so large, too' stored 2900000
check 'the command line comes before the deployment' deployed 77 --post-bytes 77
check 'and can take it back' deployed 1000 --no-as-published
check 'the sandbox ends when asked' stop_sandbox

deployment "$work/plain.yml" '  dynamo: {}
  cache: {}
  sns: {}' 'post_bytes: 50'
start_sandbox "$work/plain.yml"
check 'on the command line it comes before post_bytes of the deployment' deployed 2900000 --post-storage cache --as-published
check 'which holds otherwise' deployed 50 --post-storage cache
check 'the sandbox ends when asked' stop_sandbox
finish

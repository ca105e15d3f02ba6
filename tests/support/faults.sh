# shellcheck shell=sh disable=SC2154 # the words of lib.sh are used here
# faults.sh - a sandbox that injects faults, and the books of what it injected; source it after lib.sh.

# begin NAME FAULTS: a sandbox of its own that injects these from the start on.
begin() {
    name=$1
    deployment "$work/$name.yml" '  dynamo: {table: posts, replication: 20}
  sns: {topic: notifications, delivery: 5}' "faults: $2"
    start_sandbox "$work/$name.yml"
    runs=$work/runs-$name
}
# balance CHECK: the sandbox's counts and truth log against the run and what gather said.
balance() {
    change --off --json >"$work/counts.json" && learn_keys &&
        AWS_ACCESS_KEY_ID=$key AWS_SECRET_ACCESS_KEY=$secret $python "$top/tests/e2e/fault_books.py" "$1" "$work/counts.json" \
            "$truth" "$runs/latest" "$work/out" "$work/err" "$endpoint"
}
end() {
    check "the sandbox of $name ends" stop_sandbox
}
load() {
    ran "$bin/loadgen" -c "$config" -o "$runs" --rate 100 --lag-bound-ms 60000 "$@"
}
gather() {
    is_code 0 "$bin/gather" -o "$runs" --json --no-stats "$@" "$runs/latest"
}
change() {
    "$bin/sandbox" faults --port "${endpoint##*:}" "$@"
}

#!/bin/sh
# Disk full: one line, the right exit code, and nothing lost once there is room again.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

small=$work/small
mkdir "$small"
if [ "$(id -u)" -ne 0 ] || ! mount -t tmpfs -o size=160k tmpfs "$small" 2>/dev/null; then
    echo '1..0 # SKIP a small tmpfs needs root and the right to mount'
    exit 0
fi
unmount() {
    umount "$small" 2>/dev/null || true
    cleanup
}
trap unmount EXIT
fill() {
    dd if=/dev/zero of="$small/filler" bs=1k count=4000 2>/dev/null || true
}
check_all_there() {
    $python -c 'import csv, sys
rows = list(csv.DictReader(open(sys.argv[1] + "/records.csv")))
assert len(rows) == 50 and all(r["class"] in ("consistent", "inconsistent") for r in rows), [r["class"] for r in rows]' "$run"
}

deployment "$work/local.yml" '  dynamo: {table: posts, replication: 20}
  sns: {topic: notifications, delivery: 5}'
start_sandbox "$work/local.yml"

fill
check 'loadgen on a full disk ends with 1' is_code 1 "$bin/loadgen" -c "$config" -r 50 -o "$small/runs"
check 'and names the file and the reason' says 'No space left on device'
rm -f "$small/filler"
rm -rf "$small/runs"
check 'with room again loadgen runs' ran "$bin/loadgen" -c "$config" -r 50 -o "$small/runs"
run=$small/runs/$(readlink "$small/runs/latest")
fill
check 'gather on a full disk ends with 1' is_code 1 "$bin/gather" -o "$small/runs"
check 'and names the reason' says 'No space left on device'
rm -f "$small/filler"
# What gather had received is hidden from the next receiver until its visibility timeout passes.
check 'with room again gather finishes' is_code 0 "$bin/gather" -o "$small/runs" --quiet 60
check 'and nothing is lost' check_all_there
mount -o remount,size=2m "$small"
fill
check 'on a full disk the files are not made anew' is_code 1 "$bin/gather" -o "$small/runs" --rejoin
check 'which is told' says 'No space left on device'
check 'and the old ones stay whole' check_all_there
rm -f "$small/filler"
check 'with room again they are' is_code 0 "$bin/gather" -o "$small/runs" --rejoin
check 'and whole' check_all_there

# Orphans on a full disk: what is another run's goes back to the queue, as what is ours does.
check 'another run' ran "$bin/loadgen" -c "$config" -r 50 -o "$small/runs"
theirs=$small/runs/$(readlink "$small/runs/latest")
check 'and one more on its queue' ran "$bin/loadgen" -c "$config" -r 50 -o "$small/runs" --leftovers-ok
run=$small/runs/$(readlink "$small/runs/latest")
fill
check 'gather --take-foreign on a full disk ends with 1' is_code 1 "$bin/gather" "$run" --take-foreign
check 'and names the reason' says 'No space left on device'
rm -f "$small/filler"
check 'with room again it finishes' is_code 0 "$bin/gather" "$run" --take-foreign --quiet 60
check 'and has all of its own' check_all_there
run=$theirs
check 'as the other run has' is_code 0 "$bin/gather" "$run" --quiet 60
check 'all of its own' check_all_there
check 'the sandbox ends when asked' stop_sandbox
finish

#!/bin/sh
# Injected legs come out of the figures: of a real store, each leg delays what crosses it and nothing else;
# with and without the kernel's TCP in the link.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

# takes FROM TO LEAST_MS: in every record the time between two points is at least so long.
takes() {
    $python - "$run" "$@" <<'END'
import csv, sys
run, begin, end, least_ms = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
rows = [r for r in csv.DictReader(open(run + "/records.csv")) if r[begin] and r[end]]
least = min(int(r[end]) - int(r[begin]) for r in rows) / 1000
assert len(rows) >= 100, len(rows)
assert least >= least_ms, f"{least} ms, expected at least {least_ms} ms"
END
}
# lag LEAST_MS: what was missed became visible at least so long after it was written. On a busy machine some
# notifications come later than their post.
lag() {
    $python - "$run" "$1" <<'END'
import csv, sys
rows = [r for r in csv.DictReader(open(sys.argv[1] + "/records.csv")) if r["visible_us"]]
least = min(int(r["visible_us"]) - int(r["start_us"]) for r in rows) / 1000
assert len(rows) >= 20, len(rows)
assert least >= float(sys.argv[2]), f"{least} ms"
END
}
told() {
    curl -s --fail "$endpoint/_sandbox/status" >"$work/status.json" && $python - "$work/status.json" <<'END'
import json, sys
cache = json.load(open(sys.argv[1]))["stores"]["cache"]
assert len({cache[name] for name in ("writer", "reader", "primary", "replica")}) == 4, cache
END
}

deployment "$work/legs.yml" '  cache: {writer_leg: 30, link: 150, reader_leg: 20}
  sns: {topic: notifications}' 'post_storage: cache'
start_sandbox "$work/legs.yml" --slots 16
check 'with legs, functions reach the servers at addresses of their own' told
check 'a run over legs is gathered' measure legs -r 120 --rate 60
check "the write takes the writer's leg there and back" takes start_us wrote_us 60
check "the read takes the reader's leg there and back" takes asked_us read_us 40
check 'the post is there after leg and link' lag 180
check 'the sandbox ends' stop_sandbox

deployment "$work/wan.yml" '  cache: {link: 60}
  sns: {topic: notifications}' 'post_storage: cache'
sed -i 's/^sandbox: {/&wan: true, /' "$work/wan.yml"
if unshare -n true 2>/dev/null && [ -w /dev/net/tun ]; then
    start_sandbox "$work/wan.yml" --slots 16
    check 'a run over a WAN with the kernel'"'"'s TCP is gathered' measure wan -r 120 --rate 60
    check 'the lag of its packets shows' lag 60
    check 'and is said' grep -q "kernel's TCP" "$work/sandbox.log"
    check 'the sandbox ends' stop_sandbox
else
    check 'without the rights a WAN is refused in one line' is_code 1 "$bin/sandbox" -c "$work/wan.yml" --port 0
    check 'which says what is needed' grep -q 'needs root' "$work/err"
fi
check 'nothing is left' nothing_left
finish

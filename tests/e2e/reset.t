#!/bin/sh
# A server that closes a kept-alive connection after it acted: one invocation, outcome reset, never
# sent a second time.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

agrees() {
    $python - "$log" "$work/runs-$1/latest" "$work/out" "$2" <<'E2'
import csv, json, re, struct, sys
log, run, printed, how = sys.argv[1:]
acted = [json.loads(line) for line in open(log)]
closed = {a["i"]: a["ending"] for a in acted if a["ending"]}
rows = list(csv.DictReader(open(run + "/requests.csv")))
sent = [us for (us,) in struct.iter_unpack("<q", open(run + "/sent.bin", "rb").read())]

assert all(a["how"] == how for a in acted)
assert sorted(a["i"] for a in acted) == list(range(200)), "not each exactly once"
assert len(closed) >= 4 and set(closed.values()) == {"FIN", "RST"}, closed
assert all(a["reused"] for a in acted if a["ending"])

assert sorted(int(r["i"]) for r in rows) == list(range(200)) and {r["attempt"] for r in rows} == {"1"}
assert {int(r["i"]) for r in rows if r["outcome"] == "reset"} == set(closed)
assert {r["outcome"] for r in rows} == {"ok", "reset"}, {r["outcome"] for r in rows}
for r in rows:
    is_reset = r["outcome"] == "reset"
    assert int(r["http_status"]) == (0 if is_reset else {"Event": 202}.get(how, 200)), r
    assert not is_reset or (int(r["sent_us"]) <= int(r["acked_us"]) and not r["exec"]), r
    assert int(r["sent_us"]) > 0 and sent[int(r["i"])] > 0, r
# libcurl did want to send them again, both ways: the case is the one that is meant.
stopped = {closed[int(r["i"])] for r in rows if "not sent again" in r["reason"]}
assert stopped == {"FIN", "RST"}, [r["reason"] for r in rows if r["reason"]]

n = len(closed)
text = open(printed).read()
assert re.search(rf"^planned +200 = {200 - n} ok \+ {n} failed \+ 0 skipped$", text, re.M), text
assert re.search(rf"^failed +{n} reset, ", text, re.M) and len(re.findall("^failed ", text, re.M)) == 1, text
assert re.search(r"^sent +200, ", text, re.M), text
manifest = open(run + "/run.yml").read()
assert re.search(r"^state: complete$", manifest, re.M) and re.search(r"^verdict: VALID$", manifest, re.M), manifest
E2
}

deployment "$work/local.yml" '  dynamo: {table: posts, replication: 20}
  sns: {topic: notifications, delivery: 5}'
# The lag bound is wide: on a slow machine this is to fail for no other reason than what it is about.
load() {
    name=$1
    shift
    is_code 0 "$bin/loadgen" -c "$work/local.yml" --leftovers-ok -o "$work/runs-$name" -r 200 --rate 200 --threads 1 --lag-bound-ms 60000 "$@"
}

start_lambda reset sync
check 'loadgen ends with 0 although connections were closed: the schedule was kept' load sync
check 'each was invoked once, those closed after it are reset, and the sums hold' agrees sync RequestResponse
check 'the server had no trouble of its own' stop_lambda sync

start_lambda reset async
check 'with asynchronous invocations too' load async --async
check 'each was invoked once, those closed after it are reset, and the sums hold' agrees async Event
check 'the server had no trouble of its own' stop_lambda async
finish

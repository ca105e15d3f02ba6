#!/bin/sh
# Failures of known number: each attempt has its line, each request its one outcome, and nothing is
# repeated unless it was asked for.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

# agrees NAME RETRIES: the rows against the server's log, and the outcomes against its rules.
agrees() {
    $python - "$log" "$work/runs-$1/latest" "$work/out" "$2" <<'E2'
import collections, csv, json, sys
log, run, printed, retries = sys.argv[1:]
retries = int(retries)
report = json.load(open(printed))
served = collections.defaultdict(list)
for line in open(log):
    a = json.loads(line)
    served[a["i"]].append(a["status"])
rows = collections.defaultdict(list)
for r in csv.DictReader(open(run + "/requests.csv")):
    rows[int(r["i"])].append(r)
assert sorted(served) == sorted(rows) == list(range(100))

def truth(i):
    if i % 50 == 0:
        return [503] * (retries + 1)
    if i % 10 == 0:
        return ([429, 429, 200])[:retries + 1]
    return ([503, 200] if i % 5 == 0 else [200])[:retries + 1]

for i in range(100):
    assert served[i] == truth(i), (i, served[i])
    assert [int(r["http_status"]) for r in rows[i]] == truth(i), (i, rows[i])
    assert [int(r["attempt"]) for r in rows[i]] == list(range(1, len(truth(i)) + 1))
    assert len({r["due_us"] for r in rows[i]}) == 1 and len({r["key"] for r in rows[i]}) == 1
    sent = [int(r["sent_us"]) for r in rows[i]]
    assert sent == sorted(sent)

last = [truth(i)[-1] for i in range(100)]
assert report["ok"] == last.count(200), report["ok"]
assert report["outcomes"]["throttled"] == last.count(429)
assert report["outcomes"]["server_error"] == last.count(503), report["outcomes"]
assert report["retries"] == sum(len(truth(i)) - 1 for i in range(100))
assert report["planned"] == 100 == report["ok"] + report["failed"] + report["skipped"]
ok = [i for i in range(100) if last[i] == 200]
longest = max(int(rows[i][-1]["acked_us"]) - int(rows[i][0]["due_us"]) for i in ok)
found = report["latency"]["ok"]["response_us"]["max"]
assert abs(found - longest) <= 2 + 0.005 * longest, (found, longest)
E2
}

deployment "$work/local.yml" '  dynamo: {table: posts, replication: 20}
  sns: {topic: notifications, delivery: 5}'
for retries in 0 1 2 3; do
    start_lambda flaky "$retries"
    check "a run with --retries $retries" ran "$bin/loadgen" -c "$work/local.yml" --leftovers-ok -o "$work/runs-$retries" -r 100 \
        --rate 100 --retries "$retries" --retry-delay 20ms --lag-bound-ms 60000 --json
    check 'has every attempt of every request, and no other' agrees "$retries" "$retries"
    check 'the server had no trouble of its own' stop_lambda "$retries"
done
finish

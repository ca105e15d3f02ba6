#!/bin/sh
# While a run goes on, /metrics is what Prometheus takes, and what the dashboard asks for.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
cd "$work"

dashboard=$top/samples/grafana-loadgen.json
promtool=$top/build/tools/promtool
[ -x "$promtool" ] || promtool=$(command -v promtool || true)

# As check, where promtool is at hand.
check_with_promtool() {
    if [ -n "$promtool" ]; then
        check "$@"
        return
    fi
    n_checks=$((n_checks + 1))
    echo "ok $n_checks - $1 # SKIP no promtool here: scripts/test fetches it when there is a network"
}

# The address is in the log, since the port is the kernel's choice.
is_told() {
    url=$(sed -n 's|.*metrics are at \(http://127\.0\.0\.1:[1-9][0-9]*/metrics\).*|\1|p' load.err)
    [ -n "$url" ]
}
has_ended() {
    curl -sS -o "$1" "$url" && grep -q '^xcybench_loadgen_requests_total{phase="measured",outcome="ok"} [1-9]' "$1"
}
is_content_type() {
    curl -sS -o /dev/null -D headers "$url"
    cat headers
    tr -d '\r' <headers | grep -qix 'content-type: text/plain; version=0.0.4; charset=utf-8'
}
has_hint() {
    [ "$(curl -sS -o hint -w '%{http_code}' "${url%/metrics}/")" = 404 ] && grep -q /metrics hint
}
# Nothing said: lint finds nothing either.
is_accepted() {
    "$promtool" check metrics <"$1" && [ -z "$("$promtool" check metrics <"$1" 2>&1)" ]
}
# The dashboard's expressions as rules, with its variables filled in.
expressions_are_promql() {
    $python - "$dashboard" >rules.yml <<'END' || return 1
import json, sys
panels = json.load(open(sys.argv[1]))["panels"]
exprs = [t["expr"] for p in panels for t in p["targets"]]
filled = [e.replace("$__rate_interval", "1m").replace("$instance", ".*") for e in exprs]
rules = [{"record": "dashboard:%d" % i, "expr": e} for i, e in enumerate(filled)]
assert rules
json.dump({"groups": [{"name": "dashboard", "rules": rules}]}, sys.stdout)
END
    "$promtool" check rules rules.yml
}
# Counters never fall, buckets add up, no more ends than was planned.
is_sound() {
    $python - "$1" "$2" <<'END'
import sys

def read(path):
    samples, types = {}, {}
    for line in open(path):
        if line.startswith("# TYPE "):
            name, kind = line.split()[2:]
            types[name] = kind
        elif not line.startswith("#"):
            name, value = line.rsplit(" ", 1)
            samples[name] = float(value)
    return samples, types

def family(name):
    base = name.split("{")[0]
    for end in ("_bucket", "_sum", "_count"):
        if base.endswith(end) and base[: -len(end)] in second_types:
            return base[: -len(end)]
    return base

first, _ = read(sys.argv[1])
second, second_types = read(sys.argv[2])
for name, value in first.items():
    kind = second_types[family(name)]
    assert kind == "gauge" or second[name] >= value, "fell: %s" % name

open_buckets = {}
for name, value in second.items():
    if "_bucket{" in name:
        labels = name.replace('le="' + name.split('le="')[1].split('"')[0] + '"', "")
        assert value >= open_buckets.get(labels, 0), "not cumulative: %s" % name
        open_buckets[labels] = value
        if 'le="+Inf"' in name:
            count = labels.replace("_bucket", "_count").replace(",}", "}").replace("{}", "")
            assert second[count] == value, "%s is not %s" % (name, count)
assert open_buckets, "no histogram"

ended = sum(v for n, v in second.items() if n.startswith("xcybench_loadgen_requests_total{"))
assert 0 < ended <= second["xcybench_loadgen_planned_requests"], "ended: %g" % ended
skipped = sum(v for n, v in second.items() if n.startswith("xcybench_loadgen_skipped_requests_total{"))
outcome = sum(v for n, v in second.items() if 'outcome="skipped"' in n)
assert skipped == outcome, "skipped: %g by reason, %g by outcome" % (skipped, outcome)
END
}
is_closed() {
    ! curl -sS -o /dev/null "$url" 2>/dev/null
}

deployment local.yml '  dynamo: {table: posts}
  sns: {topic: notifications}'
check 'an address that is none' is_code 2 "$bin/loadgen" -c local.yml --engine null -r 1 --metrics 9464
check 'is told what would be right' says '127.0.0.1:9464'

"$bin/loadgen" -c local.yml --engine sleep:20 --rate 100 --duration 1h --metrics 127.0.0.1:0 >load.out 2>load.err &
load_pid=$!
pids="$pids $load_pid"
await is_told || echo "# $(cat load.err)"
is_told || true
check 'the port that the kernel chose is told' test -n "$url"
check 'the metrics of a run are served while it goes on' await has_ended first.txt
check 'as text of version 0.0.4' is_content_type
check 'other paths get a hint' has_hint
check_with_promtool 'promtool has nothing to say about them' is_accepted first.txt
check_with_promtool 'nor about the expressions of the dashboard' expressions_are_promql
check 'they can be asked again' has_ended second.txt
check 'counters never fall, and the sums add up' is_sound first.txt second.txt
address=${url#http://}
check 'a second run at this address' is_code 1 "$bin/loadgen" -c local.yml --engine null -r 1 --metrics "${address%/metrics}"
check 'is told that it is in use' says "${address%/metrics}"
kill -INT "$load_pid"
code=0
wait "$load_pid" || code=$?
pids=$(echo "$pids" | sed "s/ $load_pid//")
check 'the run ends when asked' test "$code" -eq 130
check 'and its metrics with it' is_closed
finish

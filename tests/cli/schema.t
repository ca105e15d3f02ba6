#!/bin/sh
# What machines read: the keys of --json and of latency.json are those that docs/formats.md and --help
# name, no more and no fewer.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

# documented HEADING FILE: the keys of the object in FILE, two levels of latency included.
documented() {
    $python - "$top/docs/formats.md" "$1" "$2" <<'E2'
import json, re, sys
doc, heading, path = sys.argv[1:]
section = open(doc, encoding="utf-8").read().split(f"\n## {heading}\n")[1].split("\n## ")[0]
rows = re.findall(r"^\| (`.*?) \| (.*) \|$", section, re.M)
named = {key for first, _ in rows for key in re.findall(r"`([^`]+)`", first)}
top = json.load(open(path))
found = set(top)
if "latency" in top:
    found.remove("latency")
    found |= {f"latency.OUTCOME.{key}" for outcome in top["latency"].values() for key in outcome}
assert named == found, named ^ found
for figures in (top.get("start_lag_us"), *[f for o in top.get("latency", {}).values() for f in o.values()]):
    if figures:
        assert list(figures) == "count min mean p50 p90 p99 p99.9 max".split(), figures
nested = {first.strip("`"): set(re.findall(r"`([^`]+)`", words)) for first, words in rows}
for name in ("steps", "expectations"):
    for item in top.get(name, []):
        assert set(item) == nested[f"{name}"], set(item) ^ nested[name]
E2
}

# helped COMMAND FILE: each key of the object stands in the command's --help.
helped() {
    # shellcheck disable=SC2086 # a command may be two words
    "$bin"/$1 --help >help && $python - help "$2" <<'E2'
import json, re, sys
words = set(re.findall(r"[a-z0-9_]+", open(sys.argv[1]).read()))
missing = set(json.load(open(sys.argv[2]))) - words
assert not missing, missing
E2
}

cd "$work" || exit 1
is_code 0 "$bin/loadgen" --engine sleep:1 --rate 1000 -r 200 --warmup 50ms --lag-bound-ms 60000 --expect 'failed<50%' --json
check 'a run in order' test -s out
cp out load.json
check 'its keys are the documented ones' documented 'loadgen --json' load.json
check 'and those of the help' helped loadgen load.json
check 'a run of which nothing succeeded' is_code 1 "$bin/loadgen" --url http://127.0.0.1:1/ -r 20 --rate 1000 --lag-bound-ms 60000 --json
check 'has the same keys' documented 'loadgen --json' out
check 'merged' is_code 0 "$bin/loadgen" merge --json "runs/sleep/$(ls runs/sleep)"
check 'has the same keys, too' documented 'loadgen --json' out
check 'a search' is_code 0 "$bin/loadgen" find-max --engine sleep:1 --slo 'failed<1%' --from 500 --to 1000 --step 300ms \
    --confirm 300ms --warmup 0 --pause 0 --lag-bound-ms 60000 --json
check 'has its documented keys' documented 'loadgen find-max --json' out
check 'and those of the help, too' helped 'loadgen find-max' out

# The keys of plot --json, of a config with every plot, and with both consistencies.
plot_documented() {
    $python - "$top/docs/formats.md" "$1" "$2" <<'E2'
import json, re, sys
section = open(sys.argv[1], encoding="utf-8").read().split("\n## plot --json\n")[1].split("\n## ")[0]
rows = re.findall(r"^\| (`.*?) \| (.*) \|$", section, re.M)
named = {key for first, _ in rows for key in re.findall(r"`([^`]+)`", first) if not key.startswith(("derived.", "growth."))}
words = {first.strip("`"): set(re.findall(r"`([^`]+)`", text)) for first, text in rows}
kinds = {"consistency_window": "window", "write_post_overhead": "window", "delay_vs_per_inconsistencies": "sweep",
         "storage_overhead": "storage", "prevented_inconsistencies": "prevented"}

def form(key):
    key = re.sub(r"(?<![a-z])(antipode|rendezvous)(?=_(overhead|total|avg))", "APP", key)
    return re.sub(r"(?<![a-z])(original|antipode|rendezvous)(?=_|$)", "SIDE", key)

found = set()
for path in sys.argv[2:]:
    top = json.load(open(path))
    for name, rows in list(top.items()) + list(top["unpublished"].items()):
        if name == "notes":
            found |= {f"notes.{key}" for row in rows for key in row}
        elif name == "derived":
            assert not any(rows.values()), rows # of our own runs alone: e2e/delay and e2e/bytes have some
        elif name != "unpublished":
            rows = rows if isinstance(rows, list) else [row for table in rows.values() for row in table]
            found |= {f"{kinds[name]}.{form(key)}" for row in rows for key in row}
            for row in rows:
                for one in row.get("rounds", []):
                    assert set(one) == words["sweep.rounds"], one
                for role in row.get("by_role", []):
                    parts = {re.sub("^(baseline|antipode|rendezvous)(?=_)", "", key) for key in role["measured"]}
                    assert parts <= words["storage.by_role"], parts
assert named == found, named ^ found
E2
}
golden=$top/tests/golden/plot
cp -r "$golden/gather" . && cp -r gather/mysql-sns/eu-us__20__delay-0ms-20260921100090 gather/mysql-sns/antipode__eu-us__20
sed -i 's/^ANTIPODE_ENABLED: .*/ANTIPODE_ENABLED: true/' gather/mysql-sns/antipode__eu-us__20/tags.yml
printf 'consistency_window:\n  gather_paths:\n' >both.yml
printf '  - %s\n' 'mysql-sns/eu-us*' 'mysql-sns/rendezvous__*' 'mysql-sns/antipode__*' >>both.yml
check 'every plot' is_code 0 "$bin/plot" "$golden/plots.yml" --root gather --no-pictures --json
cp out plot.json
check 'and two consistencies in one' is_code 0 "$bin/plot" both.yml --root gather --no-pictures --json
check 'have the documented keys' plot_documented plot.json out
finish

#!/bin/sh
# The main job by hand, as the README has it, and the documents about its files.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
cd "$work"

start_sandbox "$top/samples/local.yml" --slots 8

# The README's own lines, in its order; it starts the sandbox on the default port, which we do not take.
ln -s "$top/samples" samples
sed -n '/^## By hand/,/^## [^B]/p' "$top/README.md" | sed -n '/^```$/,/^```$/p' |
    sed -n 's/ *#.*//; /^\(loadgen\|gather\|analyze\|plot\|deploy\|clean\)/p' >readme.lines
check 'the README says how to do it by hand' test "$(wc -l <readme.lines)" -ge 6
while IFS= read -r line; do
    check "README: $line" ran env PATH="$bin:$PATH" sh -c "$line"
done <readme.lines
check 'the README measured 1000 requests' sh -c "grep -q '^planned: 1000' runs/dynamo-sns/*/run.yml"
rm -rf runs plots
check 'what it deployed is undone' is_code 0 "$bin/deploy" -c "$top/samples/local.yml"
check 'plain loadgen runs' ran "$bin/loadgen" -r 60 --rate 60
check 'it prints its sum' grep -q '^planned *60 = 60 ok + 0 failed + 0 skipped' out
check 'plain gather gathers' is_code 0 "$bin/gather"
check 'it prints both sums' sh -c "grep -q '^planned = .*: 60 = ' out && grep -q '^received = .*: 60 = 60 ' out"
check 'plain analyze computes' ran "$bin/analyze"
check 'it prints the windows' grep -q 'window as published' out
check 'cache with antipode is deployed' is_code 0 "$bin/deploy" --post-storage cache --consistency antipode
check 'another run' ran "$bin/loadgen" -r 60 --rate 60
check 'is gathered' is_code 0 "$bin/gather"
check 'and analyzed as JSON' ran "$bin/analyze" --json
check 'with the combination that really ran' $python -c '
import json
s = json.load(open("out"))
assert s["combination"]["post_storage"] == "cache" and s["combination"]["consistency"] == "antipode", s["combination"]
assert s["classes"]["planned"] == 60
assert s["metrics"]["barrier_cost"]["n"] == 60'
check 'both runs are drawn' is_code 0 "$bin/plot" "$top/samples/plots.yml"
check 'as PNG, SVG and PDF, from a script and a data file' sh -c 'ls plots/consistency_window-*.png plots/consistency_window-*.svg plots/consistency_window-*.pdf plots/consistency_window-*.gp plots/consistency_window-*.dat'
check 'the script redraws anywhere' sh -c 'mkdir elsewhere && cp plots/*.gp elsewhere && cd elsewhere && gnuplot *.gp && ls *.png'
check 'asynchronous invocations are measured too' ran "$bin/loadgen" -r 40 --rate 40 --async
check 'and gathered' is_code 0 "$bin/gather"

# figures_agree RUN: the series, the histograms and run.yml against each other and against requests.csv, which
# has every request.
figures_agree() {
    $python - "$1" <<'E2'
import collections, csv, glob, json, math, os, re, sys
run = sys.argv[1]
text = open(run + "/run.yml").read()
manifest = dict(re.findall(r"^(\w+): (.+)$", text, re.M))
outcomes, warm = ({n: int(c) for n, c in re.findall(r"^  (\w+): (\d+)$", part, re.M)} for part in
                  re.search(r"^outcomes:\n((?:  .*\n)+)warmup_outcomes:\n((?:  .*\n)+)", text, re.M).groups())
requests = collections.defaultdict(list)
for row in csv.DictReader(open(run + "/requests.csv")):
    requests[int(row["i"])].append(row)

def total(counts, *but):
    return sum(c for n, c in counts.items() if n not in but)

series = list(csv.DictReader(open(run + "/series.csv")))
sums = {n: sum(int(s[n]) for s in series) for n in ("sent", "ok", "failed", "skipped", "late", "retries")}
assert [int(s["second"]) for s in series] == list(range(len(series))) and series
assert {int(b["started_us"]) - int(a["started_us"]) for a, b in zip(series, series[1:])} <= {1000000}
assert series[0]["started_us"] == manifest["started_us"] and series[-1]["in_flight"] == "0"
assert sums["ok"] == outcomes["ok"] + warm["ok"], sums
assert sums["failed"] == total(outcomes, "ok", "skipped") + total(warm, "ok", "skipped"), sums
assert sums["skipped"] == outcomes["skipped"] + warm["skipped"], sums
assert sums["ok"] + sums["failed"] + sums["skipped"] == int(manifest["planned"]), sums
was_sent = [r[0] for r in requests.values() if int(r[0]["sent_us"] or 0)]
assert sums["sent"] == len(was_sent), (sums, len(was_sent))
assert int(manifest["sent"]) == sum(r["warmup"] == "0" for r in was_sent)
assert sums["late"] >= int(manifest["late"]) and sums["retries"] == sum(len(r) - 1 for r in requests.values())
assert sum(s["warmup"] == "1" for s in series) == (int(manifest["warmup_slots"]) > 0)

true = collections.defaultdict(list)  # of outcome and kind, in microseconds
for attempts in requests.values():
    first, last = attempts[0], attempts[-1]
    if first["warmup"] == "0":
        due, sent, resent, acked = (int(v or 0) for v in
                                    (first["due_us"], first["sent_us"], last["sent_us"], last["acked_us"]))
        true[last["outcome"], "response"].append(acked - due)
        if resent:
            true[last["outcome"], "service"].append(acked - resent)
        if sent:
            true[last["outcome"], "lag"].append(sent - due)
counted = {n: len(true.get((n, "response"), [])) for n in outcomes if n != "skipped"}
assert counted == {n: c for n, c in outcomes.items() if n != "skipped"}, counted

latency = json.load(open(run + "/latency.json"))
width = 2.0 ** -latency["bits"]
ROUNDED_US = 2  # each of two stamps was cut to whole microseconds
assert set(latency["latency"]) == {n for n, _ in true}, latency["latency"].keys()
assert sum(latency["skipped"]["measured"].values()) == outcomes["skipped"]
for (outcome, kind), us in true.items():
    us.sort()
    found = latency["latency"][outcome][kind]
    assert found["count"] == len(us) == sum(n for _, n in found["buckets"]) and not found["outside"], (kind, found)
    for key, value in (("min", us[0]), ("max", us[-1])):
        assert abs(found[key] / 1e3 - value) <= ROUNDED_US, (outcome, kind, key, found[key], value)
    assert abs(int(found["sum"]) / 1e3 - sum(us)) <= ROUNDED_US * len(us)
    name = f"{run}/{kind}.hgrm" if outcome == "ok" else f"{run}/{kind}-{outcome}.hgrm"
    lines = [line.split() for line in open(name) if re.match(r" +\d", line)]
    for value_ms, share, count, _ in lines:
        value_us = us[max(math.ceil(float(share) * len(us) - 1e-3), 1) - 1]
        assert abs(float(value_ms) * 1e3 - value_us) <= ROUNDED_US + width * value_us, (name, share, value_ms, value_us)
        assert int(count) >= float(share) * len(us) - 1e-3
    assert abs(float(lines[-1][0]) * 1e3 - us[-1]) <= ROUNDED_US and int(lines[-1][2]) == len(us)
    tail = open(name).read()
    assert int(re.search(r"Total count +=\s+(\d+)", tail)[1]) == len(us)
    assert abs(float(re.search(r"Mean +=\s+([\d.]+)", tail)[1]) * 1e3 - sum(us) / len(us)) <= ROUNDED_US
for kind in ("response", "service", "lag"):
    assert os.path.exists(f"{run}/{kind}.hgrm")
of_outcome = {tuple(reversed(os.path.basename(p)[:-5].split("-", 1))) for p in glob.glob(run + "/*-*.hgrm")}
assert of_outcome == {(o, k) for o, k in true if o != "ok"}, of_outcome
if outcomes["ok"]:
    longest = max(float(s["response_max_us"] or 0) for s in series)
    assert abs(longest - true["ok", "response"][-1]) <= ROUNDED_US + width * longest, longest
E2
}
check 'the series and the histograms agree with requests.csv' figures_agree runs/latest
check 'a run with a warm-up' ran "$bin/loadgen" -r 90 --rate 60 --warmup 500ms --retries 1
check 'keeps it out of the figures, and in the series' figures_agree runs/latest
check 'is gathered' is_code 0 "$bin/gather"
check 'a run that reaches nobody' is_code 1 "$bin/loadgen" -o failed --url http://127.0.0.1:1/ -r 9 --retries 2 --retry-delay 1ms
check 'has the same figures of its failures' figures_agree failed/latest

# The documents: every column and key of the files stands in docs/formats.md, and nothing else.
check 'docs/formats.md lists the columns as they are' $python - "$top/docs/formats.md" runs/latest "$top/common/run/records.c" <<'E2'
import json, re, sys
text = open(sys.argv[1]).read()
run = sys.argv[2]
def table(heading):
    part = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| `([^`]+)` \|", part, re.M)
for name in ("requests.csv", "records.csv", "series.csv"):
    header = open(f"{run}/{name}").readline().strip().split(",")
    assert header == table(name), (name, header, table(name))
source = open(sys.argv[3]).read()
flags = re.findall(r'"([a-z-]+)"', source.split("flag_names[] = {", 1)[1].split("}", 1)[0])
part = text.split("## records.csv\n", 1)[1].split("\n## ", 1)[0]
assert flags == re.findall(r"`([a-z-]+)`: ", part), flags
message = json.loads(json.loads(open(f"{run}/evaluations.jsonl").readline())["body"])
keys = [k for k in message if k != "xcy"] + ["xcy." + k for k in message["xcy"]]
assert keys == table("Evaluation message"), (keys, table("Evaluation message"))
manifest = [line.split(":")[0] for line in open(f"{run}/run.yml") if not line.startswith(" ")]
assert manifest == table("run.yml"), (manifest, table("run.yml"))
def paths(value, prefix=""):
    for key, inner in value.items():
        key = {"latency.": "OUTCOME", "latency.OUTCOME.": "KIND"}.get(prefix, key)
        if isinstance(inner, dict) and prefix + key != "start_lag":
            yield from paths(inner, prefix + key + ".")
        else:
            yield prefix + key
found = list(dict.fromkeys(paths(json.load(open(run + "/latency.json")))))
assert found == table("latency.json"), (found, table("latency.json"))
first = open(run + "/response.hgrm").readline().split()
assert first == ["Value", "Percentile", "TotalCount", "1/(1-Percentile)"], first
E2
check 'and the keys of summary.json' $python - "$top/docs/formats.md" out2 <<'E2'
import json, re, subprocess, sys, os
text = open(sys.argv[1]).read()
part = text.split("## summary.json\n", 1)[1].split("\n## ", 1)[0]
documented = set(re.findall(r"^\| `([^`]+)` \|", part, re.M))
summary = json.loads(subprocess.run([os.environ["XCY_BIN"] + "/analyze", "--json"], capture_output=True, check=False).stdout)
found = set()
def walk(prefix, value):
    for key, inner in value.items():
        key = {"metrics.": "NAME", "sizes.": "SIZE"}.get(prefix, "pNN" if re.fullmatch(r"p\d+", key) else key)
        if isinstance(inner, dict) and prefix + key != "combination":
            walk(prefix + key + ".", inner)
        elif isinstance(inner, list) and inner:
            for item in inner:
                walk(prefix + key + "[].", item)
        else:
            found.add(prefix + key)
walk("", summary)
assert found == documented, (found - documented, documented - found)
E2
check 'the sandbox ends when asked' stop_sandbox
finish

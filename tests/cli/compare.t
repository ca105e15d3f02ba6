#!/bin/sh
# analyze compare and analyze cost: docs/compare.md is what they print; forms for machines; exit codes; wrong
# words.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
cd "$work"
export PATH="$bin:$PATH"

check 'runs of known truth are made' "$bin/../tests/support/made_runs" .

# Each block begins with its command; what it prints on stdout follows.
examples_are_true() {
    $python - "$top/docs/compare.md" <<'E2'
import re, subprocess, sys
blocks = re.findall(r"^```example\n\$ (.*?)\n(.*?)^```$", open(sys.argv[1], encoding="utf-8").read(), re.M | re.S)
assert len(blocks) >= 3, blocks
for command, expected in blocks:
    got = subprocess.run(["sh", "-c", command], capture_output=True, text=True)
    assert got.stdout == expected, f"$ {command}\n{got.stdout}{got.stderr}"
E2
}
check 'the examples of docs/compare.md are what is printed' examples_are_true

# compared CODE WORD...: before and after, rounds.
compared() {
    code=$1
    shift
    is_code "$code" analyze compare 'versions/before-*' vs 'versions/after-*' "$@"
}
check 'without an expectation nothing is missed' compared 0
check 'a difference beyond the margin misses it' compared 4 --margin 2% -m write_latency
check 'in one line' says "an expectation was not met: 1 figure misses 'equivalent'"
check 'equality within it does not' compared 0 --margin 2% -m throughput,read_latency
check 'what is longer is worse' compared 4 --expect not-worse -m response,throughput
check 'but not by three times the value' compared 0 --expect not-worse -m response --margin 300%
check 'the other way round it is better' is_code 0 analyze compare 'versions/after-*' vs 'versions/before-*' --expect not-worse
check 'two rounds are too few to show anything' is_code 4 analyze compare versions/before-1 versions/before-2 vs versions/after-1 versions/after-2 --margin 50%
check 'and it says so' grep -q '^  TOO FEW ROUNDS: 2 and 2; below 3 on a side' out
check 'in all' grep -q '^in all: no test could be made of .*too few rounds' out

documented() {
    $python - "$top/docs/formats.md" "$work/out" <<'E2'
import json, re, sys
section = open(sys.argv[1], encoding="utf-8").read().split("\n## analyze compare --json\n")[1].split("\n## ")[0]
named = set(re.findall(r"^\| `(.*?)` \|", section, re.M))

def keys(value, at):
    if isinstance(value, dict):
        return set().union(*(keys(v, f"{at}.{k}" if at else k) for k, v in value.items()))
    if isinstance(value, list):
        return set().union(*(keys(v, f"{at}[]") for v in value)) if value else {at}
    return {at}
found = {re.sub(r"figures\[\]\.[ab]\.", "figures[].SIDE.", re.sub(r"cells\[\]\.[ab]\[\]", "cells[].SIDE[]", k))
         for k in keys(json.load(open(sys.argv[2])), "")}
assert named == found, named ^ found
E2
}
mkdir both
cp -r versions/before-1 both/before
cp -r remedies/antipode-1 both/antipode
check 'cells of which one is in A alone' is_code 0 analyze compare both remedies/delay100-1 --json
check 'have the documented keys' documented
shift_is_true() {
    $python -c '
import json
f = {f["name"]: f for f in json.load(open("out"))["cells"][0]["figures"]}["write_latency"]
assert f["shift_ci95_low"] < 4 < f["shift_ci95_high"] and f["unit"] == "ms" and f["found"] == "larger", f'
}
check 'as one object' compared 0 --json
check 'with the 4 ms that were added in the interval' shift_is_true
check 'as Markdown' compared 0 --format markdown
check 'with a row a figure' sh -c '[ "$(grep -c "^| .* | .* |$" out)" -eq 16 ]'
check 'each of as many columns' sh -c '[ "$(grep "^|" out | tr -cd "|\n" | sort -u)" = "|||||||||||" ]'

# junit TESTS FAILURES ERRORS SKIPPED: compare.xml is XML, and its counts are those of its elements.
junit() {
    $python - "$@" <<'E2'
import sys, xml.etree.ElementTree as tree
suite = tree.parse("compare.xml").getroot().find("testsuite")
for name, element, wanted in zip(("tests", "failures", "errors", "skipped"),
                                 ("testcase", "failure", "error", "skipped"), sys.argv[1:]):
    found = len(list(suite.iter(element)))
    assert suite.get(name) == wanted == str(found), (name, suite.get(name), found)
E2
}
check 'a file for JUnit beside the table' compared 4 --junit compare.xml --margin 2% -m write_latency,throughput,window
check 'is told nothing of' sh -c "grep -q '^in all' out && ! grep -q testcase out"
check 'has a failure a figure that misses' junit 3 2 0 0
mkdir versions/wild
cp -r versions/after-1 "$(printf 'versions/wild/a<b>&"c\303\244\377\001')"
sed -i 's/^verdict: .*/verdict: GENERATOR_LIMITED/; s/^verdict_reason:.*/verdict_reason: late/' versions/wild/*/run.yml
check 'a run that is not valid' is_code 3 analyze compare versions/before-1 versions/wild --junit compare.xml -m response,barrier_cost
check 'is compared and named' grep -q 'NOT VALID: versions/wild/a' out
check 'and its figures are errors, whatever its name' junit 1 0 1 0
check 'what has no test is skipped' is_code 0 analyze compare versions/before-1 remedies/antipode-1 --junit compare.xml -m response,barrier_cost
check 'in XML, too' junit 2 0 0 1

check 'one side' is_code 2 analyze compare versions/before-1 vs
check 'says what is missing' says 'two sides are needed'
check 'three words without vs' is_code 2 analyze compare versions/before-1 versions/before-2 versions/after-1
check 'say it, too' says 'two sides are needed'
check 'a run on both sides, by two names' is_code 2 analyze compare versions/before-1 ./versions/../versions/before-1
check 'is refused' says 'versions/before-1 is on both sides'
check 'a metric that is none' is_code 2 analyze compare versions/before-1 versions/after-1 -m response,trougput
check 'is told what was meant' says "no metric is called 'trougput'; did you mean 'throughput'?"
check 'a margin without a percent sign' compared 2 --margin 2
check 'is told what one looks like' says "--margin: '2' is no percentage"
check 'equivalence without a margin' compared 2 --expect equivalent
check 'is told that it needs one' says '--expect equivalent needs a --margin'
check 'a quantile of single runs' is_code 2 analyze compare versions/before-1 versions/after-1 --quantile 0.9
check 'is refused' says '--quantile is of rounds'
check 'a quantile of rounds' compared 0 --quantile 0.9 -m write_latency
check 'a run that is not there' is_code 1 analyze compare versions/before-1 versions/nothing
check 'is named' says 'no run is called versions/nothing'
check 'cells without their like' is_code 2 analyze compare remedies/none-1 remedies/delay50-1 vs remedies/delay100-1 remedies/antipode-1
check 'are told' says 'no cell of A has its like in B'

# One that loses requests: its barrier gives up in two of five.
gave_up() {
    code=$1
    shift
    is_code "$code" analyze compare 'giving_up/none-*' vs 'giving_up/antipode-*' "$@"
}
counted() {
    $python -c '
import json
d = json.load(open("out"))
cell = d["cells"][0]
for run in cell["a"] + cell["b"]:
    assert run["requests"] == run["decided"] + run["lost"] + run["failed"] + run["skipped"] == 200, run
    assert run["lost"] == run["skipped"] == 0, run
assert all(run["failed"] == 0 for run in cell["a"]), cell["a"]
n_failed = sum(run["failed"] for run in cell["b"])
f = {f["name"]: f for f in cell["figures"]}["undecided"]
assert f["found"] == "larger" and f["is_missed"] and f["unit"] == "share", f
assert f["shift_ci95_low"] < 0.4 < f["shift_ci95_high"] and f["p_adjusted"] == f["p"], f
assert abs(f["b"]["low"] - n_failed / 600) < 1e-9, f
assert d["missed"] == d["undecided_tests"] == 1, d
assert f"B {n_failed} of 600 requests" in d["words"], d["words"]'
}
check 'requests that are never read are worse' gave_up 4 --expect not-worse -m inconsistent,undecided --json
check 'and counted, of each run' counted
check 'without being asked for, too' gave_up 4 --expect not-worse --format markdown
check 'in a row of Markdown' grep -q '^| undecided | .*B is higher |$' out
check 'a file for JUnit' gave_up 4 --expect not-worse --junit compare.xml -m inconsistent,undecided
check 'has a case of it that fails' junit 2 1 0 0
check 'of another figure that is asked for' gave_up 0 --expect not-worse -m inconsistent --junit compare.xml
check 'it is told of how many requests it is not' grep -q '^  UNDECIDED: A none of 600 requests, B 2[0-9][0-9] of 600' out
check 'in all, too' grep -q '^in all: .*; UNDECIDED: .* failed, 0 skipped); expected and met' out
check 'and in the file' grep -q '<system-out>B differs .*; UNDECIDED: A none of 600' compare.xml
check 'a file for JUnit in no folder' compared 1 --junit none/compare.xml
check 'is named as it was given' says 'none/compare.xml: No such file'

# The cost of remedies.
cost_documented() {
    $python - "$top/docs/formats.md" "$work/out" <<'E2'
import json, re, sys
doc = open(sys.argv[1], encoding="utf-8").read()

def section(name):
    return doc.split(f"\n## {name}\n")[1].split("\n## ")[0]
rows = dict(re.findall(r"^\| `(.*?)` \| (.*) \|$", section("analyze cost --json"), re.M))
figures = set(re.findall(r"^\| `cells\[\]\.figures\[\]\.(\w+)`", section("analyze compare --json"), re.M))
top = json.load(open(sys.argv[2]))
assert set(top["curve"]) == set(re.findall(r"`(\w+)`", rows["curve"])), top["curve"]
found = set(top) - {"settings", "comparisons"}
for name in ("settings", "comparisons"):
    for item in top[name]:
        found |= {f"{name}[].{key}" for key in item if key != "runs"}
        found |= {f"{name}[].runs[].{key}" for run in item.get("runs", []) for key in run}
assert set(rows) == found, set(rows) ^ found
for pair in top["comparisons"]:
    for figure in pair["figures"]:
        assert set(figure) - {"a", "b"} == figures - {"is_missed"}, set(figure) ^ figures
E2
}
# holds EXPRESSION: of d, what --json gave; of f(A, B, NAME), a figure of it.
holds() {
    $python -c '
import json, sys
d = json.load(open("out"))
notes = d.get("notes")
d = d.get("cost_at_equal_residual", d)
def f(a, b, name):
    pair = [c for c in d["comparisons"] if c["a"] == a and c["b"] == b][0]
    return [f for f in pair["figures"] if f["name"] == name][0]
def within(figure, truth):
    return figure["shift_ci95_low"] <= truth <= figure["shift_ci95_high"]
assert eval(sys.argv[1]), d' "$1"
}
check 'what remedies cost' is_code 0 analyze cost remedies --json
check 'has the documented keys' cost_documented
check 'the least delay that is enough is taken' holds 'd["delay_ms"] == 100'
check 'the curve asks for the true one' holds 'd["curve"]["ci95_low_ms"] <= 100 * (1 - d["target"] / 0.6) <= d["curve"]["ci95_high_ms"]'
check 'the delay costs the client 100 ms' holds 'within(f("none", "delay", "response"), 100)'
check 'the barrier costs the reader 20 ms' holds 'within(f("none", "barrier", "window_as_published"), 20)'
check 'and 60 bytes' holds 'f("delay", "barrier", "notification")["shift_low"] == 60'
check 'without a delay' is_code 0 analyze cost remedies/none-1 remedies/antipode-1
check 'it says which to run' grep -q 'no run is behind a delay; .*: run delay_ms: [0-9]' out
check 'of a barrier that gives up' is_code 0 analyze cost giving_up --json
check 'has the documented keys' cost_documented
check 'with all that it lost' holds '[s["failed"] for s in d["settings"]][0] == 0 and d["settings"][1]["failed"] == 600 - d["settings"][1]["n"] > 200'
check 'which is found' holds 'f("none", "barrier", "undecided")["found"] == "larger" and within(f("none", "barrier", "undecided"), 0.4)'
check 'and said' holds '" are undecided, without a remedy none of 600 requests: what is told to be left by the barrier" in d["words"]'
check 'a run that is not valid' is_code 3 analyze cost remedies/none-1 versions/wild remedies/antipode-1
check 'is named, in the table, too' sh -c "grep -q 'NOT VALID: versions/wild/a' out && grep -q '^  response ' out"
check 'no barrier' is_code 2 analyze cost remedies/none-1 remedies/delay50-1
check 'is said to be missing' says 'no run is behind a barrier'
printf 'cost_at_equal_residual:\n  gather_paths:\n  - remedies/*\n  - remedies/none-1\n' >cost.yml
check 'the picture is drawn' is_code 0 plot cost.yml --root . -o pictures --json
check 'with the same numbers, a run that is named twice counted once' holds 'd["delay_ms"] == 100 and d["settings"][0]["n"] == 600'
check 'in three formats' sh -c '[ "$(ls pictures/*.png pictures/*.svg pictures/*.pdf | wc -l)" -eq 3 ]'
bars() {
    $python - pictures/*.dat <<'E2'
import sys
rows = [line.rstrip("\n").split("\t") for line in open(sys.argv[1], encoding="utf-8") if line[0] != "#"]
bars = {(r[1], r[2]): r[3:6] for r in rows}
assert len(bars) == 18, bars
value, low, high = map(float, bars["inconsistent, share of reads", "barrier antipode"])
assert value == low == 0 and 1 < high < 1.1, bars
value, low, high = map(float, bars["notification, bytes", "barrier antipode"])
assert value == 115, bars
value, low, high = map(float, bars["response, median", "delay of 100 ms"])
assert 600 < low < value < high < 800, bars
E2
}
check 'of what it shows, in percent of no remedy' bars
printf 'cost_at_equal_residual:\n  gather_paths:\n  - giving_up/*\n' >giving_up.yml
check 'what gives up is drawn' is_code 0 plot giving_up.yml --root . -o given_up --json
check 'and noted' holds '[n["kind"] for n in notes] == ["undecided"] and " of 600 requests (" in notes[0]["text"]'
check 'in the legend, too' grep -Eq 'barrier antipode, [0-9.]+% undecided' given_up/*.dat
check 'without a delay it is drawn, too' sh -c "sed -i '/remedies.\*/d' cost.yml && echo '  - remedies/antipode-1' >>cost.yml && plot cost.yml --root . -o pictures"
finish

#!/bin/sh
# What a delay would hide, told from one run without one, against what real delays hide.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

lognormal='{model: lognormal, p50_ms: 400, p99_ms: 1600}'
# Polls are few enough for a slow machine.
deployment "$work/race.yml" "  dynamo: {table: posts, replication: $lognormal, settle: 0, writer_leg: 1, reader_leg: 1}
  sns: {topic: notifications, delivery: $lognormal}" 'poll_max_ms: 100'

# at DELAY_MS N: a gathered run behind that delay.
at() {
    "$bin/deploy" -c "$config" --delay-ms "$1" >/dev/null && measure "delay-$1" -r "$2" --rate 80
}
# delay's report, with Python's names for what it has.
told() {
    $python - "$work/delay.json" "$1" <<'E2'
import json, sys
d = json.load(open(sys.argv[1]))
exec("assert " + sys.argv[2] + ", " + repr({k: d[k] for k in ("n", "inconsistent", "polled", "needed", "sweep", "statement")}))
E2
}

start_sandbox "$work/race.yml" --slots 16
check 'a run without a delay is gathered' at 0 600
base=$run
check 'one behind 200 ms, too' at 200 600
sweep=$run
check 'and one behind 800 ms' at 800 600
sweep="$sweep $run"
check 'and one behind a barrier' sh -c "'$bin/deploy' -c '$config' --delay-ms 0 --consistency antipode >/dev/null"
check 'which is gathered' measure barrier -r 100 --rate 80
barrier=$run
check 'the sandbox ends when asked' stop_sandbox

# shellcheck disable=SC2086 # a word a run
check 'the delays are told' is_code 0 "$bin/analyze" delay --json "$base" $sweep
cp "$work/out" "$work/delay.json"
check 'every miss was polled' told 'd["basis"] == "whole" and d["polled"] == d["inconsistent"] > 100'
check 'without a delay both ends are the share of inconsistent reads' told \
    'd["curve"][0]["share_low"] == d["curve"][0]["share_high"] == d["inconsistent"] / d["n"]'
check 'the curve falls' told 'all(a["share_high"] >= b["share_high"] for a, b in zip(d["curve"], d["curve"][1:])) and d["curve"][-1]["share_high"] < 0.01'
check 'real delays hid what the curve says' told 'd["agrees"] is True and len(d["sweep"]) == 2'
check 'a longer one hid more' told 'd["sweep"][0]["events"] / d["sweep"][0]["n"] > d["sweep"][1]["events"] / d["sweep"][1]["n"]'
check 'for 0.01 % there are too few reads, and it says how many it takes' told \
    'd["needed"][3]["target"] == 0.0001 and d["needed"][3]["ci95_low_ms"] is None and d["needed"][3]["needs_n"] > 30000'
check 'its keys are the documented ones' keys_documented docs/delay.md "$work/delay.json" combination
# shellcheck disable=SC2086
check 'in words, too' is_code 0 "$bin/analyze" delay "$base" $sweep --target 5%
check 'with a statement' grep -q 'sweep and derived curve agree' "$work/out"
check 'and the one share that was asked for' sh -c "grep -q '^ *5% ' '$work/out' && ! grep -q '^ *0.01% ' '$work/out'"
# drawn CONFIG OPTION...: the sweep as a picture, whose numbers stand in $work/plot.json.
drawn() {
    is_code 0 "$bin/plot" "$@" --root "$work" -o "$work/plots" --no-pictures --json && cp "$work/out" "$work/plot.json"
}
# The curve under the sweep's points is that of analyze delay, and so is what it says of them.
as_analyzed() {
    $python - "$work/plot.json" "$work/delay.json" <<'E2'
import json, sys
(curve,) = json.load(open(sys.argv[1]))["derived"]["delay_vs_per_inconsistencies"]
told = json.load(open(sys.argv[2]))
for name in ("path", "basis", "n", "inconsistent", "polled", "unknown", "defined_to_ms", "agrees"):
    assert curve[name] == told[name], name
assert curve["checks"] == [{k: v for k, v in one.items() if k != "path"} for one in told["sweep"]], curve["checks"]
assert curve["statement"] == told["statement"].replace("runs", "delays"), curve["statement"]
ours = {row["delay_ms"]: row for row in curve["curve"]}
theirs = {row["delay_ms"]: row for row in told["curve"]}
same = ours.keys() & theirs.keys()
assert {0, 100} <= same, sorted(ours)
assert all(ours[at][name] == theirs[at][name] for at in same for name in ours[at])
E2
}
plot_documented() {
    $python - "$top/docs/formats.md" "$work/plot.json" <<'E2'
import json, re, sys
section = open(sys.argv[1], encoding="utf-8").read().split("\n## plot --json\n")[1].split("\n## ")[0]
rows = re.findall(r"^\| (`derived\..*?) \| (.*) \|$", section, re.M)
named = {key for first, _ in rows for key in re.findall(r"`derived\.([^`]+)`", first)}
parts = {first.strip("`"): set(re.findall(r"`([^`]+)`", text)) for first, text in rows}
(curve,) = json.load(open(sys.argv[2]))["derived"]["delay_vs_per_inconsistencies"]
assert named == set(curve), named ^ set(curve)
for part in ("curve", "checks"):
    assert all(set(one) == parts[f"derived.{part}"] for one in curve[part]), part
E2
}
{
    printf 'delay_vs_per_inconsistencies:\n  combinations: [{post_storage: dynamo, notification_storage: sns}]\n'
    printf '  writer_region: eu\n  reader_region: us\n  num_requests: 600\n  gather_paths:\n'
    # shellcheck disable=SC2086 # a word a run
    printf '  - %s\n' "$base" $sweep
} >"$work/sweep.yml"
check 'the sweep is drawn' drawn "$work/sweep.yml"
check 'with the curve of its first run, and the same verdict' as_analyzed
check 'under documented names' plot_documented
check 'the picture says so' sh -c "grep -q 'derived from one run; the sweep agrees with it' '$work'/plots/*.gp"
check 'as does the text' sh -c "'$bin/plot' '$work/sweep.yml' --root '$work' -o '$work/plots' --no-pictures | grep -q 'DynamoDB, SNS: sweep and derived curve agree'"
# A real delay that did nothing: the same run is told to be 800 ms behind itself.
cp -r "$base" "$work/liar"
sed -i -e 's/^delay_ms: 0$/delay_ms: 800/' -e "s/^run: .*/run: $(cat /proc/sys/kernel/random/uuid)/" "$work/liar/run.yml"
check 'a delay that hides nothing is found out' is_code 0 "$bin/analyze" delay "$base" "$work/liar"
check 'in words' grep -q 'sweep and derived curve disagree' "$work/out"
# Every other read that found its post is told to be of a writer that ran twice, in two copies of the run.
for copy in twice again; do
    cp -r "$base" "$work/$copy"
    awk -F, -v OFS=, 'NR == 1 { for (c = 1; c <= NF; c++) if ($c == "flags") f = c; else if ($c == "class") k = c }
        NR > 1 && NR % 2 && $k == "consistent" { $f = $f == "" ? "many-execs" : $f "+many-execs" } 1' \
        "$base/records.csv" >"$work/$copy/records.csv"
    sed -i "s/^run: .*/run: $(cat /proc/sys/kernel/random/uuid)/" "$work/$copy/run.yml"
done
check 'where writers ran twice a run agrees with itself' is_code 0 "$bin/analyze" delay "$work/twice" "$work/again"
check 'in words' grep -q 'sweep and derived curve agree' "$work/out"
check 'with how many reads are left out of the curve, and why' grep -q '^  left out: [1-9][0-9]* reads whose writer ran more than once' "$work/out"
check 'and of the sweep' grep -q '^  left out of the sweep: [1-9][0-9]* reads whose writer ran more than once' "$work/out"
check 'for machines, too' is_code 0 "$bin/analyze" delay --json "$work/twice" "$work/again"
cp "$work/out" "$work/twice.json"
check 'which have no other reads than before' $python -c '
import json, sys
twice, base = (json.load(open(path)) for path in sys.argv[1:])
(point,) = twice["sweep"]
assert twice["n"] + twice["many_execs"] == base["n"] > twice["n"], twice["n"]
assert (point["n"], point["many_execs"]) == (twice["n"], twice["many_execs"]) and twice["untold"] == 0, point' \
    "$work/twice.json" "$work/delay.json"
# The same run as if every third miss had been polled, and as if none had.
unpolled() {
    cp -r "$base" "$work/$1"
    sed -i "s/^visibility: .*/visibility: $2/" "$work/$1/run.yml"
    $python - "$work/$1/records.csv" "$3" <<'E2'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
missed = [row for row in rows if row["class"] == "inconsistent"]
for n, row in enumerate(missed):
    if int(sys.argv[2]) == 0 or n % int(sys.argv[2]):
        row["flags"] = "+".join(flag for flag in row["flags"].split("+") if flag != "polled")
        row["missed_us"] = row["visible_us"] = ""
with open(sys.argv[1], "w", newline="") as file:
    out = csv.DictWriter(file, rows[0], lineterminator="\n")
    out.writeheader()
    out.writerows(rows)
E2
}
check 'visibility can be off' unpolled off off 0
check 'which gives no curve' is_code 0 "$bin/analyze" delay "$work/off"
check 'and is told so' grep -q 'no inconsistent read was polled (visibility was off, run.yml)' "$work/out"
check 'as polls that are needed' sh -c "grep -q '^ *1% .* needs polls$' '$work/out' && ! grep -q 'given up' '$work/out'"
check 'in the report, too' is_code 0 "$bin/plot" report -o "$work" "$work/off"
check 'likewise' sh -c "grep -q 'No inconsistent read was polled (visibility was off, run.yml)' '$work/off/report.html' && ! grep -q 'Polls were given up' '$work/off/report.html'"
check 'which has no ends beyond polls' sh -c "grep -q 'not polled' '$work/off/report.html' && ! sed -n '/What a delay would hide/,/<figure/p' '$work/off/report.html' | grep -q 'beyond the polls'"
check 'for machines no number of reads would do' is_code 0 "$bin/analyze" delay --json "$work/off"
check 'where there are polls to be had' $python -c '
import json, sys
d = json.load(open(sys.argv[1]))
assert d["basis"] == "at_zero" and [n["needs_n"] for n in d["needed"][1:]] == [None] * 3, d["needed"]' "$work/out"
check 'it can be of a sample' unpolled sample sample 3
check 'which is told' is_code 0 "$bin/analyze" delay "$work/sample"
check 'with how many reads it would take' grep -Eq '^ *0.01% .* needs n >= [1-9][0-9]+$' "$work/out"
check 'a run behind a barrier has no curve' is_code 2 "$bin/analyze" delay "$barrier"
check 'which is told in a line' says 'read behind a barrier, which hides the margins'
# shellcheck disable=SC2086
check 'the run with the least delay comes first' is_code 2 "$bin/analyze" delay $sweep "$base"
check 'which is told in a line, too' says 'name the run with the least delay first'
check 'a share is no share' is_code 2 "$bin/analyze" delay "$base" --target 5
check 'as a line says' says '--target 5: a share between 0 and 1 was expected'

cat >"$work/mine.yml" <<'E2'
metrics:
  - {name: told_after, from: wrote, to: seen, meaning: post stored to reader told}
  - {name: seen_to_visible, from: seen, to: visible}
E2
check 'metrics of the user are computed' is_code 0 "$bin/analyze" -c "$work/mine.yml" --json "$base"
check 'like ours' $python -c '
import json, sys
m = json.load(open(sys.argv[1]))["metrics"]
told, ours = m["told_after"], m["notification_latency"]
assert told["n"] == ours["n"] > 0 and told["crosses_clocks"] and told["meaning"] == "post stored to reader told"
assert abs(told["p50"]["high_ms"] - ours["p50"]["high_ms"]) < 50, (told, ours)
assert m["seen_to_visible"]["n_left_censored"] > 0' "$work/out"
# shellcheck disable=SC2086
check 'the same runs tell what a delay and the barrier cost' ran "$bin/analyze" cost --json "$base" $sweep "$barrier"
cost_is_told() {
    $python - "$work/out" "$work/delay.json" <<'E2'
import json, sys
cost, delay = (json.load(open(path)) for path in sys.argv[1:])
settings = {(s["consistency"], s["delay_ms"]): s for s in cost["settings"]}
barrier = settings["antipode", 0]
assert cost["target"] == (barrier["events"] / barrier["n"] or cost["target"]) >= barrier["events"] / barrier["n"], cost
for point in delay["sweep"]:
    s = settings["none", point["delay_ms"]]
    assert (s["events"], s["n"]) == (point["events"], point["n"]), (s, point)
    most = {d: v["exact_high"] if cost["is_claimed"] else v["events"] / v["n"] for (c, d), v in settings.items() if c == "none"}
    assert s["is_enough"] == all(v <= cost["target"] for d, v in most.items() if d >= s["delay_ms"]), s
enough = [s["delay_ms"] for s in cost["settings"] if s["is_enough"] and s["delay_ms"] > 0]
assert cost["delay_ms"] == (min(enough) if enough else None), cost
figures = {f["name"]: f for c in cost["comparisons"] if (c["a"], c["b"]) == ("none", "barrier") for f in c["figures"]}
# Its context is in each notification.
assert figures["notification"]["shift_low"] > 0, figures
E2
}
check 'by the same counts, and with what the barrier adds' cost_is_told
finish

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
check 'as PNG and SVG, from a script and a data file' sh -c 'ls plots/consistency_window-*.png plots/consistency_window-*.svg plots/consistency_window-*.gp plots/consistency_window-*.dat'
check 'the script redraws anywhere' sh -c 'mkdir elsewhere && cp plots/*.gp elsewhere && cd elsewhere && gnuplot *.gp && ls *.png'
check 'asynchronous invocations are measured too' ran "$bin/loadgen" -r 40 --rate 40 --async
check 'and gathered' is_code 0 "$bin/gather"

# The documents: every column and key of the files stands in docs/formats.md, and nothing else.
check 'docs/formats.md lists the columns as they are' $python - "$top/docs/formats.md" runs/latest "$top/common/run/records.c" <<'E2'
import json, re, sys
text = open(sys.argv[1]).read()
run = sys.argv[2]
def table(heading):
    part = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| `([^`]+)` \|", part, re.M)
for name in ("requests.csv", "records.csv"):
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
        key = "NAME" if prefix == "metrics." else "pNN" if re.fullmatch(r"p\d+", key) else key
        if isinstance(inner, dict) and prefix + key != "combination":
            walk(prefix + key + ".", inner)
        else:
            found.add(prefix + key)
walk("", summary)
assert found == documented, (found - documented, documented - found)
E2
check 'the sandbox ends when asked' stop_sandbox
finish

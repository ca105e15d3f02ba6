#!/bin/sh
# plot gives the reference's numbers to the digit, and says what is missing, mixed or not valid.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
golden=$top/tests/golden/plot
gather=$golden/gather
cd "$work"

# plot CODE CONFIG OPTION...: over the golden directories, numbers alone.
plotted() {
    code=$1
    config=$2
    shift 2
    is_code "$code" "$bin/plot" "$config" --root "$gather" --no-pictures "$@"
}
# noted PLOT KIND: --json has such a note, and stderr a warning with its text.
noted() {
    $python -c '
import json, sys
notes = [n for n in json.load(open("out"))["notes"] if n["plot"] == sys.argv[1] and n["kind"] == sys.argv[2]]
told = open("err").read()
assert notes, json.load(open("out"))["notes"]
assert all(n["text"] in told for n in notes), told' "$1" "$2"
}
# warns WORDS: some warning has them.
warns() {
    grep -qF -- "$1" err
}
# holds EXPRESSION: of d, what --json gave.
holds() {
    $python -c '
import json, sys
d = json.load(open("out"))
assert eval(sys.argv[1]), d' "$1"
}
as_expected() {
    $python -c '
import json, sys
def same(expected, got, at):
    if isinstance(expected, dict):
        for name in expected:
            same(expected[name], got[name], f"{at}.{name}")
    elif isinstance(expected, list):
        assert len(expected) == len(got), at
        for i, (e, g) in enumerate(zip(expected, got)):
            same(e, g, f"{at}[{i}]")
    else:
        assert expected == got, (at, expected, got)
same(json.load(open(sys.argv[1])), json.load(open("out")), "")' "$golden/expected.json"
}

check 'the config of the reference is drawn' is_code 0 "$bin/plot" "$golden/plots.yml" --root "$gather" --json
check 'with the numbers of the reference, in every plot' as_expected
check 'a second picture has a name of its own' is_code 0 "$bin/plot" "$golden/plots.yml" --root "$gather"
check 'so both are there, in three formats' sh -c '[ "$(ls plots/*.png | wc -l)" -eq 10 ] && [ "$(ls plots/*.svg | wc -l)" -eq 10 ] && [ "$(ls plots/*.pdf | wc -l)" -eq 10 ]'
check 'both sides of the table are printed' grep -q 'Antipode' out
check 'one plot alone' plotted 0 "$golden/plots.yml" --plots storage_overhead --json
check 'is drawn alone' holds 'set(d) == {"storage_overhead", "unpublished", "derived", "notes"}'

# What the reference crashes of, or misleads with.
printf 'consistency_window:\n  gather_paths: [cache-sns/antipode__*]\n' >one-side.yml
check 'a store without its Original side is drawn' plotted 0 one-side.yml
check 'and the missing side is named' grep -q 'Original.*missing' out
check 'also for machines' plotted 0 one-side.yml --json
check 'as a note' noted consistency_window missing_side
check 'and without a number' holds 'd["consistency_window"][0]["original_median"] is None and d["consistency_window"][0]["label_overhead"] is None'

printf 'consistency_window:\n  gather_paths:\n  - cache-sns/eu-us__824__delay-0ms-20260921100091\n  - cache-sns/*824*\n  - nothing-*\n' >missing.yml
check 'a directory that is not there is left out' plotted 0 missing.yml --json
check 'and told with file, line and the nearest there is' warns "missing.yml:3: no directory $gather/cache-sns/eu-us__824__delay-0ms-20260921100091; did you mean '$gather/cache-sns/eu-us__824__delay-0ms-20260921100019'?"
check 'as a note' noted consistency_window missing_directory
check 'so are wildcards that match nothing' noted consistency_window no_match
printf 'consistency_window:\n  gather_paths: [s3-sns/eu-us__1]\n' >none.yml
check 'where nothing is left' plotted 1 none.yml
check 'the directory is named with file and line' says 'none.yml:2: no directory'
printf 'consistency_window:\n  gather_paths: [nothing-*]\n' >none.yml
check 'and wildcards that match nothing at all' plotted 1 none.yml

printf 'storage_overhead:\n  gather_paths: [cache-sns/*]\nconsistency_window:\n  gather_paths: [s3-sns/eu-us__1]\n' >one-empty.yml
check 'a plot that has nothing to draw' plotted 0 one-empty.yml --json
check 'leaves the others' holds 'd["storage_overhead"] and "consistency_window" not in d'
check 'and is told' noted consistency_window nothing_to_draw
check 'with file, line and directory' warns 'one-empty.yml:4: no directory'
check 'but fails where it is asked for alone' plotted 1 one-empty.yml --plots consistency_window
check 'in one line' says 'consistency_window: one-empty.yml:4: no directory'
sed 's/cache-sns/cash-sns/' one-empty.yml >all-empty.yml
check 'so does a config of nothing but such plots' plotted 1 all-empty.yml
check 'with the first of them' says 'consistency_window: all-empty.yml:4: no directory'

printf 'consistency_window:\n  gather_paths: [dynamo-dynamo/*, cache-sns/*delay-0ms-2026092110002*]\n' >mixed.yml
check 'a run whose notification storage is not sns' plotted 0 mixed.yml --json
check 'takes no part, and is named' noted consistency_window left_out

check 'dynamo in both roles' plotted 0 "$golden/plots.yml" --json
check 'is told' noted storage_overhead mixed_roles
check 'and told apart' holds '[[r["role"] for r in s["by_role"]] for s in d["storage_overhead"] if s["is_mixed"]] == [["post", "notification"]]'
check 'runs of different n are told' noted storage_overhead different_numbers
check 'runs of one delay and of the same regions are no mixture' holds '"mixed_settings" not in [n["kind"] for n in d["notes"]]'
check 'a run with failures, whose name holds another number, is told' noted delay_vs_per_inconsistencies other_number
check 'and drawn, though nothing is published of it' holds '[(u["delay_ms"], u["n"]) for u in d["unpublished"]["delay_vs_per_inconsistencies"]] == [(1000, 480)]'
check 'several rounds of a delay are pooled, and each is there' holds '[(p["per_inconsistencies"], p["events"], p["n"], len(p["rounds"])) for p in d["delay_vs_per_inconsistencies"] if p["delay_ms"] == 50] == [(0.016, 23, 1000, 2)]'

printf 'storage_overhead:\n  gather_paths: [cache-sns/*]\n' >delays.yml
check 'runs of different delays in one number' plotted 0 delays.yml --json
check 'are told' noted storage_overhead mixed_settings
check 'with all their delays' warns 'different delays are taken together, as in the reference: 0 ms, 1000 ms, 100 ms, 150 ms'

# A sweep needs a share, of the directories that are its own.
mkdir -p shares/cache-sns
cp -r "$gather"/cache-sns/eu-us__500__delay-50ms-* shares/cache-sns
for d in shares/cache-sns/*; do
    sed -i '/^POST_STORAGE/d; /^ANTIPODE_ENABLED/d; s/^NOTIFICATION_STORAGE: .*/NOTIFICATION_STORAGE: null/; s/^\(AVG_.*\): .*/\1: many/' "$d/tags.yml"
done
mkdir shares/cache-sns/eu-us__5000__delay-50ms-1 shares/cache-sns/eu-us__5__delay-50ms-1
printf '{' >shares/cache-sns/eu-us__5000__delay-50ms-1/tags.yml
printf -- '- a\n' >shares/cache-sns/eu-us__5__delay-50ms-1/tags.yml
shares() {
    is_code 0 "$bin/plot" "$golden/plots.yml" --root shares --no-pictures --plots delay_vs_per_inconsistencies --json
}
check 'of a sweep tags that tell no more than shares' shares
check 'are enough' holds '[(p["delay_ms"], p["per_inconsistencies"], p["events"], p["n"]) for p in d["delay_vs_per_inconsistencies"]] == [(50, 0.016, 23, 1000)]'
check 'what they do not tell of their consistency is told' noted delay_vs_per_inconsistencies missing_tag
check 'runs of other numbers are counted' warns '2 runs are left out'
check 'and their broken tags are nothing to it' holds '"unreadable" not in [n["kind"] for n in d["notes"]]'
printf '{' >"shares/cache-sns/eu-us__5__delay-50ms-1/tags.yml"
check 'broken tags of what might have been a run with failures' shares
check 'are told' noted delay_vs_per_inconsistencies unreadable

# Antipode faster than Original: the medians of the same two runs, the other way round.
mkdir -p turned
cp -r "$gather/dynamo-sns/eu-us__656__delay-0ms-20260921100007" turned/a
cp -r "$gather/dynamo-sns/antipode__eu-us__235__delay-0ms-20260921100008" turned/b
sed -i 's/^ANTIPODE_ENABLED: .*/ANTIPODE_ENABLED: true/' turned/a/tags.yml
sed -i 's/^ANTIPODE_ENABLED: .*/ANTIPODE_ENABLED: false/' turned/b/tags.yml
printf 'consistency_window:\n  gather_paths: ["turned/*"]\n' >turned.yml
check 'a negative overhead' is_code 0 "$bin/plot" turned.yml --root . --no-pictures --json
check 'is published as 0 and told as it is' holds '[(w["label_overhead"], w["overhead_ms"]) for w in d["consistency_window"]] == [("+ 0", -796)]'
check 'and noted' noted consistency_window clamped

# A run that is not valid.
printf '{"is_valid": false, "problem": "a clock stepped"}\n' >turned/a/summary.json
check 'a run that is not valid is drawn' is_code 0 "$bin/plot" turned.yml --root . --no-pictures -o invalid --json
check 'and told, with the reason' noted consistency_window not_valid
check 'in the words of its summary' warns 'turned/a is not valid: a clock stepped'
check 'and in the picture' grep -q 'not valid: 1 of the runs' invalid/consistency_window-*.gp
rm turned/a/tags.yml
check 'a directory without tags.yml takes no part' is_code 0 "$bin/plot" turned.yml --root . --no-pictures --json
check 'and is named' noted consistency_window missing_file

sed 's/cache/mysql/; s/num_requests: 500/num_requests: 656/' "$golden/plots.yml" >other.yml
check 'combinations without a run' plotted 0 other.yml --plots delay_vs_per_inconsistencies --json
check 'are named' noted delay_vs_per_inconsistencies no_match
check 'with what was looked for' warns "looked for eu-us__656__delay-* in $gather/mysql-sns"

# What remedies cost, of runs of known truth.
check 'runs of ours are made' "$bin/../tests/support/made_runs" made
cost() {
    code=$1
    shift
    printf 'cost_at_equal_residual:\n  gather_paths: [%s]\n' "$*" >cost.yml
    is_code "$code" "$bin/plot" cost.yml --root made --no-pictures
}
check 'a cost of no run at all' cost 1
check 'is told as of other plots' says 'cost_at_equal_residual: no run to draw under made'
mv made/remedies 'made/[remedies]'
check 'directories with wildcards in their names are taken by these' cost 0 '"[[]remedies]/*"'
mv 'made/[remedies]' made/remedies
check 'a cost of one run' cost 2 remedies/none-1
check 'is told with file and line' says 'cost.yml:2: no run is behind a barrier'
cp -r made/remedies/none-1 made/broken
sed -i '3s/,/;x,/' made/broken/records.csv
mkdir made/nothing
check 'a cost without its broken runs' cost 0 '"remedies/*", broken, nothing'
check 'says where one is broken' warns "made/broken/records.csv:3: column i: '1;x' is not valid; it takes no part"
check 'and which is none' warns 'no run is called made/nothing'
check 'a cost of nothing but broken runs' cost 1 broken
check 'has nothing to draw' warns 'no run to draw under made'
cp -r made/remedies/antipode-1 made/other
sed -i 's/^post_storage: .*/post_storage: mysql/' made/other/run.yml
check 'a cost of two stores' cost 2 remedies/none-1, other
check 'as well' says 'cost.yml:2: '

mkdir -p untold/run
printf 'POST_STORAGE: s3\nNOTIFICATION_STORAGE: sns\nANTIPODE_ENABLED: false\n' >untold/run/tags.yml
printf 'prevented_inconsistencies:\n  gather_paths: [run]\n' >untold.yml
check 'runs that tell no share' is_code 1 "$bin/plot" untold.yml --root untold --no-pictures
check 'make no picture of shares' warns 'prevented_inconsistencies: no run to draw under untold'

# Scripts rerun anywhere.
check 'without pictures' is_code 0 "$bin/plot" "$golden/plots.yml" --root "$gather" --no-pictures -o scripts
check 'gnuplot is not run' sh -c '[ "$(ls scripts/*.gp | wc -l)" -eq 5 ] && ! ls scripts/*.png'
check 'nor needed' is_code 0 env PATH="$work" "$bin/plot" "$golden/plots.yml" --root "$gather" --no-pictures
redrawn() {
    mkdir elsewhere && cp scripts/*.gp elsewhere && (
        cd elsewhere
        for script in *.gp; do
            gnuplot "$script" || exit 1
        done
        [ "$(find . -name '*.png' -size +1k | wc -l)" -eq 5 ] && [ "$(find . -name '*.pdf' -size +1k | wc -l)" -eq 5 ]
    )
}
check 'its scripts draw in another folder' redrawn

check 'an unknown plot on the command line' plotted 2 "$golden/plots.yml" --plots consistency_windwo
check 'is named with the nearest' says 'did you mean consistency_window'
check 'the beginning of a name' plotted 2 "$golden/plots.yml" --plots cost_at_equal
check 'is enough to be told the whole' says 'did you mean cost_at_equal_residual'
check 'of no name at all' plotted 2 "$golden/plots.yml" --plots ''
check 'no plot is the nearest' says 'see plot --help'
printf 'consistency_window:\n  gather_paths:\n  - cache-sns/eu-us__824__delay-0ms-20260921100019\n  - cache-sns/antipode__eu-us__795__delay-0ms-20260921100020\n' >two.yml
check 'of several plots one that is not configured' plotted 0 two.yml --plots consistency_window delay_vs_per_inconsistencies storage_overhead --json
check 'is left out' holds '"storage_overhead" not in d and len(d["consistency_window"]) == 1'
check 'and told' noted storage_overhead not_configured
check 'a plot that is not configured' plotted 2 one-side.yml --plots storage_overhead
check 'is named with the config' says 'one-side.yml does not configure it'
cp -r "$gather/cache-sns" broken
d=broken/eu-us__824__delay-0ms-20260921100019
sed -i '5s/;[0-9]*$/;soon/' "$d/traces.csv"
printf 'consistency_window:\n  gather_paths: [%s]\n' "$d" >broken.yml
check 'a trace that is no number' is_code 1 "$bin/plot" broken.yml --root .
check 'is named with file, line and column' warns "traces.csv:5: writer_visibility_latency_ms: 'soon'"
printf 'consistency_window:\n  gather_paths: ["broken/*"]\nstorage_overhead:\n  gather_paths: ["broken/*"]\n' >broken.yml
check 'of several runs the others' is_code 0 "$bin/plot" broken.yml --root . --no-pictures --json
check 'are drawn' holds 'd["consistency_window"][0]["rows_antipode"] > 0 and d["consistency_window"][0]["rows_original"] == 0 and d["storage_overhead"]'
check 'and the broken one is told' noted consistency_window unreadable
check 'also to machines with file, line and column' holds '"traces.csv:5: writer_visibility_latency_ms: '"'soon'"'" in [n["text"] for n in d["notes"] if n["kind"] == "unreadable"][0]'
mv "$d/traces.csv" whole.csv
: >"$d/traces.csv"
check 'so is a run with an empty file' is_code 0 "$bin/plot" broken.yml --root . --no-pictures --json
check 'told by what it lacks' noted consistency_window missing_file
mv whole.csv "$d/traces.csv"
printf 'a: b: c\n' >"$d/tags.yml"
check 'and one with broken tags' is_code 0 "$bin/plot" broken.yml --root . --no-pictures --json
check 'in every plot' noted storage_overhead unreadable
check 'with file and line' warns "$d/tags.yml:1: "
check 'without gnuplot' is_code 1 env PATH="$work" "$bin/plot" "$golden/plots.yml" --root "$gather"
check 'it says what to install' warns 'apt-get install gnuplot-nox'
finish

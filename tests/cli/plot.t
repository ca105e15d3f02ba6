#!/bin/sh
# plot gives the reference's numbers to the digit, and says what is missing.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
golden=$top/tests/golden/plot
cd "$work"

as_expected() {
    $python -c '
import json, sys
expected = json.load(open(sys.argv[1]))["consistency_window"]
got = json.load(open("out"))["consistency_window"]
assert len(got) == len(expected)
for e, g in zip(expected, got):
    for name, value in e.items():
        assert g[name] == value, (name, value, g[name])' "$golden/expected.json"
}

check 'the config of the reference is drawn' is_code 0 "$bin/plot" "$golden/plots.yml" --root "$golden/gather" --json
check 'with the numbers of the reference' as_expected
check 'a second picture has a name of its own' is_code 0 "$bin/plot" "$golden/plots.yml" --root "$golden/gather"
check 'so both are there' sh -c '[ "$(ls plots/*.png | wc -l)" -eq 2 ] && [ "$(ls plots/*.svg | wc -l)" -eq 2 ]'
check 'both sides of the table are printed' grep -q 'Antipode' out
printf 'consistency_window:\n  gather_paths: [cache-sns/antipode__*]\n' >one-side.yml
check 'a store without its Original side is drawn' is_code 0 "$bin/plot" one-side.yml --root "$golden/gather"
check 'and the missing side is named' grep -q 'Original.*missing' out
printf 'consistency_window:\n  gather_paths: [s3-sns/eu-us__1]\n' >missing.yml
check 'a directory that is not there' is_code 1 "$bin/plot" missing.yml --root "$golden/gather"
check 'is named with file and line' says 'missing.yml:2'
printf 'consistency_window:\n  gather_paths: [nothing-*]\n' >none.yml
check 'wildcards that match nothing at all' is_code 1 "$bin/plot" none.yml --root "$golden/gather"
check 'an unknown plot on the command line' is_code 2 "$bin/plot" "$golden/plots.yml" --plots consistency_windwo
cp -r "$golden/gather/cache-sns" broken
d=broken/eu-us__824__delay-0ms-20260921100019
sed -i '5s/;[0-9]*$/;soon/' "$d/traces.csv"
printf 'consistency_window:\n  gather_paths: [%s]\n' "$d" >broken.yml
check 'a trace that is no number' is_code 1 "$bin/plot" broken.yml --root .
check 'is named with file, line and column' says "traces.csv:5: writer_visibility_latency_ms: 'soon'"
check 'without gnuplot' is_code 1 env PATH="$work" "$bin/plot" "$golden/plots.yml" --root "$golden/gather"
check 'it says what to install' says 'apt-get install gnuplot-nox'
finish

#!/bin/sh
# gather --reference-state on messages in a file: the files are those of the reference implementation to the byte
# (tests/golden/gather), what it would have ended at is told, and wrong files are refused in one line.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
golden=$top/tests/golden/gather
cd "$work" || exit 1

# gathered CASE ROOT [OPTION...]
gathered() {
    gathered_case=$1
    shift
    is_code 0 "$bin/gather" --reference-state "$golden/$gathered_case/last.yml" --messages "$golden/$gathered_case/messages.jsonl" -o "$@"
}
# result EXPRESSION: of the result r.
result() {
    $python -c 'import json, sys
r = json.load(open("out"))
m = r["messages"]
assert m["received"] == m["matched"] + m["duplicate"] + m["foreign"] + m["malformed"], m
assert r["requests"] == r["results"] + r["missing"], r
assert eval(sys.argv[1]), r' "$1"
}

for file in "$golden"/*/last.yml; do
    case=$(basename "$(dirname "$file")")
    check "$case is gathered" gathered "$case" "$case" --json
    cp out "$case.json"
    check 'its files are the reference'"'"'s to the byte, its folder has the name' gathered_as "$case" "$case"
done

cp duplicates.json out
check 'duplicates count by request' result 'm["matched"] == 25 and m["duplicate"] == 7'
check 'those that came too late for a row are counted' result 'r["unused"] == 2 and r["expected"] == 25'
cp missing.json out
check 'what is missing is told' result 'r["missing"] == 13 and r["expected"] == 40 and r["ended"] == "quiet"'
check 'and what it leaves open' result 'r["inconsistent"]["share_min"] == 22 / 50 and r["inconsistent"]["share_max"] == 35 / 50'
cp crashing.json out
check 'what the reference ends at is counted' result 'm["malformed"] == 16 and m["foreign"] == 2 and m["matched"] == 12'
check 'the malformed ones stand in the quarantine with their reasons' sh -c "[ \$(grep -c '\"reason\":\"..' crashing/*/*/quarantine.jsonl) -eq 16 ]"
check 'again, for people' gathered crashing again
check 'says which messages it would have ended at' grep -q 'warning: 16 messages are malformed, and stand with the reason in again/.*/quarantine.jsonl' err
check 'and which are of no request' grep -q 'warning: 2 messages are of no request in .*last.yml, and were left where they are' err
check 'the sum is printed' grep -q '^received = matched + duplicate + foreign + malformed: 30 = 12 + 0 + 2 + 16$' out
check 'the share has an interval' grep -qE '^inconsistent [0-9.]+ % \([0-9]+ of 12; 95 % interval [0-9.]+ % to [0-9.]+ %\)$' out
check 'the errors of the reference are named' grep -q 'i alone is the match' out
check 'the same twice in a second' gathered crashing again
check 'has a folder of its own' sh -c "[ \$(find again -name traces.csv | wc -l) -eq 2 ]"
check 'the journal can be gathered again' is_code 0 "$bin/gather" --reference-state "$golden/duplicates/last.yml" \
    --messages "$(echo duplicates/*/*/evaluations.jsonl)" -o rejoined
check 'with the same files' gathered_as duplicates rejoined
check 'a tag of my own' gathered one tagged --tag mine
check 'is the name of the folder' sh -c 'ls -d tagged/dynamo-sns/mine-*'
check 'without -o' is_code 0 "$bin/gather" --reference-state "$golden/one/last.yml" --messages "$golden/one/messages.jsonl"
check 'they stand where plot looks' gathered_as one gather

check 'the words for machines are the documented ones' $python - "$top/docs/formats.md" missing.json <<'E2'
import json, re, sys
section = open(sys.argv[1], encoding="utf-8").read().split("\n## gather --reference-state --json\n")[1].split("\n## ")[0]
rows = re.findall(r"^\| (`.*?) \| (.*) \|$", section, re.M)
named = {key for first, _ in rows for key in re.findall(r"`([^`]+)`", first)}
r = json.load(open(sys.argv[2]))
found = (set(r) - {"inconsistent"}) | {"inconsistent." + key for key in r["inconsistent"]} | {"queue"}
assert named == found, named ^ found
E2

# With sizes that a store would have to be asked for.
sed 's/^post_storage: dynamo/post_storage: cache/' "$golden/one/last.yml" >cache.yml
# refused WORDS OPTION...: exit code 2, one line with the words, and nothing is begun.
refused() {
    words=$1
    shift
    is_code 2 "$bin/gather" "$@" -o refused && says "$words" && [ ! -e refused ]
}
messages=$golden/one/messages.jsonl
check 'sizes are given by hand' is_code 0 "$bin/gather" --reference-state cache.yml --messages "$messages" -o sizes --post-sizes 5405:2702.5
check 'and stand in the tags' grep -q '^AVG_POST_STORAGE_SIZE_BYTES: 2702.5$' sizes/cache-sns/*/tags.yml
check 'sizes that are none' refused '--post-sizes must be the bytes of all posts and of one' --reference-state cache.yml --messages "$messages" --post-sizes many
check 'a state file that is not there' refused 'none.yml: no such file; name the .last.yml' --reference-state none.yml
sed 's/^requests: .*/requests: 4/' "$golden/one/last.yml" >two_runs.yml
check 'one that contradicts itself' refused 'requests is 4, but latencies has 1' --reference-state two_runs.yml --messages "$messages"
check 'is told with its line' grep -q "two_runs.yml:$(grep -n '^requests' two_runs.yml | cut -d: -f1): " err
grep -v '^latencies\|^  0:' "$golden/one/last.yml" >built.yml
check 'one of before the run' refused "key 'latencies' is missing: the reference's \`run\` writes it" --reference-state built.yml --messages "$messages"
check 'a run of ours besides' refused 'RUN means nothing with --reference-state' --reference-state cache.yml runs/latest
check 'an option of our runs' refused '--rejoin means nothing with --reference-state' --reference-state cache.yml --rejoin
check 'an option of theirs without it' refused '--messages needs --reference-state' --messages "$messages"
check 'a tag that is no name' refused "tag 'a/b': it becomes a folder's name" --reference-state cache.yml --messages "$messages" --tag a/b
check 'a file of messages that is not there' is_code 1 "$bin/gather" --reference-state "$golden/one/last.yml" --messages none.jsonl -o nothing
check 'is named' says 'none.jsonl'
check 'and leaves no folder' sh -c '[ -z "$(ls nothing/dynamo-sns)" ]'
echo '{"i": 99}' >foreign.jsonl
check 'messages of other runs alone' is_code 1 "$bin/gather" --reference-state "$golden/one/last.yml" --messages foreign.jsonl -o nothing
check 'make no files, and it says why' says 'no result to write: of 1 messages 1 are of no request in'
check 'nor a folder' sh -c '[ -z "$(ls nothing/dynamo-sns)" ]'
finish

#!/bin/sh
# report.html in a browser: every number is that of summary.json, nothing is fetched, and it reads on a phone.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
records=$bin/../bench/records
cd "$work"
mkdir runs runs/campaigns runs/campaigns/pair

# A metric of one's own, with a title that would be markup.
echo 'metrics: [{name: publishing, title: "<img src=x onerror=evil=3>", from: noted, to: ended}]' >mine.yml
make_runs() {
    "$records" runs/plain 2000 && "$records" runs/phase 2000 && "$records" runs/few 3 && "$records" runs/campaigns/pair/barrier 1500 || return 1
    $python "$here/report_runs.py" phase runs/phase
    $python "$here/report_runs.py" set runs/campaigns/pair/barrier consistency antipode verdict GENERATOR_LIMITED \
        verdict_reason 'it was <b>late</b>' tag '<script>evil = 1</script><img src=x onerror="evil = 2">'
}
# expect FILE CAMPAIGN RUN...: what the programs say of them as JSON; CAMPAIGN: a folder, or nothing.
expect() {
    expected=$1
    campaign=$2
    shift 2
    for path in "$@"; do
        "$bin/analyze" --json -c mine.yml "$path" >"$expected.summary" || [ $? -eq 3 ] || return 1
        for of in delay windows; do
            "$bin/analyze" $of --json "$path" >"$expected.$of" 2>/dev/null || [ $? -ge 2 ] || return 1
        done
        $python -c '
import json, os, sys
expected, path = sys.argv[1:]
tree = json.load(open(expected)) if os.path.exists(expected) else {"summary": {}, "windows": {}, "delay": {}}
for of in ("summary", "windows", "delay"):
    text = open(f"{expected}.{of}").read()
    if text:
        tree[of][path] = json.loads(text)
json.dump(tree, open(expected, "w"))' "$expected" "$path" || return 1
    done
    [ -z "$campaign" ] || {
        "$bin/campaign" --table --json -o "$campaign" >"$expected.campaign" || [ $? -eq 1 ] || [ $? -eq 3 ]
        $python -c '
import json, sys
tree = json.load(open(sys.argv[1]))
tree["campaign"] = json.load(open(sys.argv[1] + ".campaign"))
json.dump(tree, open(sys.argv[1], "w"))' "$expected"
    }
}
browser() {
    check_tap "$1" "$python" "$here/report_page.py" "$2" "$3" "$work/profile-$1"
}
has() {
    grep -qF -- "$2" "$1"
}

check 'runs are made' make_runs
check 'a report of one run' is_code 0 "$bin/plot" report -c mine.yml -o runs runs/plain
check 'says where it is' sh -c '[ "$(cat out)" = runs/plain/report.html ]'
check 'what analyze says of it' expect plain.json '' runs/plain
browser plain runs/plain/report.html plain.json

check 'several runs' is_code 0 "$bin/plot" report -c mine.yml -o runs runs/phase runs/plain runs/few --to several.html
check 'what analyze says of them' expect several.json '' runs/phase runs/plain runs/few
check 'a phase is warned of' has several.html 'Warning: a phase.'
browser several several.html several.json

pair=runs/campaigns/pair
mkdir "$pair/runs" && mv "$pair/barrier" "$pair/runs" && cp -r runs/plain "$pair/runs/plain"
check 'what analyze says of its runs' expect pair.json '' "$pair/runs/plain" "$pair/runs/barrier"
summary_of() {
    $python -c 'import json, sys; print(json.dumps(json.load(open("pair.json"))["summary"][sys.argv[1]]))' "$1"
}
summary_of "$pair/runs/plain" >plain.summary && summary_of "$pair/runs/barrier" >barrier.summary
$python "$here/report_runs.py" journal "$pair" pair runs/plain=plain.summary runs/barrier=barrier.summary
check 'what campaign says of it' expect pair.json "$pair"
check 'a campaign with a run that is not valid' is_code 3 "$bin/plot" report -c mine.yml -o runs pair
check 'tells which' grep -q 'barrier is not valid: GENERATOR_LIMITED' err
check 'and which run has no folder any more' grep -q 'run 3 has no part of its own: ' err
check 'says where its page is' sh -c '[ "$(cat out)" = runs/campaigns/pair/report.html ]'
check 'what is not valid stands there in words' has "$pair/report.html" 'GENERATOR_LIMITED: it was &lt;b&gt;late&lt;/b&gt;'
check 'there, among the cells and in their pictures' sh -c '[ "$(grep -c "(NOT VALID)" "$1")" -eq 4 ]' - "$pair/report.html"
browser campaign "$pair/report.html" pair.json

check 'the same runs give the same page' sh -c "'$bin/plot' report -c mine.yml -o runs runs/plain --to again.html && cmp again.html runs/plain/report.html"
check 'a run that is not there' is_code 1 "$bin/plot" report -c mine.yml -o runs nowhere
check 'is named' says 'nowhere'
check 'a campaign among runs' is_code 2 "$bin/plot" report -c mine.yml -o runs runs/plain pair
check 'is told apart' says 'pair: a campaign has a page of its own; name it alone'
check 'a page that cannot be written' is_code 1 "$bin/plot" report -c mine.yml -o runs runs/plain --to nowhere/page.html
check 'is named' says 'nowhere/page.html'
finish

#!/bin/sh
# Exported runs hold what analyze says of them, in every form. The two runs are those of scripts/bench/records,
# with warm-up, failures, censored values, a barrier and texts to be quoted put into them.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
cp -R "$top/tests/golden/export" "$work/runs"
cd "$work"
printf 'metrics: [{name: publish, from: noted, to: ended}, {name: told, from: seen, to: visible}]\n' >mine.yml

check 'the newest run goes to stdout as CSV' sh -c "ln -s plain runs/latest && '$bin/analyze' export >latest.csv && test -s latest.csv"
check 'several runs go into one file' is_code 0 "$bin/analyze" export -c mine.yml -o all.csv plain barrier
check 'which is told' says '180 rows of 2 runs in all.csv'
check 'as JSON lines' is_code 0 "$bin/analyze" export -c mine.yml -f jsonl -o all.jsonl plain barrier
check 'as SQLite' is_code 0 "$bin/analyze" export -c mine.yml -f sqlite -o all.db plain barrier
check 'their figures as JSON' is_code 0 "$bin/analyze" -c mine.yml --json plain barrier
cp out summary.json
check 'the metrics' is_code 0 "$bin/analyze" metrics -c mine.yml --json
cp out metrics.json
check 'a run alone has the same rows as beside others' sh -c "'$bin/analyze' export -c mine.yml plain | cmp - all.csv 2>&1 | grep -q 'EOF on -'"

# One row is one row, whatever the form.
forms_agree() {
    $python - <<'E2'
import csv, json, sqlite3
rows = list(csv.DictReader(open("all.csv", newline="")))
objects = [json.loads(line) for line in open("all.jsonl")]
db = sqlite3.connect("all.db")
db.row_factory = sqlite3.Row
tidy = [dict(row) for row in db.execute("SELECT * FROM tidy ORDER BY run, i, k")]
assert len(rows) == len(objects) == len(tidy) == 180

def text(value):
    return "" if value is None else str(int(value)) if isinstance(value, bool) else str(value)

for row, o, t in zip(rows, objects, tidy):
    assert list(row) == list(o) == list(t)
    assert row == {name: text(value) for name, value in o.items()}, (row, o)
    assert o == t, (o, t)
order = [(r["run"], int(r["i"])) for r in rows]
assert order == sorted(order)
assert any(r["tag"] == 'a, "b"' for r in rows)
assert {r["class_reason"] for r in rows} >= {'reader: "no, thanks"', 'reader: "no, thanks"\nreally', "barrier", ""}
assert sum(r["is_warmup"] == "1" for r in rows) == 12
E2
}
check 'all forms say the same' forms_agree

# Every count, share and quantile of summary.json, made again from the rows of CSV.
rows_make_the_summary() {
    $python - <<'E2'
import csv, json, math
all_rows = [r for r in csv.DictReader(open("all.csv", newline=""))]
units = {m["name"]: m["unit"] for m in json.load(open("metrics.json"))}
compared = 0

def quantile(values, q):
    return sorted(values)[math.ceil(q * len(values)) - 1]

def us(text, otherwise):
    return round(float(text) * 1000) if text else otherwise

def column(rows, name, *ends):
    for end in ends:
        if name + end in rows[0]:
            return [r[name + end] for r in rows]
    return None

for s in json.load(open("summary.json")):
    rows = [r for r in all_rows if r["run"] == s["run"] and r["is_warmup"] == "0"]
    for name in "consistent inconsistent lost failed skipped".split():
        assert s["classes"][name] == sum(r["class"] == name for r in rows)
    for name, m in s["metrics"].items():
        lows = column(rows, name, "_low_ms", "_ms")
        highs = column(rows, name, "_high_ms", "_ms")
        how = column(rows, name, "_censored") or ["none" if low else "" for low in lows]
        has = [n for n, h in enumerate(how) if h]
        assert len(has) == m["n"], (name, len(has), m["n"])
        assert how.count("left") == m["n_left_censored"] and how.count("right") == m["n_right_censored"], name
        low = [us(lows[n], -math.inf) for n in has]
        high = [us(highs[n], math.inf) for n in has]
        least, most = low, high
        if m["crosses_clocks"]:
            by_low = column(rows, name, "_clock_low_ms")
            by_high = column(rows, name, "_clock_high_ms")
            least = [v + us(by_low[n], -math.inf) for v, n in zip(low, has)]
            most = [v + us(by_high[n], math.inf) for v, n in zip(high, has)]
        for q in (0.5, 0.9, 0.99) if has else ():
            told = m["p%g" % (q * 100)]
            a, b = quantile(low, q), quantile(high, q)
            for key, value in (("low_ms", a), ("high_ms", b), ("clock_low_ms", quantile(least, q) - a if math.isfinite(a) else 0),
                               ("clock_high_ms", quantile(most, q) - b if math.isfinite(b) else 0)):
                wanted = told[key]
                assert (wanted is None and math.isinf(value)) or us(str(wanted), None) == value, (name, q, key, wanted, value)
                compared += 1
    for name, m in s["sizes"].items():
        assert units[name] == "bytes"
        sizes = [int(v) for v in column(rows, name, "_bytes") if v]
        assert (len(sizes), min(sizes), max(sizes)) == (m["n"], m["min_bytes"], m["max_bytes"]), name
        assert math.isclose(sum(sizes) / len(sizes), m["mean_bytes"], rel_tol=1e-12)
    assert {"publish", "told"} < set(s["metrics"]) and s["metrics"]["publish"]["n"] > 0
assert compared > 200, compared
E2
}
check 'rows make the figures of summary.json again' rows_make_the_summary

# What docs/export.md says of the columns, and its queries.
docs_agree() {
    $python - "$top/docs/export.md" <<'E2'
import csv, json, re, sqlite3, sys
page = open(sys.argv[1], encoding="utf-8").read()
section = page.split("\n## Columns\n")[1].split("\n## ")[0]
named = re.findall(r"^\| `(\w+)` \|", section, re.M)
fixed = [n for n in named if not n.startswith("METRIC_")]
parts = {n[len("METRIC"):] for n in named if n.startswith("METRIC_")}
header = next(csv.reader(open("all.csv", newline="")))
assert header[:len(fixed)] == fixed, (header, fixed)
left = header[len(fixed):]
found = set()
for metric in json.load(open("metrics.json")):
    mine = [c for c in left if c.startswith(metric["name"] + "_") and c[len(metric["name"]):] in parts]
    assert mine and mine == left[:len(mine)], (metric["name"], left[:3])
    left = left[len(mine):]
    ends = [c[len(metric["name"]):] for c in mine]
    assert ("_clock_low_ms" in ends) == ("->" in metric["clocks"]), mine
    assert ("_bytes" in ends) == (metric["unit"] == "bytes"), mine
    found |= set(ends)
assert not left and found == parts, (left, found ^ parts)

db = sqlite3.connect("all.db")
columns = lambda table: [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
more = re.findall(r"^\| `(\w+)` \|", page.split("`runs` also has:")[1].split("```")[0], re.M)
n_run = fixed.index("i")
assert f"the first {n_run} columns" in page
assert columns("runs") == fixed[:n_run] + more, columns("runs")
assert columns("requests") == ["run"] + header[n_run:]
assert columns("tidy") == header
tables = re.findall(r"^\| `(\w+)` \|", page.split("\n## SQLite\n")[1].split("`runs` also has:")[0], re.M)
assert set(tables) == {r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
assert db.execute("SELECT schema_version FROM about").fetchall() == [(1,)] and "`schema_version`: 1" in page
listed = [dict(zip(columns("metrics"), row)) for row in db.execute("SELECT * FROM metrics")]
key = lambda metric: metric["name"]
assert sorted(listed, key=key) == sorted(json.load(open("metrics.json")), key=key)

share, median = re.findall(r"```sql\n(.*?)```", page, re.S)
shares, medians = ({row[0]: row[1:] for row in db.execute(query)} for query in (share, median))
for s in json.load(open("summary.json")):
    assert shares[s["run"]] == (s["inconsistent"]["share"],), (shares, s["inconsistent"])
    window = s["metrics"]["window"]["p50"]
    assert medians[s["run"]] == (window["low_ms"], window["high_ms"]), (medians, window)
    of_run = db.execute("SELECT planned, warmup, consistent, inconsistent, lost, failed, skipped FROM runs WHERE run = ?", (s["run"],))
    assert of_run.fetchone() == tuple(s["classes"][c] for c in "planned warmup consistent inconsistent lost failed skipped".split())
assert len({s["inconsistent"]["share"] for s in json.load(open("summary.json"))}) == 2
E2
}
check 'docs/export.md says what the columns are, and its queries what analyze says' docs_agree

# hgrm_agrees: each line, and what stands below them, against CSV and summary.json.
hgrm_agrees() {
    $python - <<'E2'
import csv, glob, json, math, os, re
summary = json.load(open("summary.json"))[0]
rows = [r for r in csv.DictReader(open("all.csv", newline="")) if r["is_warmup"] == "0" and r["run"] == summary["run"]]
found = {os.path.basename(path)[:-5] for path in glob.glob("hgrm/*")}
number = r" *= +([\d.]+)"

def is_near(value, true):
    return abs(float(value) - true) <= true / 256 + 1e-6

for metric in json.load(open("metrics.json")):
    name = metric["name"]
    if metric["unit"] == "bytes":
        assert name not in found
        continue
    high, low = (name + "_high_ms", name + "_low_ms") if name + "_high_ms" in rows[0] else (name + "_ms",) * 2
    values = sorted(max(float(r[high] or r[low]), 0) for r in rows if r[high] or r[low])
    assert (name in found) == bool(values), name
    assert len(values) == summary["metrics"].get(name, {"n": 0})["n"], name
    if not values:
        continue
    text = open(f"hgrm/{name}.hgrm").read()
    assert text.split()[:4] == ["Value", "Percentile", "TotalCount", "1/(1-Percentile)"]
    lines = [tuple(map(float, line.split())) for line in re.findall(r"^ +\d.*$", text, re.M)]
    for value, share, count, _ in lines:
        assert is_near(value, values[max(math.ceil(share * len(values) - 1e-3), 1) - 1]), (name, value, share)
        assert is_near(value, values[int(count) - 1]), (name, value, count)
    for column in range(3):
        assert [l[column] for l in lines] == sorted(l[column] for l in lines), (name, column)
    assert lines[-1][1] == 1 and lines[-1][2] == len(values), lines[-1]
    mean, maximum, count = (float(re.search(word + number, text)[1]) for word in ("Mean", "Max", "Total count"))
    assert abs(mean - sum(values) / len(values)) < 1e-6 and abs(maximum - values[-1]) < 1e-6 and count == len(values), name
assert {"window", "response", "race_margin", "publish", "told"} <= found, found
E2
}
check 'the durations of a run as .hgrm' is_code 0 "$bin/analyze" export -c mine.yml -f hgrm -o hgrm plain
check 'what the form cannot say is told' grep -qE 'window.hgrm: [1-9][0-9]* values are more than what is written' err
check 'how many there are, too' grep -q "$(find hgrm -name '*.hgrm' | wc -l) durations in hgrm" err
check 'their percentiles, means and counts are those of the rows' hgrm_agrees

check 'a form that no one knows' is_code 2 "$bin/analyze" export -f sqlit plain
check 'is told with the nearest' says "did you mean 'sqlite'?"
check 'SQLite without a file' is_code 2 "$bin/analyze" export -f sqlite plain
check 'is told what is missing' says '--format sqlite needs --output FILE'
check 'histograms of several runs' is_code 2 "$bin/analyze" export -f hgrm -o more plain barrier
check 'are not mixed' says 'takes one RUN'
check 'a run twice' is_code 2 "$bin/analyze" export -o twice.csv plain runs/plain
check 'is told' says 'are the same run, 11111111-1111-4111-8111-111111111111'
# Figures of several runs are of each of them once, too.
once() {
    is_code 2 "$bin/analyze" "$@" && says 'are the same run, 11111111-1111-4111-8111-111111111111; name it once'
}
check 'a round named twice' once windows plain runs/plain
check 'and by the link to it' once windows plain barrier runs/latest
check 'a run that is its own sweep' once delay plain plain
check 'a run twice in a table' once plain barrier plain
check 'a copy of a run' sh -c 'cp -R runs/plain runs/copy'
check 'is that run' once windows plain copy
rm -r runs/copy
check 'a file in a folder that is not there' is_code 2 "$bin/analyze" export -o nowhere/all.csv plain
check 'is told' says 'there is no folder nowhere/'
cp all.csv kept.csv
check 'a file that is there' is_code 2 "$bin/analyze" export -o all.csv plain
check 'is told' says 'all.csv: is there already; name another file, or replace it with --force'
check 'and stays' cmp all.csv kept.csv
check 'as does a histogram' is_code 2 "$bin/analyze" export -f hgrm -o hgrm plain
check 'unless it is to be replaced' is_code 0 "$bin/analyze" export --force -o all.csv plain
check 'which is done' test "$(wc -l <all.csv)" -lt "$(wc -l <kept.csv)"
check 'what is no regular file' sh -c 'mkfifo pipe.csv && ln -s kept.csv link.csv'
check 'is not replaced: a pipe' is_code 2 "$bin/analyze" export --force -o pipe.csv plain
check 'which is told' says 'pipe.csv: is there already and no regular file; name another'
check 'nor a link' is_code 2 "$bin/analyze" export --force -o link.csv plain
check 'a metric that would make a column twice' sh -c "printf 'metrics: [{name: delay, from: start, to: wrote}]\n' >delay.yml"
check 'is refused' is_code 2 "$bin/analyze" export -c delay.yml plain
check 'with its name' says "metric 'delay': there is a column 'delay_ms' already"
mkdir runs/early && cp runs/plain/run.yml runs/early/
sed -i 's/^run: 1/run: 3/' runs/early/run.yml
check 'a run that was not gathered' is_code 1 "$bin/analyze" export -o early.csv barrier early
check 'is told' says 'runs/early/records.csv: not there; run `gather runs/early` first'
check 'and makes no file' sh -c '! ls early.csv* 2>/dev/null'
head -n 60 runs/barrier/records.csv >runs/early/records.csv
check 'a run of which records are missing' is_code 3 "$bin/analyze" export -o early.csv early
check 'is told' says 'records.csv has 59 lines but 120 requests were planned'
sed -i 's/^verdict: VALID/verdict: TARGET_LIMITED/' runs/barrier/run.yml
check 'a run that is not valid' is_code 3 "$bin/analyze" export -o limited.csv barrier
check 'is exported all the same, and says so' sh -c "grep -q 'is not valid: TARGET_LIMITED' err && cut -d, -f15 limited.csv | sort -u | tr '\n' ' ' | grep -qx '0 is_valid '"
# A run whose rows are a pipe that nobody writes to holds the export where its file is half there.
mkdir runs/endless && cp runs/early/run.yml runs/endless/
sed -i 's/^run: 3/run: 4/' runs/endless/run.yml
mkfifo runs/endless/records.csv
for form in jsonl sqlite; do
    has=-s
    [ "$form" = jsonl ] || has=-e # SQLite still has so few rows in its cache
    echo old >killed
    "$bin/analyze" export -f "$form" --force -o killed plain endless 2>/dev/null &
    pid=$!
    pids="$pids $pid"
    check "$form: an export is half done" await test "$has" "killed.$pid.new"
    kill -KILL "$pid"
    wait "$pid" || true
    check "$form: and killed: the old file stays" grep -qx old killed
    check "$form: the next one is not in its way" is_code 0 "$bin/analyze" export -f "$form" --force -o killed plain
    check "$form: and replaces it" sh -c '! grep -qx old killed'
done
# A limit of the file's size stands for a disk that is full: both are an error of write.
check 'a disk that is full' is_code 1 sh -c "ulimit -f 8; '$bin/analyze' export -f csv -o full.csv plain"
check 'is told in one line' says 'full.csv: File too large'
check 'also by SQLite' is_code 1 sh -c "ulimit -f 8; '$bin/analyze' export -f sqlite -o full.db plain"
check 'in one line' says 'full.db: '
check 'and leaves nothing behind' sh -c '! ls full.* 2>/dev/null'
check 'a full stdout' is_code 1 sh -c "'$bin/analyze' export plain >/dev/full"
check 'is told' says 'stdout: No space left on device'
finish

#!/bin/sh
# Several gathers: of two runs on one queue, of one run twice, of a run and its copy on another machine. Whoever
# takes a message, nothing is lost and nothing is counted twice.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

runs=$work/runs
# load N: a run of N requests on whatever the queue holds; sets $run.
load() {
    ran "$bin/loadgen" -c "$config" -o "$runs" -r "$1" --rate 400 --lag-bound-ms 60000 --leftovers-ok || return 1
    run=$runs/$(readlink "$runs/latest")
}
# gathers RUN NAME [OPTION...]: its result in $work/NAME.json.
gathers() {
    gathered=$1
    name=$2
    shift 2
    "$bin/gather" "$gathered" --json "$@" >"$work/$name.json" 2>"$work/$name.err" || {
        cat "$work/$name.err"
        return 1
    }
}
# result NAME EXPRESSION: of the result r.
result() {
    $python -c 'import json, sys
r = json.load(open(sys.argv[1]))
m, q, c = r["messages"], r["queue"] if "queue" in r else None, r["classes"]
done = c["consistent"] + c["inconsistent"]
assert m["received"] == m["matched"] + m["duplicate"] + m["foreign"] + m["malformed"], m
assert r["planned"] == r["warmup"] + sum(c.values()), r
assert q is None or q["taken"] == q["deleted"] + q["given_back"] + q["undeleted"], q
assert eval(sys.argv[2]), r' "$work/$1.json" "$2"
}
# once_each RUN N: its journal holds N evaluations, none twice under one message id.
once_each() {
    $python -c 'import json, sys
lines = [json.loads(line) for line in open(sys.argv[1] + "/evaluations.jsonl")]
evals = {json.loads(l["body"])["xcy"]["eval"] for l in lines}
assert len(evals) == int(sys.argv[2]), len(evals)
assert len({l["message_id"] for l in lines}) == len(lines)' "$1" "$2"
}
in_queue() {
    env AWS_ACCESS_KEY_ID="$key" AWS_SECRET_ACCESS_KEY="$secret" $python -c "import boto3, sys
sqs = boto3.client('sqs', endpoint_url='$endpoint', region_name='us-east-1')
url = sqs.get_queue_url(QueueName='evaluations')['QueueUrl']
counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=['All'])['Attributes']
n = sum(int(v) for k, v in counts.items() if k.startswith('ApproximateNumberOfMessages'))
assert n == int(sys.argv[1]), counts" "$1"
}
both() {
    gathers "$1" first &
    first_pid=$!
    gathers "$2" second || return 1
    wait "$first_pid"
}

deployment "$work/local.yml" '  dynamo: {table: posts, replication: 20, writer_leg: 1, reader_leg: 1}
  sns: {topic: notifications, delivery: 5}' 'visibility: off'
start_sandbox "$work/local.yml" --slots 8
learn_keys

check 'a run' load 400
one=$run
check 'AWS_MAX_ATTEMPTS that is no number' is_code 2 env AWS_MAX_ATTEMPTS=many "$bin/gather" "$one"
check 'is refused in one line' says "AWS_MAX_ATTEMPTS: 'many' is not a whole number from 1 to 100"
check 'a second run on the same queue' load 300
two=$run
await in_queue 700
check 'both are gathered at once' both "$one" "$two"
check 'the first has all of its own' result first 'done == 400 and r["missing"] == 0 and r["ended"] == "complete"'
check 'and gave the others back' result first 'q["deleted"] == 400 and q["undeleted"] == 0'
check 'the second has all of its own' result second 'done == 300 and r["missing"] == 0 and q["deleted"] == 300'
check 'and nothing is left' in_queue 0

check 'its words for machines are the documented ones' $python - "$top/docs/formats.md" "$work/first.json" <<'E2'
import json, re, sys
section = open(sys.argv[1], encoding="utf-8").read().split("\n## gather --json\n")[1].split("\n## ")[0]
rows = re.findall(r"^\| (`.*?) \| (.*) \|$", section, re.M)
named = {key for first, _ in rows for key in re.findall(r"`([^`]+)`", first)}
r = json.load(open(sys.argv[2]))
assert named == set(r), named ^ set(r)
words = {first.strip("`"): set(re.findall(r"[a-z_]+", rest)) for first, rest in rows}
for key in ("messages", "queue"):
    assert set(r[key]) <= words[key], set(r[key]) - words[key]
E2

check 'two more' load 200
three=$run
check 'on the queue' load 100
four=$run
await in_queue 300
check 'gather with --take-foreign' gathers "$three" three --take-foreign
# It ends when it has its own: what it met until then it took.
check 'takes what it meets' result three 'done == 200 and m["foreign"] > 0 and q["given_back"] == 0'
id=$(sed -n 's/^run: //p' "$four/run.yml")
check 'into the file of that run' test -s "$runs/orphans/$id.jsonl"
check 'whose gather takes it from there' gathers "$four" four
check 'and the rest from the queue' result four 'done == 100 and r["imported"] > 0 and m["duplicate"] == 0'
check 'each once' once_each "$four" 100
cp "$four/records.csv" "$work/before.csv"
check 'again' gathers "$four" again
check 'nothing is imported' result again 'done == 100 and r["imported"] == 0'
check 'and nothing changes' cmp "$work/before.csv" "$four/records.csv"
check 'nothing is left in the queue' in_queue 0

check 'a run that is copied to another machine' load 500
five=$run
copy=$work/elsewhere/dynamo-sns/copy
mkdir -p "$work/elsewhere/dynamo-sns"
cp -R "$five" "$copy"
sed -i 's/^boot_id: .*/boot_id: 00000000-0000-4000-8000-000000000000/; s/^host: .*/host: elsewhere/' "$copy/run.yml"
await in_queue 500
both_quiet() {
    gathers "$five" first --quiet 2 &
    first_pid=$!
    gathers "$copy" second --quiet 2 || return 1
    wait "$first_pid"
}
check 'and gathered at both at once' both_quiet
check 'the queue is empty' in_queue 0
$python -c 'import json, sys
n = [json.load(open(f))["messages"]["matched"] for f in sys.argv[1:]]
print("# %d here, %d there" % tuple(n))' "$work/first.json" "$work/second.json"
check 'is brought together' gathers "$five" joined --rejoin --import "$copy/evaluations.jsonl"
check 'and whole' result joined 'done == 500 and r["missing"] == 0 and m["matched"] == 500'
check 'each once' once_each "$five" 500
cp "$five/records.csv" "$work/before.csv"
check 'again' gathers "$five" joined --rejoin --import "$copy/evaluations.jsonl" "$copy/quarantine.jsonl"
check 'it changes nothing' result joined 'r["imported"] == 0 and m["received"] == 500'
check 'not a byte' cmp "$work/before.csv" "$five/records.csv"
check 'what is not there' is_code 1 "$bin/gather" "$five" --rejoin --import "$work/nothing.jsonl"
check 'is named' grep -q 'nothing.jsonl: there is no such file' "$work/err"

start_load twice -r 4000 --rate 100 --leftovers-ok
"$bin/gather" "$run" >/dev/null 2>&1 &
gather_pid=$!
pids="$pids $gather_pid"
await test -s "$run/evaluations.jsonl"
check 'a second gather of a run' is_code 1 "$bin/gather" "$run"
check 'is refused in one line' says 'another gather works on this run; wait for it or stop it'
kill -INT "$load_pid"
end_load >/dev/null || true
check 'the first one goes on' wait "$gather_pid"
pids=$(echo "$pids" | sed "s/ $gather_pid//")
check 'the sandbox ends when asked' stop_sandbox
finish

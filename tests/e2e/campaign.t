#!/bin/sh
# A whole campaign over real stores: failing runs are recorded and the rest goes on; interrupted, killed and
# called again it goes on where it stopped, and every cell is measured once a round.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
cd "$work"

deployment local.yml '  dynamo:
    table: posts
    replication: {model: constant, ms: 1500}
  cache: {link: {model: constant, ms: 1500}}
  sns: {topic: notifications, delivery: {model: constant, ms: 50}}'
start_sandbox local.yml --slots 8

# What a machine with other work to do does to the generator is not the question here.
cat >pairs.yml <<'END'
name: pairs
deployment: local.yml
seed: 7
rounds: 2
requests: 20
rate_per_s: 40
combinations:
- {post_storage: dynamo, notification_storage: sns}
- {post_storage: cache, notification_storage: sns}
consistency: [none, antipode]
loadgen: [--lag-bound-ms, 60000]
END
folder=runs/campaigns/pairs

campaign() {
    "$bin/campaign" "$@"
}
# begin OPTION...: a campaign in the background; sets $campaign_pid.
begin() {
    "$bin/campaign" "$@" >campaign.out 2>campaign.err &
    campaign_pid=$!
    pids="$pids $campaign_pid"
}
# ends CODE: it did, with that.
ends() {
    code=0
    wait "$campaign_pid" || code=$?
    pids=$(echo "$pids" | sed "s/ $campaign_pid//")
    cat campaign.err
    [ "$code" -eq "$1" ]
}
# n_events NAME N: the journal has at least so many.
n_events() {
    [ "$(grep -c "\"event\":\"$1\"" "$folder/journal.jsonl")" -ge "$2" ]
}
# journal_has CONDITION: over `events`, `began`, and `done` (the runs' last words, by number).
journal_has() {
    $python - "$folder/journal.jsonl" "$1" <<'END'
import json, sys
lines = open(sys.argv[1]).read()
assert lines.endswith("\n")
events = [json.loads(line) for line in lines.splitlines()]
began = events[0]
done = {}
for e in events[1:]:
    done[e["n"]] = e
def count(name):
    return sum(e["event"] == name for e in events)
assert eval(f"({sys.argv[2]})"), [(e["event"], e.get("n"), e.get("reason")) for e in events]
END
}
# children_are_gone: no program of this campaign runs any more.
children_are_gone() {
    ! pgrep -f "$work/runs/campaigns|--output $folder/runs|--root $folder/runs"
}

check 'the plan can be seen before' is_code 0 campaign pairs.yml --dry-run
check 'with each cell once a round' sh -c '[ "$(grep -c "^ *[1-8]  *1  .*20  " out)" -eq 4 ] && [ "$(grep -c "^ *[1-8]  *2  .*20  " out)" -eq 4 ]'
check 'and how long it takes' grep -q '^160 requests are to be sent, which alone takes 4 s' out
check 'nothing is begun by that' test ! -e runs

begin pairs.yml
await n_events loading 2
check 'a second campaign in the same folder' is_code 1 campaign pairs.yml
check 'is refused' says 'another campaign works there'
kill -INT "$campaign_pid"
check 'Ctrl-C ends it' ends 130
check 'and says how to go on' grep -q 'everything is saved in runs/campaigns/pairs; go on with: campaign pairs.yml' campaign.err
check 'after its children' children_are_gone
check 'the journal has what was begun' journal_has 'count("began") == 1 and 1 <= count("ended") < 8 and count("started") > count("ended")'

begin pairs.yml
await n_events loading 4
kill -KILL "$campaign_pid"
wait "$campaign_pid" || true
pids=$(echo "$pids" | sed "s/ $campaign_pid//")
printf '{"event":"ended","n":' >>"$folder/journal.jsonl" # as a kill in the middle of writing would leave it
check 'killed, what is known can still be shown' is_code 0 campaign pairs.yml --table
check 'in the table' grep -q 'to do' out
check 'also by its folder alone' is_code 0 campaign --table -o "$folder"
check 'called again it does the rest' is_code 0 campaign pairs.yml
check 'each run was done once' journal_has 'len(done) == 8 == count("ended") and all(e["ok"] and e["valid"] for e in done.values())'
check 'each cell once a round' journal_has 'sorted(began["runs"]) == [[r, c] for r in (1, 2) for c in range(4)] and began["seed"] == 7'
check 'what did not end is named, and its folder is still there' $python -c '
import json, os
events = [json.loads(line) for line in open("runs/campaigns/pairs/journal.jsonl")]
left = [e for e in events if e["event"] == "abandoned"]
assert len(left) == 2, left
assert all(os.path.exists("runs/campaigns/pairs/" + e["folder"] + "/run.yml") for e in left), left
ended = [e["folder"] for e in events if e["event"] == "ended"]
assert not {e["folder"] for e in left} & set(ended), (left, ended)'
check 'nothing is left to do' is_code 0 campaign pairs.yml
check 'so the table comes at once' journal_has 'count("started") == 10'

check 'the same for machines' is_code 0 campaign pairs.yml --table --json
check 'has every cell, its sums and its truth' $python -c '
import json
r = json.load(open("out"))
assert len(r["cells"]) == 4 and len(r["runs"]) == 8
published, overhead = {}, {}
for c in r["cells"]:
    k = c["classes"]
    assert k["planned"] == 40 == sum(k.values()) - 40, k
    assert c["runs"] == {"planned": 2, "done": 2, "valid": 2, "failed": 0, "used": 2}, c["runs"]
    i = c["inconsistent"]
    store, barrier = c["cell"]["post_storage"], c["cell"]["consistency"] == "antipode"
    # posts are visible 1500 ms after they were written, notifications come after 50
    assert i["share"] == (0.0 if barrier else 1.0), (store, barrier, i)
    published[store, barrier] = c["by_rounds"]["published_p50_ms"]["mean"]
    assert published[store, barrier] > (1500 if barrier else 50), published
    if barrier:
        o = c["overhead_ms"]
        assert o["n"] == 2 and o["kind"] == "spread", o
        overhead[store] = o["mean"]
    else:
        assert c["overhead_ms"] is None
        window = c["by_rounds"]["window_high_p50_ms"]
        assert window["n"] == 2 and window["mean"] >= 1450, window
# A notification that a busy machine delays makes the window without a barrier longer, and its cost less.
assert len(overhead) == 2
for store, cost in overhead.items():
    assert abs(cost - (published[store, True] - published[store, False])) < 1e-6, (store, cost, published)'
check 'and the keys of docs/formats.md' $python - "$top/docs/formats.md" out "$folder/journal.jsonl" <<'E2'
import json, re, sys
text = open(sys.argv[1], encoding="utf-8").read()
def rows(heading):
    part = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return {k: set(re.findall(r"`([a-z0-9_]+)`", words)) for k, words in re.findall(r"^\| `([^`]+)` \| (.*) \|$", part, re.M)}
doc, r = rows("campaign --json"), json.load(open(sys.argv[2]))
assert set(r) == {k for k in doc if "." not in k}, set(r)
for cell in r["cells"]:
    assert {f"cells.{k}" for k in cell} == {k for k in doc if k.startswith("cells.")}, set(cell)
    for key in ("cell", "runs", "classes", "inconsistent", "by_rounds"):
        assert set(cell[key]) == doc[f"cells.{key}"], set(cell[key]) ^ doc[f"cells.{key}"]
for run in r["runs"]:
    assert set(run) == doc["runs"], set(run) ^ doc["runs"]
events = rows("A campaign's folder")
for e in map(json.loads, open(sys.argv[3])):
    assert set(e) - {"event", "at", "n"} <= events[e["event"]], (e["event"], set(e) - events[e["event"]])
E2
check 'plot takes its config' is_code 0 "$bin/plot" "$folder/plots.yml" -o plots
check 'and draws' sh -c 'ls plots/consistency_window-*.png plots/storage_overhead-*.png'
check 'without a warning' sh -c '[ ! -s err ]'

sed 's/requests: 20/requests: 21/' pairs.yml >other.yml
check 'another config in the same folder' is_code 2 campaign other.yml
check 'is refused' says 'was begun with another config'

# mysql is not listed in the deployment: these runs cannot be.
cat >failing.yml <<'END'
deployment: local.yml
seed: 1
requests: 10
rate_per_s: 40
parts:
- combinations: [{post_storage: mysql, notification_storage: sns}]
- combinations: [{post_storage: cache, notification_storage: sns, delays_ms: [0, 3000]}]
  consistency: [none, antipode]
loadgen: [--lag-bound-ms, 60000]
END
folder=runs/campaigns/failing
check 'runs that fail' is_code 1 campaign failing.yml
check 'do not keep the others from theirs' journal_has 'len(done) == 4 and sum(e["ok"] for e in done.values()) == 3'
check 'and are told with their reason' sh -c 'grep -q "FAILED: .*mysql-sns none.*deploy: .*mysql" out && grep -q "1 of 4 runs failed" err'
check 'a delay hides what it is longer than' $python -c '
import json
ended = [json.loads(line) for line in open("runs/campaigns/failing/journal.jsonl")][1:]
shares = {(s["combination"]["consistency"], s["combination"]["delay_ms"]): s["inconsistent"]["share"]
          for s in (e["summary"] for e in ended if e.get("ok"))}
assert shares == {("none", 0): 1.0, ("none", 3000): 0.0, ("antipode", 0): 0.0}, shares'
check 'plot draws what that costs beside the barrier' \
    is_code 0 "$bin/plot" $folder/plots.yml --plots cost_at_equal_residual --no-pictures --json
check 'of these runs' $python -c '
import json
cost = json.load(open("out"))["cost_at_equal_residual"]
assert [(s["consistency"], s["delay_ms"], s["n"]) for s in cost["settings"]] == [
    ("none", 0, 10), ("none", 3000, 10), ("antipode", 0, 10)] and cost["delay_ms"] == 3000, cost'
check 'they are not tried again' is_code 1 campaign failing.yml
check 'unasked' journal_has 'count("started") == 4'
check 'but when asked' is_code 1 campaign failing.yml --retry-failed
check 'they are, and only they' journal_has 'count("started") == 5 and count("ended") == 5'
check 'begun anew' is_code 1 campaign failing.yml --fresh
check 'all are done again' journal_has 'count("started") == 4 and count("began") == 1'
check 'and the old journal is kept' sh -c 'ls runs/campaigns/failing/journal-*.jsonl'

# As a load that its generator cannot keep up with is.
cat >limited.yml <<'END'
deployment: local.yml
requests: 2000
rate_per_s: 50000
combinations: [{post_storage: cache, notification_storage: sns}]
loadgen: [--force, --lag-bound-ms, 1, --no-realtime, --max-in-flight, 1]
END
folder=runs/campaigns/limited
check 'a result that is not valid' is_code 3 campaign limited.yml
check 'is kept' journal_has 'done[1]["ok"] and not done[1]["valid"] and "_LIMITED" in done[1]["reason"] and done[1]["summary"]'
check 'and marked' sh -c 'grep -q "NOT VALID: run 1 .*_LIMITED" out && [ ! -e runs/campaigns/limited/plots.yml ]'

# Between the clean and the load of each run an evaluation comes that an earlier run had given up.
late=$(find runs/campaigns/pairs -name evaluations.jsonl | head -n 1)
learn_keys
mkdir late
for program in campaign deploy clean gather analyze; do
    cp "$bin/$program" late
done
cat >late/loadgen <<END
#!/bin/sh
case " \$* " in *' --dry-run '*) exec "$bin/loadgen" "\$@" ;; esac # the campaign asks about the words
env AWS_ACCESS_KEY_ID="$key" AWS_SECRET_ACCESS_KEY="$secret" $python -c 'import boto3, json
sqs = boto3.client("sqs", endpoint_url="$endpoint", region_name="us-east-1")
sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName="evaluations")["QueueUrl"],
                 MessageBody=json.loads(open("$work/$late").readline())["body"])
open("$work/late/sent", "a").write("sent\\n")' && exec "$bin/loadgen" "\$@"
END
chmod +x late/loadgen
cat >late.yml <<'END'
deployment: local.yml
requests: 10
rounds: 1
rate_per_s: 40
combinations: [{post_storage: cache, notification_storage: sns}]
consistency: [none, antipode]
loadgen: [--lag-bound-ms, 60000]
END
folder=runs/campaigns/late
check 'what comes late of a run before' is_code 0 late/campaign late.yml
check 'disturbs none, and is counted in none' journal_has 'len(done) == 2 and all(e["ok"] and e["valid"] and e["summary"]["classes"]["planned"] == 10 for e in done.values())'
check 'though it came' test "$(grep -c sent late/sent)" -eq 2
check 'the sandbox ends when asked' stop_sandbox
finish

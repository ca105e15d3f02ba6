#!/bin/sh
# The bytes of posts, notifications and contexts are those that the stores hold and that came over the wire.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

holds() {
    $python "$here/check_bytes.py" "$endpoint" "$key" "$secret" "$run" "$truth" "$ready" "$@"
}
# measured NAME OPTION...: a run on empty stores, so that all that is in them is of it.
measured() {
    "$bin/clean" -c "$config" >/dev/null && measure "$@"
}

deployment "$work/all.yml" '  dynamo: {writer_leg: 1, replication: 5, reader_leg: 1, stream: 20}
  s3: {writer_leg: 1, replication: 5, reader_leg: 1}
  mysql: {link: 5}
  cache: {link: 5}
  sns: {topic: notifications, delivery: 60}
  mq: {link: 30, parallel: 16}'
sed -i 's/^  dynamo: {/&stream_shards: 8, /' "$work/all.yml"
start_sandbox "$work/all.yml" --slots 16
learn_keys
for post in dynamo s3 mysql cache; do
    for notification in sns dynamo mq; do
        for consistency in none antipode; do
            name=$post-$notification-$consistency
            check "$name: deployed" "$bin/deploy" -c "$config" --post-storage "$post" \
                --notification-storage "$notification" --consistency "$consistency" --post-bytes 777
            check "$name: gathered" measured "$name" -r 24 --rate 40
            check "$name: its bytes are those of the stores and of the wire" holds "$post" "$notification" "$consistency"
        done
    done
done
check 'the sandbox ends when asked' stop_sandbox

# What plot tells of these runs, and analyze, is of the same bytes.
printf 'storage_overhead:\n  gather_paths: ["runs-*-sns-*/*/eu-us*", "runs-*-sns-*/*/antipode*"]\n' >"$work/bytes.yml"
check 'the overheads are drawn' is_code 0 "$bin/plot" "$work/bytes.yml" --root "$work" -o "$work/plots" --no-pictures --json
cp "$work/out" "$work/plot.json"
told() {
    $python - "$work/plot.json" "$top/docs/formats.md" "$work"/runs-*-sns-*/*/*/records.csv <<'E2'
import collections, csv, json, re, sys
plot = json.load(open(sys.argv[1]))
posts, contexts = collections.defaultdict(list), collections.defaultdict(list)
for path in sys.argv[3:]:
    store = re.search(r"/runs-([a-z0-9]+)-sns", path)[1]
    for row in csv.DictReader(open(path, newline="", encoding="utf-8")):
        side = "antipode" if int(row["context_bytes"]) else "baseline"
        posts[store, side] += [int(row["post_stored_bytes"])] * (row["post_stored_bytes"] != "0")
        contexts[store] += [int(row["context_bytes"])] * (side == "antipode")
rows = {row["storage"]: row for row in plot["storage_overhead"]}
for store, side in posts:
    (post,) = (role for role in rows[store]["by_role"] if role["role"] == "post")
    assert post["measured"][side + "_mean_bytes"] == sum(posts[store, side]) / len(posts[store, side]), (store, side)
growths = plot["derived"]["storage_overhead"]
assert {one["storage"] for one in growths} == set(contexts) == {"dynamo", "s3", "mysql", "cache"}
for one in growths:
    assert one["n"] == len(contexts[one["storage"]]) and {one["measured_bytes"]} == set(contexts[one["storage"]])
    assert one["growth"][0] == {"writes": 1, "context_bytes": one["measured_bytes"]}
# As docs/storage.md says.
page = open(sys.argv[2].replace("formats", "storage"), encoding="utf-8").read()
for one in growths:
    row = " | ".join(str(int(step["context_bytes"])) for step in one["growth"]) + f" | {one['bytes_per_write']:.0f} |"
    assert re.search(f"^. `{one['storage']}` .*" + re.escape(row) + "$", page, re.M), (one["storage"], row)
    added = {post["measured"]["antipode_added_bytes"] for post in rows[one["storage"]]["by_role"] if post["role"] == "post"}
    assert re.search(f"^. `{one['storage']}` .*: {min(added):.0f} . [A-Z]", page, re.M) and len(added) == 1, added
section = open(sys.argv[2], encoding="utf-8").read().split("\n## plot --json\n")[1].split("\n## ")[0]
named = set(re.findall(r"`growth\.([^`]+)`", section))
assert all(set(one) == named for one in growths), named ^ set(growths[0])
E2
}
check 'with the bytes of the records, and the growth that docs/storage.md has' told
finish

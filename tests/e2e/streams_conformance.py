#!/usr/bin/python3
"""Debian's boto3 against the sandbox's DynamoDB Streams.

Usage: streams_conformance.py ENDPOINT KEY SECRET LAG_MS      prints TAP
"""
import sys
import time

from aws_user import client, finish, refused, test

lag_s = float(sys.argv[4]) / 1000
tables = client("dynamodb", "eu-central-1")
here, away = client("dynamodbstreams", "eu-central-1"), client("dynamodbstreams", "us-east-1")


def describe(streams, table):
    listed = streams.list_streams(TableName=table)["Streams"]
    assert len(listed) == 1, listed
    return streams.describe_stream(StreamArn=listed[0]["StreamArn"])["StreamDescription"]


def iterators(streams, table, kind="TRIM_HORIZON"):
    d = describe(streams, table)
    return [streams.get_shard_iterator(StreamArn=d["StreamArn"], ShardId=s["ShardId"],
                                       ShardIteratorType=kind)["ShardIterator"] for s in d["Shards"]]


def read(streams, at, n):
    """The records behind the iterators, until there are n: of each shard a list."""
    found = [[] for _ in at]
    for _ in range(1200):
        for i, iterator in enumerate(at):
            answer = streams.get_records(ShardIterator=iterator)
            found[i] += answer["Records"]
            at[i] = answer["NextShardIterator"]
        if sum(map(len, found)) >= n:
            return found
        time.sleep(0.05)
    raise AssertionError(f"only {sum(map(len, found))} of {n} records came")


def shape(record):
    change = record["dynamodb"]
    return (record["eventName"], change["Keys"]["key"]["S"], change.get("NewImage", {}).get("body", {}).get("S"),
            change.get("OldImage", {}).get("body", {}).get("S"))


def put(table, name, body):
    tables.put_item(TableName=table, Item={"key": {"S": name}, "body": {"S": body}})


@test
def the_notifications_table_has_a_stream_and_the_posts_table_has_none():
    d = describe(away, "notifications")
    assert d["StreamStatus"] == "ENABLED" and d["StreamViewType"] == "NEW_AND_OLD_IMAGES" and d["TableName"] == "notifications"
    assert len(d["Shards"]) == 3 and d["KeySchema"] == [{"AttributeName": "key", "KeyType": "HASH"}], d
    assert here.list_streams(TableName="posts")["Streams"] == []
    table = client("dynamodb", "us-east-1").describe_table(TableName="notifications")["Table"]
    assert table["LatestStreamArn"] == d["StreamArn"] and table["StreamSpecification"]["StreamEnabled"]
    part = away.describe_stream(StreamArn=d["StreamArn"], Limit=2)["StreamDescription"]
    rest = away.describe_stream(StreamArn=d["StreamArn"], ExclusiveStartShardId=part["LastEvaluatedShardId"])
    assert part["Shards"] + rest["StreamDescription"]["Shards"] == d["Shards"]


@test
def insert_modify_and_remove_come_in_order_in_both_regions():
    tables.create_table(TableName="changes", KeySchema=[{"AttributeName": "key", "KeyType": "HASH"}],
                        AttributeDefinitions=[{"AttributeName": "key", "AttributeType": "S"}],
                        BillingMode="PAY_PER_REQUEST",
                        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    names = [f"k{i}" for i in range(20)]
    began = time.time()
    for name in names:
        put("changes", name, "one")
        put("changes", name, "two")
        put("changes", name, "two")  # changes nothing
        tables.delete_item(TableName="changes", Key={"key": {"S": name}})
    for streams in (here, away):
        shards = read(streams, iterators(streams, "changes"), 60)
        ended = time.time()
        assert sum(map(len, shards)) == 60 and all(shards), list(map(len, shards))
        for shard in shards:
            sequences = [int(r["dynamodb"]["SequenceNumber"]) for r in shard]
            assert sequences == sorted(set(sequences)), sequences
            assert all(r["awsRegion"] == streams.meta.region_name and r["eventSource"] == "aws:dynamodb" for r in shard)
        for name in names:
            of_key = [shape(r) for shard in shards for r in shard if r["dynamodb"]["Keys"]["key"]["S"] == name]
            assert of_key == [("INSERT", name, "one", None), ("MODIFY", name, "two", "one"),
                              ("REMOVE", name, None, "two")], of_key
    assert ended - began >= lag_s, "the other region's came before the write could be there"


@test
def a_batch_of_writes_makes_a_record_each():
    at = iterators(here, "changes", "LATEST")
    tables.batch_write_item(RequestItems={"changes": [
        {"PutRequest": {"Item": {"key": {"S": f"b{i}"}, "body": {"S": "x"}}}} for i in range(25)]})
    found = [shape(r)[:2] for shard in read(here, at, 25) for r in shard]
    assert sorted(found) == sorted(("INSERT", f"b{i}") for i in range(25)), found


@test
def an_iterator_may_begin_at_or_after_a_record():
    d = describe(here, "changes")
    shard = next(s["ShardId"] for s, r in zip(d["Shards"], read(here, iterators(here, "changes"), 85)) if len(r) > 2)

    def first(kind, **more):
        at = here.get_shard_iterator(StreamArn=d["StreamArn"], ShardId=shard, ShardIteratorType=kind, **more)
        return here.get_records(ShardIterator=at["ShardIterator"], Limit=2)["Records"]
    one, two = first("TRIM_HORIZON")
    assert first("AT_SEQUENCE_NUMBER", SequenceNumber=one["dynamodb"]["SequenceNumber"]) == [one, two]
    assert first("AFTER_SEQUENCE_NUMBER", SequenceNumber=one["dynamodb"]["SequenceNumber"])[0] == two


@test
def views_show_what_they_say():
    for view, new, old in (("KEYS_ONLY", None, None), ("NEW_IMAGE", "two", None), ("OLD_IMAGE", None, "one")):
        name = "v-" + view
        tables.create_table(TableName=name, KeySchema=[{"AttributeName": "key", "KeyType": "HASH"}],
                            AttributeDefinitions=[{"AttributeName": "key", "AttributeType": "S"}],
                            BillingMode="PAY_PER_REQUEST",
                            StreamSpecification={"StreamEnabled": True, "StreamViewType": view})
        put(name, "k", "one")
        put(name, "k", "two")
        records = [r for shard in read(here, iterators(here, name), 2) for r in shard]
        assert shape(records[1]) == ("MODIFY", "k", new, old), (view, records)
        assert records[1]["dynamodb"]["StreamViewType"] == view


@test
def wrong_streams_shards_and_iterators_are_refused():
    d = describe(here, "changes")
    refused("ResourceNotFoundException", lambda: away.describe_stream(StreamArn=d["StreamArn"]))
    refused("ResourceNotFoundException", lambda: here.get_shard_iterator(
        StreamArn=d["StreamArn"], ShardId="shardId-00000000000000000099-00000000", ShardIteratorType="LATEST"))
    refused("ValidationException", lambda: here.get_records(ShardIterator="nonsense"))
    old = iterators(here, "changes")[0].rsplit("|", 1)[0] + "|1"
    refused("ExpiredIteratorException", lambda: here.get_records(ShardIterator=old))


finish()

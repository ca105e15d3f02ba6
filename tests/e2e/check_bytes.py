#!/usr/bin/python3
"""The bytes in records.csv against what the stores themselves hold, asked by clients that share no code with the
instrument: boto3, redis-cli, a MariaDB connection; and against what the sandbox noted of each message on its wire.

Usage: check_bytes.py ENDPOINT KEY SECRET RUN TRUTH READY POST_STORAGE NOTIFICATION_STORAGE antipode|none
"""
import csv
import json
import re
import subprocess
import sys

from aws_user import client
from mariadb_client import Connection

run, truth, ready, post_storage, notification_storage, consistency = sys.argv[4:]
cid_bytes = 32
servers = json.load(open(ready, encoding="utf-8")).get("stores", {})


def scan(table):
    """Every item of a table at the reader: attribute -> text."""
    pages = client("dynamodb").get_paginator("scan").paginate(TableName=table)
    return [{name: value["S"] for name, value in item.items()} for page in pages for item in page["Items"]]


def item_bytes(item):
    return sum(len(text.encode()) for pair in item.items() for text in pair)


def of_dynamo():
    return {item["key"]: (item_bytes(item), item_bytes({"cid": item["cid"]}) if "cid" in item else 0)
            for item in scan("posts")}


def of_s3():
    s3, posts = client("s3"), {}
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket="posts-reader"):
        for key in (entry["Key"] for entry in page.get("Contents", [])):
            head = s3.head_object(Bucket="posts-reader", Key=key)
            metadata = item_bytes(head["Metadata"])
            posts[key] = (len(key) + head["ContentLength"] + metadata, metadata)
    return posts


def of_mysql():
    connection = Connection(servers["mysql"]["client_file"], "-replica")
    rows = connection.query("SELECT k, LENGTH(k), LENGTH(body), COALESCE(LENGTH(cid), 0) FROM xcybench.posts")
    return {key: (sum(map(int, sizes)), int(sizes[2])) for key, *sizes in rows}


def of_cache():
    host, port = servers["cache"]["reader"].split(":")

    def ask(*words):
        return subprocess.run(["redis-cli", "-h", host, "-p", port, *words], capture_output=True, check=True,
                              text=True).stdout.splitlines()

    sizes = {key: len(key) + int(ask("STRLEN", key)[0]) for key in ask("KEYS", "*")}
    of_post = {ask("GET", key)[0]: size for key, size in sizes.items() if key.startswith("cid:")}
    return {key: (size + of_post.get(key, 0), of_post.get(key, 0)) for key, size in sizes.items()
            if not key.startswith("cid:")}


def check_posts(rows):
    stored = {"dynamo": of_dynamo, "s3": of_s3, "mysql": of_mysql, "cache": of_cache}[post_storage]()
    read = [row for row in rows if int(row["post_stored_bytes"])]
    assert len(stored) == len(rows) and len(read) > len(rows) / 4, (len(stored), len(read))
    for row in read:
        told = int(row["post_stored_bytes"]), int(row["post_metadata_bytes"])
        assert told == stored[row["key"]], (row["key"], told, stored[row["key"]])
        assert (told[1] >= cid_bytes) == (consistency == "antipode"), told


def check_context(row, event):
    """What the text would be shorter without its context."""
    without = re.sub(r'"context":"(\\.|[^"\\])*",', "", event)
    json.loads(without)
    assert int(row["context_bytes"]) == len(event) - len(without), (row["context_bytes"], event)


def noted():
    """Of messages that nobody keeps: what came over the sandbox's wire."""
    op = {"sns": "publish", "mq": "deliver"}[notification_storage]
    with open(truth, encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            if line["op"] == op and line.get("service") == notification_storage:
                yield line["bytes"]


def check_notifications(rows):
    if notification_storage == "dynamo":
        items = {item["key"]: item for item in scan("notifications")}
        for row in rows:
            item = items[row["key"]]
            assert int(row["notification_bytes"]) == item_bytes(item), (row["notification_bytes"], item)
            check_context(row, item["event"])
    else:
        sizes = sorted(int(row["notification_bytes"]) for row in rows)
        assert sizes == sorted(list(noted())[-len(sizes):]), sizes
    contexts = {int(row["context_bytes"]) for row in rows}
    assert len(contexts) == 1 and (contexts != {0}) == (consistency == "antipode"), contexts


with open(run + "/records.csv", newline="", encoding="utf-8") as file:
    records = list(csv.DictReader(file))
check_posts(records)
check_notifications(records)

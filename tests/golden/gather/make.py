#!/usr/bin/env python3
"""Makes the cases of one page here: a state file, messages, and the files that pandas makes of them.

/usr/bin/python3 make.py (Debian 12: python3-pandas 1.5.3, python3-yaml 6.0). plain-dynamo-sns and
destination-antipode-s3-mq are the reference implementation's own and are not made here.

What the reference does with a message is said here in Python's own int() and float(); what it would end
with an error at is marked as such by whoever adds it, and left out of the rows.
"""
import json
import os
import random
from statistics import mean

import pandas as pd
import yaml

T0 = 1795100000
BYTES = {"dynamo": [350012, 350054, 350062], "s3": [1000000, 1000320, 1000010]}
SHORT = {"eu-central-1": "eu", "us-east-1": "us", "ap-southeast-1": "sg"}


class Case:
    def __init__(self, name, seed, n, post="dynamo", notification="sns", antipode=False, delay=0, rendezvous=None):
        self.name, self.r = name, random.Random(seed)
        self.state = {
            "antipode_enabled": antipode, "cleaned": False, "delay": delay, "post_storage": post,
            "notification_storage": notification, "writer_region": "eu-central-1", "reader_region": "us-east-1",
            "writer__lambda__arn": "arn:aws:lambda:eu-central-1:000000000000:function:writer",
            "latencies": {}, "requests": n}
        if rendezvous is not None:
            self.state["rendezvous_enabled"], self.state["rendezvous_ncc"] = rendezvous
        self.lines, self.good = [], []
        for i in range(n):
            self.state["latencies"][i] = self.at(i, 0.15, 0.3)

    def at(self, i, low, high):
        return round(T0 + i * 0.1 + self.r.uniform(low, high), 6)

    def evaluation(self, n, **other):
        on = self.state
        e = {"i": n, "client_sent_at": self.at(n, 0, 0.02), "writer_start_at": self.at(n, 0.03, 0.05),
             "post_written_at": self.at(n, 0.06, 0.14), "reader_received_at": self.at(n, 0.4, 0.6),
             "notification_to_reader_spent_ms": self.r.randrange(150, 500), "post_read_at": self.at(n, 0.61, 0.9),
             "consistent_read": self.r.randrange(2), "antipode_spent_ms": None,
             "notification_size_bytes": self.r.choice([1902, 1903])}
        if on["antipode_enabled"]:
            e["antipode_spent_ms"] = self.r.randrange(600)
        if on.get("rendezvous_enabled"):
            e.update(rendezvous_call_writer_spent_ms=self.r.randrange(30), rendezvous_call_reader_spent_ms=self.r.randrange(90),
                     rendezvous_prevented_inconsistency=self.r.randrange(2))
        e.update(other)
        return e

    def put(self, e, form="plain", breaks=False):
        text = e if isinstance(e, str) else json.dumps(e)
        if form != "plain":
            text = json.dumps({"version": "1.0", "responsePayload": dict(form, body=text)})
        self.lines.append(json.dumps({"body": text}))
        if not breaks:
            self.good.append(e)

    def row(self, e):
        reply, sent, start = float(self.state["latencies"][int(e["i"])]), float(e["client_sent_at"]), float(e["writer_start_at"])
        read = float(e["post_read_at"])
        r = {"reader_received_at": float(e["reader_received_at"]), "consistent_read": int(e["consistent_read"]),
             "notification_to_reader_spent_ms": int(e["notification_to_reader_spent_ms"])}
        if "rendezvous_enabled" in self.state:
            r["write_post_spent_ms"] = int((e["post_written_at"] - start) * 1000)
        if self.state["antipode_enabled"]:
            r["antipode_spent_ms"] = int(e["antipode_spent_ms"])
        if self.state.get("rendezvous_enabled"):
            for key in ("rendezvous_call_writer_spent_ms", "rendezvous_call_reader_spent_ms", "rendezvous_prevented_inconsistency"):
                r[key] = int(e[key])
        r.update(client_latency_ms=int((reply - sent) * 1000), client_visibility_latency_ms=int((read - sent) * 1000),
                 writer_latency_ms=int((reply - start) * 1000), writer_visibility_latency_ms=int((read - start) * 1000))
        return r, sent, reply, int(e["notification_size_bytes"])

    def gathered(self):
        """Ten at a time, until as many numbers have come as are waited for."""
        rows, expected = {}, min(self.state["requests"], len(self.good))
        for first in range(0, len(self.good), 10):
            if len(rows) >= expected:
                break
            for e in self.good[first:first + 10]:
                rows[int(e["i"])] = self.row(e)
        return list(rows.values()), expected

    def write(self):
        os.makedirs(self.name, exist_ok=True)
        s, (rows, expected) = self.state, self.gathered()
        df, sizes = pd.DataFrame([r[0] for r in rows]), [r[3] for r in rows]
        form = 1 if s["antipode_enabled"] else 2 if s.get("rendezvous_enabled") else 0
        item = BYTES[s["post_storage"]][form]
        tags = {
            "%_INCONSISTENCIES": int((df.consistent_read == 0).sum()) / float(len(df)), "ANTIPODE_ENABLED": s["antipode_enabled"],
            "AVG_NOTIFICATION_SIZE_BYTES": mean(sizes), "AVG_POST_STORAGE_SIZE_BYTES": item, "DELAY": s["delay"],
            "NOTIFICATION_STORAGE": s["notification_storage"], "NUM_RESULTS": f"{len(rows)}/{expected}",
            "POST_STORAGE": s["post_storage"], "READER_REGION": s["reader_region"], "WRITER_REGION": s["writer_region"],
            "THROUGHPUT_ON_CLIENT": len(rows) / float(max(r[2] for r in rows) - min(r[1] for r in rows)),
            "TOTAL_NOTIFICATION_SIZE_BYTES": sum(sizes), "TOTAL_POST_STORAGE_SIZE_BYTES": item * s["requests"]}
        tag = f"{SHORT[s['writer_region']]}-{SHORT[s['reader_region']]}__{expected}__delay-{s['delay']}ms"
        tag = "antipode__" + tag if s["antipode_enabled"] else tag
        if "rendezvous_enabled" in s:
            tags.update(RENDEZVOUS_ENABLED=s["rendezvous_enabled"], RENDEZVOUS_NCC=s["rendezvous_ncc"])
        if s.get("rendezvous_enabled"):
            tags["%_PREVENTED_INCONSISTENCIES"] = int((df.rendezvous_prevented_inconsistency == 1).sum()) / float(len(df))
            tag = ("rendezvous_ncc__" if s["rendezvous_ncc"] else "rendezvous__") + tag
        df.to_csv(f"{self.name}/traces.csv", sep=";")
        self.file("messages.jsonl", "".join(line + "\n" for line in self.lines))
        self.file("last.yml", yaml.safe_dump(s, default_flow_style=False))
        self.file("tags.yml", yaml.safe_dump(tags, default_flow_style=False))
        self.file("name", f"{s['post_storage']}-{s['notification_storage']}/{tag}\n")
        with pd.option_context("display.precision", 2, "display.max_columns", None, "display.expand_frame_repr", False):
            self.file("traces.info", f"{df.describe(percentiles=[.25, .5, .75, .90, .99])}\n")

    def file(self, name, text):
        with open(f"{self.name}/{name}", "w", encoding="utf-8") as f:
            f.write(text)


def loose_values():
    """Every form of a value that int() and float() take, in plain and destination messages."""
    c = Case("loose-values", 1, 24, post="s3", notification="mq", antipode=True, delay=100)
    forms = [dict(i="0"), dict(i=1.0), dict(i=" 2 "), dict(i=3.9), dict(i="+4"), dict(consistent_read=2), dict(consistent_read="1"),
             dict(consistent_read=True), dict(consistent_read=False), dict(consistent_read=0.9), dict(consistent_read=-1),
             dict(antipode_spent_ms="17"), dict(antipode_spent_ms=12.9), dict(antipode_spent_ms=-12.9),
             dict(notification_size_bytes="1_902"), dict(notification_size_bytes=1902.5), dict(notification_to_reader_spent_ms=True),
             dict(notification_to_reader_spent_ms=" 300\n")]
    for n in range(24):
        e = c.evaluation(n)
        e.update(forms[n] if n < len(forms) else {key: f" {e[key]}\t" for key in e if key.endswith("_at")})
        e["post_written_at"] = [None, "never", 5][n % 3]  # nobody looks at it
        c.put(e, ["plain", {"statusCode": 200}, {}, {"statusCode": 500}][n % 4])
    c.r.shuffle(c.lines)
    c.good = [json.loads(b) for b in map(inner, c.lines)]
    c.write()


def inner(line):
    body = json.loads(line)["body"]
    item = json.loads(body)
    return item["responsePayload"]["body"] if "responsePayload" in item else body


def duplicates():
    """The first one's place and the last one's values; and what comes after the ten with the last result."""
    c = Case("duplicates", 2, 25, antipode=True)
    for i in [3, 7, 3, 1, 3, 12, 7]:
        c.put(c.evaluation(i))
    for i in range(25):
        if i not in (1, 3, 7, 12):
            c.put(c.evaluation(i))
    c.put(c.evaluation(0))  # the 29th: within the third ten
    c.put(c.evaluation(24, consistent_read=0))  # the 30th
    for i in (3, 5):
        c.put(c.evaluation(i, notification_size_bytes=999999))  # too late
    c.write()


def missing():
    """37 of 50 requests in 40 messages: 37/40."""
    c = Case("missing", 3, 50, post="s3", delay=2000)
    for i in list(range(0, 37)) + [4, 9, 36]:
        c.put(c.evaluation(i))
    c.write()


def crashing():
    """Among good messages those that the reference ends at; the files are as if they had not been there."""
    c = Case("crashing", 4, 12)
    bad = ["", "nothing", "[]", "17", "{}", '"responsePayload"', c.evaluation(12), c.evaluation(-1),
           c.evaluation(0, i="0.0"), c.evaluation(0, i=None), c.evaluation(0, client_sent_at="soon"),
           c.evaluation(0, consistent_read="1.0"), c.evaluation(0, notification_size_bytes=[1]),
           c.evaluation(0, post_read_at=None), {"responsePayload": None}, {"responsePayload": {"body": {"i": 0}}},
           {"body": "{}"}, {k: v for k, v in c.evaluation(0).items() if k != "writer_start_at"}]
    for n, e in enumerate(bad):
        c.put(e, breaks=True)
        if n < 12:
            c.put(c.evaluation(n))
    c.write()


def branch(name, seed, rendezvous, **other):
    c = Case(name, seed, 20, rendezvous=rendezvous, **other)
    order = list(range(20))
    c.r.shuffle(order)
    for i in order:
        c.put(c.evaluation(i), "plain" if i % 2 else {"statusCode": 200})
    c.write()


def one():
    """A single request has no deviation."""
    c = Case("one", 8, 1)
    c.put(c.evaluation(0, reader_received_at=T0 + 1))
    c.write()


loose_values()
duplicates()
missing()
crashing()
one()
branch("rendezvous", 5, (True, False), notification="dynamo")
branch("rendezvous-ncc-antipode", 6, (True, True), post="s3", antipode=True, delay=50)
branch("rendezvous-off", 7, (False, False), post="s3")
branch("rendezvous-ncc", 9, (True, True), post="s3")

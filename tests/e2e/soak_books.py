#!/usr/bin/python3
"""Balances a soak: what the sandbox logged (its sends, its faults) against what loadgen and gather report.

Usage: soak_books.py WORK TRUTH ENDPOINT REQUESTS     TAP on stdout

An independent reading: nothing of xcybench's own code takes part. Of each run NAME in WORK/soaked there are the
run directory and WORK/NAME.json, what gather said at last; WORK/counts.json is what the sandbox counted.
"""
import collections
import csv
import json
import os
import sys

# What the generator must say of a synchronous request whose writer was struck; or its call was reset besides.
WRITER = {
    "functions.writer_crashed": "function_error",
    "functions.writer_timed_out": "function_error",
    "functions.writer_garbage": "bad_reply",
}
STATUSES = {"lambda.throttled": "429", "lambda.error_500": "500", "lambda.error_503": "503"}


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class Run:
    def __init__(self, work, path):
        self.name = path.split("runs-")[1].split("/")[0]
        with open(f"{work}/{self.name}.json", encoding="utf-8") as file:
            self.said = json.load(file)
        self.requests = {int(r["i"]): r for r in rows(path + "/requests.csv")}
        self.records = rows(path + "/records.csv")
        self.taken = lines(path + "/evaluations.jsonl")
        self.aside = lines(path + "/quarantine.jsonl") if os.path.exists(path + "/quarantine.jsonl") else []
        self.evaluations = collections.defaultdict(set)
        for line in self.taken:
            body = json.loads(line["body"])
            self.evaluations[int(body["i"])].add(body.get("xcy", {}).get("eval", "without: " + line["body"]))
        with open(path + "/run.yml", encoding="utf-8") as file:
            times = dict(line.split(": ", 1) for line in file if line.startswith(("started_us", "ended_us")))
        self.began_us, self.ended_us = int(times["started_us"]), int(times["ended_us"])


class Books:
    def __init__(self, work, truth, endpoint, n_requests):
        self.n_requests = int(n_requests)
        with open(work + "/soaked", encoding="utf-8") as file:
            self.runs = [Run(work, path.strip()) for path in file]
        self.by_name = {run.name: run for run in self.runs}
        with open(work + "/counts.json", encoding="utf-8") as file:
            self.counts = json.load(file)
        self.truth = lines(truth)
        self.faults = [line for line in self.truth if line["op"] == "fault"]
        self.sent = [line["message"] for line in self.truth if line["op"] == "send" and line["queue"] == "evaluations"]
        self.endpoint = endpoint

    def struck(self, name):
        return [line for line in self.faults if line["fault"] == name]

    def each_fault_struck_and_is_logged(self):
        logged = collections.Counter(line["fault"] for line in self.faults)
        never = {"s3", "clocks"}  # no call to S3 here; a clock's offset is no event
        for scope, faults in self.counts.items():
            for name, fault in faults.items():
                full = f"{scope}.{name}"
                if "injected" not in fault or scope in never or name.endswith(("_ms", "_per_s", "_s", "_ppm")):
                    continue
                if full in ("sqs.purge_refused", "functions.reader_garbage", "replication.stalled"):
                    continue  # nobody purges, nobody reads a reader's answer; the stall has lines of its own
                assert fault["injected"] == logged[full] > 0, (full, fault, logged[full])
        stalls = [line for line in self.truth if line["op"] == "stall"]
        assert len(stalls) == self.counts["replication"]["stalled"]["injected"] == len(self.runs), stalls

    def every_sum_is_whole(self):
        for run in self.runs:
            m, c, q = run.said["messages"], run.said["classes"], run.said.get("queue")
            assert m["received"] == m["matched"] + m["duplicate"] + m["foreign"] + m["malformed"], m
            assert run.said["planned"] == sum(c.values()) + run.said["warmup"] == len(run.records), run.said
            assert q is None or q["taken"] == q["deleted"] + q["given_back"] + q["undeleted"], q

    def each_request_has_one_line_and_one_class(self):
        assert sum(len(run.records) for run in self.runs) == self.n_requests
        for run in self.runs:
            assert sorted(int(r["i"]) for r in run.records) == list(range(run.said["planned"]))
            found = collections.Counter(r["class"] for r in run.records)
            assert {k: n for k, n in run.said["classes"].items() if n} == dict(found), (run.said["classes"], found)

    def every_message_that_reached_the_queue_is_on_the_disk(self):
        kept = collections.Counter(line["message_id"] for run in self.runs for line in run.taken + run.aside)
        sent = set(self.sent)
        assert len(sent) == len(self.sent) > self.n_requests * 0.75, (len(sent), len(self.sent))
        assert set(kept) == sent, (len(sent - set(kept)), len(set(kept) - sent))

    def every_evaluation_is_in_the_records_once(self):
        for run in self.runs:
            n_twice = 0
            for r in run.records:
                evals = run.evaluations.get(int(r["i"]), set())
                # An evaluation whose "xcy" was damaged away is taken, and has no id.
                assert bool(evals) == (r["read_us"] != "" or r["class_reason"].startswith("reader") or r["class_reason"] == "barrier"), (r, evals)
                assert not evals or r["eval"] in evals or any(e.startswith("without: ") for e in evals), (r, evals)
                assert len(evals) == 1 or not evals or "many-evals" in r["flags"] or "many-execs" in r["flags"], (r, evals)
                n_twice += len(evals) > 1
            assert n_twice > 0, "no reader ran twice: the test says nothing"
            assert run.said["messages"]["matched"] == sum(len(e) for e in run.evaluations.values())
            decided = [r["eval"] for r in run.records if r["eval"]]
            assert len(decided) == len(set(decided)) > len(run.evaluations) * 0.9

    def the_malformed_are_those_that_were_damaged(self):
        damaged = {line["message"] for line in self.struck("evaluations.malformed")}
        aside = {line["message_id"] for run in self.runs for line in run.aside}
        taken = {line["message_id"] for run in self.runs for line in run.taken}
        # A damage that hurts nothing which is needed leaves an evaluation; e2e/queue_faults knows which.
        reasons = [line["reason"] for run in self.runs for line in run.aside if line["message_id"] not in damaged]
        assert aside <= damaged <= aside | taken, (reasons, len(damaged - aside - taken))
        assert len(aside) > len(damaged) / 2 > self.n_requests / 400
        assert sum(run.said["messages"]["malformed"] for run in self.runs) == len(aside)

    def redeliveries_are_counted_as_such(self):
        said = sum(run.said["messages"]["duplicate"] for run in self.runs)
        again = len(self.struck("sqs.duplicated"))
        assert said >= again > 0, (said, again)

    def failed_calls_are_those_that_were_struck(self):
        for run in self.runs:
            mine = [line for line in self.faults if line.get("service") == "lambda"
                    and run.began_us - 5_000_000 <= line["at_us"] <= run.ended_us + 5_000_000]
            injected = collections.Counter(line["fault"] for line in mine if line["call"].endswith("/invocations"))
            # On a busy machine more may run at a time than the sandbox lets: that throttles, too.
            injected["lambda.throttled"] += sum(
                line["op"] == "invoke" and line["status"] == 429 and line["kind"] in ("sync", "event")
                and run.began_us - 5_000_000 <= line["at_us"] <= run.ended_us + 5_000_000 for line in self.truth)
            statuses = collections.Counter(r["http_status"] for r in run.requests.values())
            outcomes = collections.Counter(r["outcome"] for r in run.requests.values())
            told = {fault: (injected[fault], statuses[status]) for fault, status in STATUSES.items()}
            told["resets"] = (injected["lambda.reset_before"] + injected["lambda.reset_after"], outcomes["reset"])
            # On a busy machine loadgen may have given up before the answer, or what was to be reset, came.
            unseen = sum(struck - seen for struck, seen in told.values())
            assert all(struck >= seen > 0 for struck, seen in told.values()), (run.name, told)
            assert unseen <= outcomes["total_timeout"], (run.name, told, outcomes)

    def failed_writers_are_those_that_were_struck(self):
        run = self.by_name["sync"]
        of_request = {}
        for line in self.faults:
            if line["fault"] in WRITER and run.began_us <= line["at_us"] <= run.ended_us + 10_000_000:
                for i in line["requests"]:
                    of_request[i] = line["fault"]
        assert len(of_request) > self.n_requests / 200
        unexplained = 0
        for i, r in run.requests.items():
            if i in of_request:
                assert r["outcome"] in (WRITER[of_request[i]], "reset", "total_timeout"), (i, r, of_request[i])
            else:
                assert r["outcome"] != "bad_reply", (i, r)
                unexplained += r["outcome"] == "function_error"
        # The others could not write their post or their notification.
        stores = sum(len(self.struck(f"{service}.{fault}")) for service in ("dynamodb", "sns")
                     for fault in ("throttled", "error_500", "error_503", "reset_before", "reset_after"))
        assert 0 < unexplained <= stores, (unexplained, stores)

    def the_queue_is_empty(self):
        import boto3
        sqs = boto3.client("sqs", "us-east-1", endpoint_url=self.endpoint)
        url = sqs.get_queue_url(QueueName="evaluations")["QueueUrl"]
        values = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        left = {k: v for k, v in values.items() if k.startswith("ApproximateNumberOfMessages") and v != "0"}
        assert not left, left


def main():
    books = Books(*sys.argv[1:5])
    checks = [name for name in vars(Books) if not name.startswith("_") and name != "struck"]
    for n, name in enumerate(checks, 1):
        words = name.replace("_", " ")
        try:
            getattr(books, name)()
            print(f"ok {n} - {words}")
        except AssertionError as wrong:
            print(f"not ok {n} - {words}")
            print(f"# {str(wrong)[:1500]}")
    for run in books.runs:
        print(f"# {run.name}: {run.said['classes']} {run.said['messages']}")
    print(f"# {len(books.faults)} faults, {len(books.sent)} messages sent")
    print(f"1..{len(checks)}")


main()

"""Balances what the sandbox injected (counts and truth log) against what the instrument reports.

Usage: fault_books.py CHECK COUNTS TRUTH RUN GATHER_OUT GATHER_ERR ENDPOINT
"""
import collections
import csv
import json
import re
import sys


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


class Books:
    def __init__(self, counts, truth, run, out, err, endpoint):
        with open(counts, encoding="utf-8") as file:
            self.counts = json.load(file)
        self.truth = [line for line in lines(truth) if line["op"] == "fault"]
        self.run = run
        with open(out, encoding="utf-8") as file:
            self.gathered = json.load(file)
        with open(err, encoding="utf-8") as file:
            self.words = file.read()
        self.endpoint = endpoint
        with open(run + "/requests.csv", encoding="utf-8") as file:
            self.requests = [row for row in csv.DictReader(file) if row["outcome"] != "skipped"]
        with open(run + "/records.csv", encoding="utf-8") as file:
            self.records = list(csv.DictReader(file))
        self.check_all()

    def injected(self, name):
        scope, fault = name.split(".")
        return self.counts[scope][fault]["injected"]

    def asked(self, name):
        scope, fault = name.split(".")
        return self.counts[scope][fault]["asked"]

    def struck(self, name):
        return [line for line in self.truth if line["fault"] == name]

    def check_all(self):
        """The truth log names each injected fault; gather's sums are whole; a line a request."""
        logged = collections.Counter(line["fault"] for line in self.truth)
        counted = {f"{scope}.{name}": fault["injected"] for scope, all in self.counts.items() for name, fault in all.items()}
        assert logged == {name: n for name, n in counted.items() if n}, (logged, counted)
        assert counted and any(counted.values()), "nothing was injected"
        m = self.gathered["messages"]
        assert m["received"] == m["matched"] + m["duplicate"] + m["foreign"] + m["malformed"], m
        assert sum(self.gathered["classes"].values()) == self.gathered["planned"] == len(self.records)
        assert sorted(int(r["i"]) for r in self.records) == list(range(self.gathered["planned"]))

    def left(self):
        """Messages that are still in the queue, in whatever state."""
        import boto3
        sqs = boto3.client("sqs", "us-east-1", endpoint_url=self.endpoint)
        names = ["ApproximateNumberOfMessages" + state for state in ("", "NotVisible", "Delayed")]
        url = sqs.get_queue_url(QueueName="evaluations")["QueueUrl"]
        return sum(int(n) for n in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"].values())

    def calls(self):
        status = collections.Counter(r["http_status"] for r in self.requests)
        outcome = collections.Counter(r["outcome"] for r in self.requests)
        for name, n in (("throttled", status["429"]), ("error_500", status["500"]), ("error_503", status["503"])):
            assert self.injected("lambda." + name) == n > 0, (name, n, self.counts["lambda"])
        before, after = self.injected("lambda.reset_before"), self.injected("lambda.reset_after")
        assert before > 0 and after > 0 and outcome["reset"] == before + after, (outcome, before, after)
        assert outcome["ok"] == len(self.requests) - sum(status[s] for s in ("429", "500", "503")) - before - after, outcome
        # An answer that failed says nothing about the work: of those reset afterwards there are evaluations.
        reported = self.gathered["messages"]["matched"]
        assert reported == outcome["ok"] + after, (reported, outcome, after)
        assert all(line["call"].endswith("/functions/writer/invocations") for line in self.truth), self.truth

    def whole(self):
        n = self.gathered["planned"]
        assert self.gathered["classes"]["lost"] == 0 and self.gathered["messages"]["matched"] == n, self.gathered

    def queue_calls(self):
        self.whole()
        assert self.gathered["messages"]["received"] == self.gathered["planned"], self.gathered
        for name in ("throttled", "error_500", "error_503", "reset_before", "stalled", "slow_body"):
            assert self.injected("sqs." + name) > 0, self.counts["sqs"]
        assert self.left() == 0

    def messages(self):
        self.whole()
        twice = self.gathered["messages"]["duplicate"]
        assert twice + self.left() == self.injected("sqs.duplicated") > 0, (twice, self.left())
        assert self.injected("sqs.reordered") > 0 and self.injected("sqs.delayed_visibility") > 0
        assert self.asked("sqs.delayed_visibility") == self.gathered["planned"]

    def deletes(self):
        self.whole()
        injected = self.injected("sqs.batch_entry_failed") + self.injected("sqs.handle_expired")
        assert injected > 0
        # Each message is deleted by the one attempt that did not fail, or is left.
        deleted = self.asked("sqs.batch_entry_failed") - injected
        assert deleted + self.left() == self.gathered["planned"] + self.gathered["messages"]["duplicate"], (deleted, self.left())
        told = re.search(r"(\d+) messages? could not be deleted", self.words)
        assert self.left() == (int(told[1]) if told else 0), (self.left(), self.words)

    def checksums(self):
        self.whole()
        assert self.injected("sqs.checksum_wrong") > 0
        # Asked of each delivery: those that were damaged came once more.
        assert self.asked("sqs.checksum_wrong") == self.gathered["planned"] + self.injected("sqs.checksum_wrong")
        assert self.gathered["messages"]["malformed"] == 0 and self.left() == 0

    def evaluations(self):
        # Of a message that is whole otherwise these say nothing wrong: what is absent is not needed, and numbers
        # of the reference's keys may be negative.
        harmless = set("""missing antipode_spent_ms, missing client_sent_at, missing notification_size_bytes,
            missing notification_to_reader_spent_ms, missing post_read_at, missing post_written_at, missing reader_received_at,
            missing writer_start_at, missing xcy, missing xcy.exec, missing xcy.k, missing xcy.points_us.noted,
            missing xcy.points_us.ready, missing xcy.points_us.reported, missing xcy.points_us.start, missing xcy.points_us.wrote,
            missing xcy.points_us.missed, missing xcy.points_us.visible, missing xcy.post_metadata_bytes, missing xcy.run, missing xcy.writer_instance, negative antipode_spent_ms,
            negative consistent_read, negative notification_size_bytes, negative notification_to_reader_spent_ms""".replace("\n", "").split(","))
        harmless = {" ".join(words.split()) for words in harmless}
        aside = {line["message_id"]: line for line in lines(self.run + "/quarantine.jsonl")}
        struck = self.struck("evaluations.malformed")
        damages = {line["damage"] for line in struck}
        ways = collections.Counter(damage.split()[0] for damage in damages)
        assert len(struck) == self.injected("evaluations.malformed") == self.gathered["messages"]["received"]
        fields = [ways.pop(way) for way in ("missing", "of_wrong_type", "huge", "negative", "control")]
        assert min(fields) > 40 and len(ways) == 12, (fields, ways)
        for line in struck:
            if line["damage"] == "negative consistent_read" and json.loads(line["original"])["consistent_read"] == 0:
                assert line["message"] in aside  # it contradicts what was found
                continue
            assert (line["damage"] in harmless) == (line["message"] not in aside), line
        assert len(aside) == self.gathered["messages"]["malformed"]
        for line in struck:
            if line["message"] in aside:
                assert aside[line["message"]]["body"] == line["sent"] != line["original"], line
                assert aside[line["message"]]["reason"]


def main():
    check, *paths = sys.argv[1:]
    getattr(Books(*paths), check)()


main()

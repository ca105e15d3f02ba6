"""Measures gather beside boto3; run by scripts/bench/gather, which says what it does."""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from common import Sandbox, measure, say

DEPLOYMENT = """
endpoint: http://127.0.0.1:4566
queue: evaluations
writer: {region: eu, function: writer}
reader: {region: us, function: reader}
visibility: off
backends:
  dynamo: {replication: 0}
  sns: {delivery: 0}
"""
ROUND_TRIP_MS = 100
SHARE_BATCHED = 5  # of the messages, a fifth for boto3 by tens: their rate is steady
SHARE_SINGLE = 50

# Receives all messages, and deletes them by tens or one by one; says how many and in how long. Its
# start and its first connection are not counted.
BOTO3 = """
import sys, time, boto3, botocore.config
endpoint, expected, how = sys.argv[1], int(sys.argv[2]), sys.argv[3]
sqs = boto3.client("sqs", endpoint_url=endpoint, region_name="us-east-1",
                   config=botocore.config.Config(retries={"max_attempts": 0}))
url = sqs.get_queue_url(QueueName="evaluations")["QueueUrl"]
begin = time.monotonic()
n = 0
while n < expected:
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", [])
    if how == "batched":
        sqs.delete_message_batch(QueueUrl=url, Entries=[
            {"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(messages)])
    else:
        for m in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=m["ReceiptHandle"])
    n += len(messages)
print(n, time.monotonic() - begin)
"""

# How many messages the queue holds, the hidden ones too.
COUNT = """
import sys, boto3
sqs = boto3.client("sqs", endpoint_url=sys.argv[1], region_name="us-east-1")
url = sqs.get_queue_url(QueueName="evaluations")["QueueUrl"]
values = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
print(sum(int(values[k]) for k in values if k.startswith("ApproximateNumberOfMessages")))
"""


class Queue(Sandbox):
    """A sandbox, and what gather and boto3 need to speak to it."""

    def __init__(self, bin_folder, folder):
        config = os.path.join(folder, "deployment.yml")
        with open(config, "w", encoding="ascii") as file:
            file.write(DEPLOYMENT)
        super().__init__(bin_folder, config, folder)
        self.port = self.endpoint.rsplit(":", 1)[1]
        # Of the caller's own keys none may reach a process here.
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
        self.environment["AWS_ENDPOINT_URL"] = self.endpoint
        for line in self.run("sandbox", "env", "--port", self.port).splitlines():
            found = re.fullmatch(r"export (AWS_[A-Z_]+)='?([^']*)'?", line)
            if found:
                self.environment[found[1]] = found[2]

    def round_trip(self, ms):
        """Every answer of SQS is held back for so long."""
        self.run("sandbox", "faults", "--port", self.port, f"sqs.stalled={1 if ms else 0}",
                 f"sqs.stalled_ms={ms}")


class Bench:
    def __init__(self, args, folder):
        self.args = args
        self.folder = folder
        self.sandbox = Queue(args.bin, folder)
        self.made = {}
        self.n_gathers = 0

    def stop(self):
        self.sandbox.stop()

    def evaluations(self, *words):
        done = subprocess.run([self.args.evaluations, *words], env=self.sandbox.environment,
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"{' '.join(words)}: {done.stderr[-600:]}")

    def fill(self, n):
        """A run of n requests that nobody has gathered, and its evaluations in the queue."""
        if n not in self.made:
            self.made[n] = os.path.join(self.folder, f"run-{n}")
            self.evaluations("run", self.made[n], self.sandbox.endpoint, str(n))
        self.evaluations("fill", self.made[n], self.sandbox.endpoint)

    def gather(self, n):
        self.fill(n)
        return self.gather_filled(n)

    def gather_filled(self, n):
        """What gather says, and its peak memory. All n must come, each once, and the queue be empty."""
        template = self.made[n]
        self.n_gathers += 1
        run = os.path.join(self.folder, f"gathered-{self.n_gathers}")
        shutil.copytree(template, run)
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as told:
            begin = time.monotonic()
            child = subprocess.Popen([f"{self.args.bin}/gather", "--json", "--no-stats", run],
                                     stdout=out, stderr=told, env=self.sandbox.environment)
            peak_mib, seen = memory_of(child.pid, os.path.join(run, "evaluations.jsonl"))
            _, status, _ = os.wait4(child.pid, 0)
            whole_s = time.monotonic() - begin
            child.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            told.seek(0)
            text = out.read()
            if child.returncode != 0:
                sys.exit(f"gather: exit {child.returncode}: {told.read()[-600:]}")
        report = json.loads(text)
        shutil.rmtree(run)
        messages = report["messages"]
        if messages["matched"] != n or messages["received"] != n or self.left() != 0:
            sys.exit(f"gather did not take each message once: {messages}, {self.left()} left")
        return {"receiving": n / report["queue"]["took_s"], "whole": n / whole_s, "MiB": peak_mib,
                "KiB a message": growth_kib(seen, n)}

    def left(self):
        done = subprocess.run(["/usr/bin/python3", "-c", COUNT, self.sandbox.endpoint],
                              env=self.sandbox.environment, check=True, capture_output=True, text=True)
        return int(done.stdout)

    def boto3(self, n, how):
        """Messages per second of a loop in Python."""
        self.fill(n)
        done = subprocess.run(["/usr/bin/python3", "-c", BOTO3, self.sandbox.endpoint, str(n), how],
                              env=self.sandbox.environment, check=True, capture_output=True, text=True)
        taken, seconds = done.stdout.split()
        if int(taken) != n:
            sys.exit(f"boto3 took {taken} of {n}")
        return n / float(seconds)


def memory_of(pid, journal):
    """Waits for a child's end, which is left to be collected: its peak RSS, and its RSS by how large the
    journal was, in bytes."""
    peak_kib, seen = 0, []
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        size = os.path.getsize(journal) if os.path.exists(journal) else 0
        with open(f"/proc/{pid}/status", encoding="ascii") as f:
            text = f.read()
        peak, now = (re.search(name + r":\s+(\d+)", text) for name in ("VmHWM", "VmRSS"))
        if now:
            peak_kib = int(peak.group(1))
            seen.append((size, int(now.group(1))))
        time.sleep(0.01)
    return peak_kib / 1024, seen


def growth_kib(seen, n):
    """KiB of memory for each of n messages, while they came: from the first quarter of the journal to
    its last lines, before the join begins."""
    last = seen[-1][0]
    growing = [(size, kib) for size, kib in seen if last / 4 <= size < last]
    first, end = growing[0], growing[-1]
    return (end[1] - first[1]) / (n * (end[0] - first[0]) / last)


def judge_speed(bench, goals, kept):
    n = bench.args.messages
    clients = {
        "gather": lambda: bench.gather(n)["receiving"],
        "boto3, deletes by tens": lambda: bench.boto3(n // SHARE_BATCHED, "batched"),
        "boto3, deletes one by one": lambda: bench.boto3(n // SHARE_SINGLE, "single"),
    }
    rates = {name: [] for name in clients}
    for number in range(bench.args.rounds):
        for name, run in clients.items():
            say(f"round {number + 1} of {bench.args.rounds}: {name}")
            rates[name].append(run())
    kept["messages per second"] = rates
    median = {name: statistics.median(values) for name, values in rates.items()}
    print("\n| client | messages per second | range |\n| --- | ---: | ---: |")
    for name, values in rates.items():
        print(f"| {name} | {median[name]:.0f} | {min(values):.0f}..{max(values):.0f} |")
    goals.at_least(f"messages per second of {n}", median["gather"], 25000, "{:.0f}")
    goals.at_least("over boto3 that deletes by tens",
                   median["gather"] / median["boto3, deletes by tens"], 2, "{:.1f}")
    goals.at_least("over boto3 that deletes one by one",
                   median["gather"] / median["boto3, deletes one by one"], 20, "{:.1f}")


def judge_far(bench, goals, kept):
    n = bench.args.messages // 2
    rates = []
    for number in range(bench.args.rounds):
        say(f"round {number + 1} of {bench.args.rounds}: gather at {ROUND_TRIP_MS} ms")
        bench.fill(n)  # before the answers are slow
        bench.sandbox.round_trip(ROUND_TRIP_MS)
        rates.append(bench.gather_filled(n)["receiving"])
        bench.sandbox.round_trip(0)
    kept["at a round trip of 100 ms"] = rates
    goals.at_least(f"messages per second at a round trip of {ROUND_TRIP_MS} ms",
                   statistics.median(rates), 5000, "{:.0f}")


def judge_memory(bench, goals, kept):
    """Receiving holds the ids of what came, to know it when it comes again; the join, afterwards, holds
    all requests of the run."""
    few, many = bench.args.messages // 4, bench.args.messages
    rows = {few: [], many: []}
    for number in range(bench.args.rounds):
        for n, values in rows.items():
            say(f"round {number + 1} of {bench.args.rounds}: memory for {n}")
            values.append(bench.gather(n))
    kept["memory"] = rows
    print("\n| messages | KiB for each more, while receiving | peak RSS, of the join |\n| ---: | ---: | ---: |")
    for n, values in rows.items():
        print(f"| {n} | {statistics.median(v['KiB a message'] for v in values):.3f} "
              f"| {statistics.median(v['MiB'] for v in values):.1f} MiB |")
    goals.at_most("KiB of memory for a message more, while receiving",
                  statistics.median(v["KiB a message"] for v in rows[many]), 0.5)


PARTS = {"speed": judge_speed, "far": judge_far, "memory": judge_memory}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--evaluations", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--messages", type=int, default=100000)
    return measure(parser, PARTS, Bench)


if __name__ == "__main__":
    sys.exit(main())

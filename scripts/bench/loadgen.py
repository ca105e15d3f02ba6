"""Measures loadgen beside other clients; run by scripts/bench/loadgen, which says what it does."""

import argparse
import csv
import json
import math
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from common import measure, say

CONNECTIONS = 64
BODY = json.dumps({"i": 123456, "key": "0123456789abcdef0123456789abcdef",
                   "run": "00000000-0000-4000-8000-000000000000",
                   "client_sent_at": 1700000000.123456})
SANDBOX_KEY = {"AWS_ACCESS_KEY_ID": "XCYSANDBOXBENCH", "AWS_SECRET_ACCESS_KEY": "bench",
               "AWS_DEFAULT_REGION": "eu-central-1"}

BOTO3 = """
import resource, sys, time, boto3, botocore.config
client = boto3.client("lambda", endpoint_url=sys.argv[1],
                      config=botocore.config.Config(retries={"max_attempts": 0}))
before = resource.getrusage(resource.RUSAGE_SELF)
end = time.monotonic() + float(sys.argv[2])
n = 0
while time.monotonic() < end:
    client.invoke(FunctionName="writer", Payload=sys.argv[3])["Payload"].read()
    n += 1
after = resource.getrusage(resource.RUSAGE_SELF)
print(n, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
"""


class Target:
    """One nginx worker that answers every POST with a small 200."""

    def __init__(self, nginx, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        conf = os.path.join(folder, "nginx.conf")
        with open(conf, "w", encoding="ascii") as f:
            f.write(f"""
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 8192; }}
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 600s;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{self.port} backlog=4096 reuseport;
    location / {{ default_type application/json; return 200 '{{"statusCode":200}}'; }}
  }}
}}
""")
        self.process = subprocess.Popen([nginx, "-p", folder, "-c", conf],
                                        stderr=subprocess.DEVNULL)
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except ConnectionRefusedError:
                if self.process.poll() is not None:
                    sys.exit("nginx did not start")
                time.sleep(0.01)

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Ran:
    """A client's run: what it printed, and the cpu time and memory it took."""

    def __init__(self, command, env=None):
        with tempfile.TemporaryFile("w+") as out:
            child = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT,
                                     env={**os.environ, **(env or {})})
            self.rss_mib = peak_rss_mib(child.pid)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            self.text = out.read()
        self.code = child.returncode
        self.cpu_s = usage.ru_utime + usage.ru_stime


def peak_rss_mib(pid):
    """Waits for a child's end, which is left to be collected. (What wait4 says of a small program is
    the memory of the one that started it.)"""
    kib = 0
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        with open(f"/proc/{pid}/status", encoding="ascii") as f:
            found = re.search(r"VmHWM:\s+(\d+)", f.read())
        kib = int(found.group(1)) if found else kib
        time.sleep(0.05)
    return kib / 1024


def number_in(pattern, ran):
    found = re.search(pattern, ran.text, re.MULTILINE)
    if not found:
        sys.exit(f"no /{pattern}/ in:\n{ran.text}")
    return float(found.group(1))


class Bench:
    def __init__(self, args, folder):
        self.args = args
        self.folder = folder
        self.target = Target(args.nginx, folder)
        self.body_file = os.path.join(folder, "body.json")
        self.lua = os.path.join(folder, "post.lua")
        with open(self.body_file, "w", encoding="ascii") as f:
            f.write(BODY)
        with open(self.lua, "w", encoding="ascii") as f:
            f.write('wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\n'
                    f"wrk.body = '{BODY}'\n")
        self.n_runs = 0

    def stop(self):
        self.target.stop()

    def loadgen(self, *options, env=None):
        """Runs loadgen; its report, its costs and its run directory (which the caller removes)."""
        self.n_runs += 1
        root = os.path.join(self.folder, f"runs-{self.n_runs}")
        ran = Ran([os.path.join(self.args.bin, "loadgen"), "--json", "-o", root, "--engine", "http",
                   "--url", self.target.url, "--method", "POST", "--body-file", self.body_file,
                   *options], {**SANDBOX_KEY, **(env or {})})
        line = next((x for x in ran.text.splitlines() if x.startswith("{")), None)
        if line is None:
            sys.exit(f"loadgen said: {ran.text}")
        report = json.loads(line)
        if report["failed"] or not report["ok"]:
            sys.exit(f"loadgen's requests failed: {ran.text}")
        return report, ran, root

    # How many requests a client made, and what it took: one function a client.

    def run_loadgen(self, *options):
        report, ran, root = self.loadgen("--arrivals", f"closed:{CONNECTIONS}", "--threads", "1",
                                         "--duration", f"{self.args.seconds}s", *options)
        shutil.rmtree(root)
        return report["ok"], ran

    def run_unsigned(self):
        return self.run_loadgen()

    def run_signed(self):
        return self.run_loadgen("--sign", "lambda:eu-central-1")

    def run_wrk(self):
        ran = Ran(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{self.args.seconds}s", "-s", self.lua,
                   self.target.url])
        return number_in(r"(\d+) requests in", ran), ran

    def run_hey(self):
        ran = Ran(["hey", "-z", f"{self.args.seconds}s", "-c", str(CONNECTIONS), "-cpus", "1",
                   "-m", "POST", "-T", "application/json", "-D", self.body_file, self.target.url])
        return number_in(r"\[200\]\s+(\d+) responses", ran), ran

    def run_ab(self):
        # -t puts its own number of requests for -n, unless -n comes behind it.
        ran = Ran(["ab", "-q", "-k", "-c", str(CONNECTIONS), "-t", str(self.args.seconds), "-n",
                   "100000000", "-T", "application/json", "-p", self.body_file,
                   self.target.url])
        return number_in(r"Complete requests:\s+(\d+)", ran), ran

    def run_h2load(self):
        ran = Ran(["h2load", "--h1", "-t1", f"-c{CONNECTIONS}", "-D", str(self.args.seconds),
                   "-H", "content-type: application/json", "-d", self.body_file, self.target.url])
        return number_in(r"(\d+) succeeded", ran), ran

    def run_boto3(self):
        ran = Ran(["/usr/bin/python3", "-c", BOTO3, self.target.url, str(self.args.seconds), BODY],
                  SANDBOX_KEY)
        ran.cpu_s = number_in(r"^\d+ ([\d.]+)$", ran)  # without the start of Python
        return number_in(r"^(\d+) ", ran), ran

    def run_libcurl(self, *how):
        ran = Ran([self.args.libcurl, self.target.url, str(self.args.seconds), BODY, *how])
        return number_in(r"^(\d+)$", ran), ran

    def run_libcurl_signed(self):
        return self.run_libcurl("signed")

    clients = {
        "wrk": run_wrk,
        "loadgen, unsigned": run_unsigned,
        "loadgen, signed": run_signed,
        "hey": run_hey,
        "ab": run_ab,
        "h2load": run_h2load,
        "boto3, one client reused": run_boto3,
        "libcurl alone, unsigned": run_libcurl,
        "libcurl alone, signed": run_libcurl_signed,
    }

    def speed(self):
        """Requests per cpu second of every client, in turn, round by round."""
        per_cpu_s = {name: [] for name in self.clients}
        rss_mib = {name: [] for name in self.clients}
        for number in range(self.args.rounds):
            for name, run in self.clients.items():
                say(f"round {number + 1} of {self.args.rounds}: {name}")
                requests, ran = run(self)
                per_cpu_s[name].append(requests / ran.cpu_s)
                rss_mib[name].append(ran.rss_mib)
        return per_cpu_s, rss_mib

    def rate(self, per_s):
        """Error of the achieved rate, median lag and the gaps' coefficient of variation."""
        say(f"{per_s}/s for {self.args.rate_seconds} s")
        report, _, root = self.loadgen("--rate", str(per_s), "--duration",
                                       f"{self.args.rate_seconds}s")
        gaps = gaps_of(root)
        shutil.rmtree(root)
        return {"rate error": abs(report["achieved_rate_per_s"] / per_s - 1),
                "lag p50": report["latency"]["ok"]["lag_us"]["p50"],
                "lag p99": report["latency"]["ok"]["lag_us"]["p99"],
                "gap CV": statistics.pstdev(gaps) / statistics.fmean(gaps)}

    def poisson(self, per_s):
        """Kolmogorov-Smirnov distance of the sent gaps from the exponential, times sqrt(n)."""
        say(f"poisson arrivals at {per_s}/s for {self.args.rate_seconds} s")
        _, _, root = self.loadgen("--arrivals", "poisson", "--rate", str(per_s), "--duration",
                                  f"{self.args.rate_seconds}s")
        gaps = sorted(gaps_of(root))
        shutil.rmtree(root)
        n = len(gaps)
        distance = 0.0
        for i, gap in enumerate(gaps):
            model = 1 - math.exp(-gap * 1e-6 * per_s)
            distance = max(distance, model - i / n, (i + 1) / n - model)
        return distance * math.sqrt(n)

    def stall(self):
        """The target stands still for a second in a run of ten at 1000/s: response p99 and maximum
        over what they must be. With S the length of the stall as it was, and the requests that came
        due in it waiting for its end, the longest waits S, and 1 in 100 of 10 s waits more than
        S - 0.1 s."""
        say("a stall of 1 s in 10 s at 1000/s")
        length = []

        def stop_and_go():
            time.sleep(4)
            begin = time.monotonic()
            self.target.process.send_signal(signal.SIGSTOP)
            time.sleep(1)
            self.target.process.send_signal(signal.SIGCONT)
            length.append(time.monotonic() - begin)

        thread = threading.Thread(target=stop_and_go)
        thread.start()
        report, _, root = self.loadgen("--rate", "1000", "--duration", "10s")
        thread.join()
        shutil.rmtree(root)
        response = report["latency"]["ok"]["response_us"]
        return {"p99": response["p99"] / 1e6 / (length[0] - 0.1),
                "max": response["max"] / 1e6 / length[0]}


def gaps_of(root):
    """Microseconds between the requests of the one run under root, as they were sent."""
    with open(os.path.join(root, "latest", "requests.csv"), encoding="utf-8") as f:
        sent = sorted(int(row["sent_us"]) for row in csv.DictReader(f))
    return [b - a for a, b in zip(sent, sent[1:])]


def medians(rows):
    return {key: statistics.median(row[key] for row in rows) for key in rows[0]}


def judge_speed(bench, goals, kept):
    per_cpu_s, rss_mib = bench.speed()
    kept["requests per cpu second"] = per_cpu_s
    kept["peak RSS MiB"] = rss_mib
    median = {name: statistics.median(values) for name, values in per_cpu_s.items()}
    print("\n| client | requests per cpu second | range | over wrk | peak RSS |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, values in per_cpu_s.items():
        print(f"| {name} | {median[name]:.0f} | {min(values):.0f}..{max(values):.0f} | "
              f"{median[name] / median['wrk']:.3f} | {statistics.median(rss_mib[name]):.1f} MiB |")
    goals.at_least("unsigned POST over wrk", median["loadgen, unsigned"] / median["wrk"], 0.32)
    goals.at_least("signed over wrk", median["loadgen, signed"] / median["wrk"], 0.16)
    goals.at_least("signed over boto3 reused",
                   median["loadgen, signed"] / median["boto3, one client reused"], 12, "{:.1f}")
    for how in ("unsigned", "signed"):  # what is ours of it; the rest is libcurl's
        goals.at_least(f"{how} over libcurl alone",
                       median[f"loadgen, {how}"] / median[f"libcurl alone, {how}"], 0.85)
    goals.at_most(f"peak RSS at {CONNECTIONS} connections, MiB",
                  max(statistics.median(rss_mib[x]) for x in
                      ("loadgen, unsigned", "loadgen, signed")), 24, "{:.1f}")


def judge_rate(bench, goals, kept):
    for per_s in (1000, 5000):
        rows = [bench.rate(per_s) for _ in range(bench.args.rounds)]
        kept[f"rate {per_s}"] = rows
        median = medians(rows)
        goals.at_most(f"rate error at {per_s}/s", median["rate error"], 1e-4, "{:.6f}")
        goals.at_most(f"median lag at {per_s}/s, us", median["lag p50"], 60, "{:.1f}")
        if per_s == 1000:
            goals.at_most("gap CV at 1000/s", median["gap CV"], 0.4)


def judge_poisson(bench, goals, kept):
    rows = [bench.poisson(200) for _ in range(bench.args.rounds)]
    kept["poisson KS"] = rows
    goals.at_most("Poisson gaps, KS distance x sqrt(n) (1 % level)", statistics.median(rows), 1.63)


def judge_stall(bench, goals, kept):
    rows = [bench.stall() for _ in range(bench.args.rounds)]
    kept["stall"] = rows
    median = medians(rows)
    goals.near("stall of 1 s: response p99 over theory", median["p99"], 0.02)
    goals.near("stall of 1 s: response max over theory", median["max"], 0.02)


PARTS = {"speed": judge_speed, "rate": judge_rate, "poisson": judge_poisson, "stall": judge_stall}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--nginx", required=True)
    parser.add_argument("--libcurl", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rate-seconds", type=int, default=30)
    return measure(parser, PARTS, Bench)


if __name__ == "__main__":
    sys.exit(main())

"""What the benchmarks share: a sandbox of their own, goals, and where it was measured."""

import json
import os
import platform
import re
import signal
import subprocess
import sys
import tempfile
import time


class Sandbox:
    """A deployment, hosted on a port of the kernel's choice."""

    def __init__(self, bin_folder, config, folder):
        self.bin = bin_folder
        self.folder = folder
        self.config = config
        ready = os.path.join(folder, "ready.json")
        self.log = open(os.path.join(folder, "sandbox.log"), "w", encoding="utf-8")
        started = time.monotonic()
        self.process = subprocess.Popen(
            [f"{self.bin}/sandbox", "-c", self.config, "--port", "0", "--ready-file", ready],
            stderr=self.log)
        while not os.path.exists(ready):
            if self.process.poll() is not None:
                sys.exit(f"the sandbox did not start: see {self.log.name}")
            time.sleep(0.05)
        self.start_s = time.monotonic() - started
        with open(ready, encoding="utf-8") as file:
            self.endpoint = json.load(file)["endpoint"]
        self.environment = dict(os.environ, AWS_ENDPOINT_URL=self.endpoint)

    def run(self, *words, codes=(0,)):
        """A program to its end; its result on stdout."""
        done = subprocess.run([f"{self.bin}/{words[0]}", *words[1:]], env=self.environment,
                              capture_output=True, text=True, check=False)
        if done.returncode not in codes:
            sys.exit(f"{' '.join(words)}: exit {done.returncode}: {done.stderr[-600:]}")
        return done.stdout

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.log.close()


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


class Goals:
    def __init__(self):
        self.rows = []

    def add(self, what, found, bound, holds, shown):
        self.rows.append((what, shown.format(found), shown.format(bound), holds))

    def at_least(self, what, found, bound, shown="{:.3f}"):
        self.add(what, found, bound, found >= bound, shown)

    def at_most(self, what, found, bound, shown="{:.3f}"):
        self.add(what, found, bound, found <= bound, shown)

    def near(self, what, ratio, share, shown="{:.4f}"):
        self.rows.append((what, shown.format(ratio), f"1 ± {share:g}", abs(ratio - 1) <= share))

    def print(self):
        """The table and, last, whether all hold; the exit code."""
        print("\n| goal | measured | bound | holds |\n| --- | ---: | ---: | --- |")
        for what, found, bound, holds in self.rows:
            print(f"| {what} | {found} | {bound} | {'yes' if holds else 'NO'} |")
        missed = [what for what, _, _, holds in self.rows if not holds]
        print(f"\ngoals missed: {'; '.join(missed)}" if missed else "\nall goals hold")
        return 1 if missed else 0


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        model = re.search(r"model name\s*: (.*)", f.read())
    return (f"{os.cpu_count()} x {model.group(1) if model else platform.machine()}, "
            f"Linux {platform.release()}")


def measure(parser, parts, bench_class):
    """The parts that --only names, each a function of bench, goals and what is kept for --json. Returns the
    exit code."""
    parser.add_argument("--only", default=",".join(parts))
    parser.add_argument("--json")
    args = parser.parse_args()
    unknown = set(args.only.split(",")) - set(parts)
    if unknown:
        parser.error(f"--only knows {', '.join(parts)}, not {', '.join(sorted(unknown))}")
    goals = Goals()
    kept = {}
    with tempfile.TemporaryDirectory(prefix="xcy-bench-") as folder:
        bench = bench_class(args, folder)
        try:
            print(f"{time.strftime('%Y-%m-%d')}, {machine()}; {args.rounds} rounds, medians")
            for name, judge in parts.items():
                if name in args.only.split(","):
                    judge(bench, goals, kept)
        finally:
            bench.stop()
    if args.json:
        with open(args.json, "w", encoding="utf-8") as f:
            json.dump(kept, f, indent=1)
    return goals.print()

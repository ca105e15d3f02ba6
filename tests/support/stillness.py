#!/usr/bin/python3
"""Witnesses how long this machine's processors stand still, beside a test that cannot be right on one that does.

Usage: stillness.py FILE

A thread on each processor sleeps 5 ms again and again; FILE has the longest time, in whole milliseconds, that
one of them slept beyond that, written anew whenever it grows. Runs until it is ended.
"""
import os
import sys
import threading
import time

SLEEP_S = 0.005
lock = threading.Lock()
worst_ms = -1


def note(late_ms):
    global worst_ms
    with lock:
        if late_ms > worst_ms:
            worst_ms = late_ms
            with open(sys.argv[1] + ".new", "w", encoding="utf-8") as file:
                file.write(f"{worst_ms}\n")
            os.replace(sys.argv[1] + ".new", sys.argv[1])


def watch(processor):
    os.sched_setaffinity(0, {processor})  # of this thread
    while True:
        begun_s = time.monotonic()
        time.sleep(SLEEP_S)
        note(int((time.monotonic() - begun_s - SLEEP_S) * 1000))


threads = [threading.Thread(target=watch, args=(n,), daemon=True) for n in os.sched_getaffinity(0)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()

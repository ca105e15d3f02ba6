#!/usr/bin/python3
"""Watches the posts of a MariaDB server: an independent poller, until it is told to end (SIGTERM).

Usage: watch_mariadb.py OPTION_FILE GROUP_SUFFIX OUTPUT

Writes a line `key missed_us shown_us` for each post that appears: it was not there yet when the poll at
missed_us was sent, and it was in the answer that had come by shown_us. The first line is `watching`.
"""
import signal
import sys
import time

from mariadb_client import Connection

PAUSE_S = 0.0002  # leaves the processor to those who are watched


def now_us():
    return time.time_ns() // 1000


def list_keys(connection):
    try:
        rows = connection.query("SELECT GROUP_CONCAT(k) FROM xcybench.posts")
    except RuntimeError as refused:
        if "doesn't exist" in str(refused) or "Unknown database" in str(refused):
            return set()  # the table comes as the posts do
        raise
    return set(rows[0][0].split(",")) if rows[0][0] else set()


def main():
    is_over = []
    signal.signal(signal.SIGTERM, lambda *_: is_over.append(True))
    connection = Connection(sys.argv[1], sys.argv[2])
    connection.query("SET SESSION group_concat_max_len = 10000000")
    known = list_keys(connection)
    with open(sys.argv[3], "w", encoding="utf-8") as output:
        print("watching", file=output, flush=True)
        missed_us = None
        while not is_over:
            sent_us = now_us()
            keys = list_keys(connection)
            shown_us = now_us()
            for key in keys - known:
                print(key, missed_us or 0, shown_us, file=output)
            known = keys
            missed_us = sent_us
            time.sleep(PAUSE_S)


main()

#!/usr/bin/python3
"""A Lambda of known faults: a truth that a run of loadgen is held against.

Usage: lambda_server.py BEHAVIOUR READY LOG

Answers GetFunction and DryRun, and every Invoke as BEHAVIOUR says:

  reset   of the Invokes that come on a connection that was used before, every seventh is acted on but
          not answered: the connection ends, by turns in order (FIN) and with a reset (RST)
  stall   once 2 s have passed since the first Invoke everybody is kept waiting for one second
  flaky   503 for the first attempt of every fifth request; 429 for the first two of every tenth; 503
          for all of every fiftieth

Once it listens READY names its endpoint. LOG has a JSON line for each invocation: which one, how, and
when it is answered (replied_us, wall clock). Ends with SIGTERM.
"""
import collections
import json
import socket
import struct
import sys
import threading
import time

import http_server

CLOSES_EVERY = 7
COMBINATION = {"post_storage": "dynamo", "notification_storage": "sns", "consistency": "none", "delay_ms": 0,
               "post_bytes": 1000, "visibility": "off", "writer_region": "eu-central-1", "reader_region": "us-east-1"}
VARIABLES = {"POST_STORAGE": "dynamo", "NOTIFICATION_STORAGE": "sns", "WRITER_REGION": "eu-central-1",
             "READER_REGION": "us-east-1", "ANTIPODE": "0", "DELAY_MS": "0", "XCY_POST_BYTES": "1000",
             "XCY_VISIBILITY": "off"}
STALL_AFTER_S = 2
STALL_S = 1
lock = threading.Lock()


def answer(connection, status, value=None):
    body = b"" if value is None else json.dumps(value).encode()
    length = "" if status == 204 else f"Content-Length: {len(body)}\r\n"
    connection.sendall(f"HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\n{length}\r\n".encode() + body)


def get_function(path):
    name = path.split("/")[3]
    region = COMBINATION[name + "_region"]
    return {"Configuration": {
        "FunctionName": name, "FunctionArn": f"arn:aws:lambda:{region}:000000000000:function:{name}",
        "State": "Active", "LastUpdateStatus": "Successful", "RevisionId": "1", "Timeout": 20,
        "Environment": {"Variables": VARIABLES}}}


def writer_reply(request, n):
    us = time.time_ns() // 1000
    points = {"start": us, "wrote": us + 1, "noted": us + 2, "ended": us + 3}
    event = dict(request, writer_start_at=us / 1e6, post_written_at=(us + 1) / 1e6, notification_written_at=(us + 2) / 1e6)
    event["xcy"] = {"v": 1, "exec": f"exec-{n}", "instance": "reset-server", "context_bytes": 0, "points_us": points,
                    "combination": COMBINATION}
    return {"statusCode": 200, "body": json.dumps(event)}


class Reset:
    n_reused = n_closed = 0

    def decide(self, request, is_reused):
        self.n_reused += is_reused
        if not is_reused or self.n_reused % CLOSES_EVERY:
            return {}
        self.n_closed += 1
        return {"ending": ("RST", "FIN")[self.n_closed % 2]}


class Stall:
    begin_s = None
    is_over = False

    def decide(self, request, is_reused):
        """Called under the lock: who sleeps here keeps everybody waiting."""
        self.begin_s = self.begin_s or time.monotonic()
        if not self.is_over and time.monotonic() > self.begin_s + STALL_AFTER_S:
            self.is_over = True
            time.sleep(STALL_S)
            return {"stalled": True}
        return {}


class Flaky:
    def __init__(self):
        self.attempts = collections.Counter()

    def decide(self, request, is_reused):
        i = request["i"]
        self.attempts[i] += 1
        if i % 50 == 0 or (i % 5 == 0 and i % 10 and self.attempts[i] == 1):
            return {"status": 503}
        return {"status": 429} if i % 10 == 0 and self.attempts[i] <= 2 else {}


BEHAVIOURS = {"reset": Reset, "stall": Stall, "flaky": Flaky}


def act(connection, request, how, is_reused):
    """The invocation happens here, and only here, and is logged before it is answered; how the connection ends.

    All of it under the lock: between the time in the log and the answer nobody waits for another thread."""
    global n_acted
    with lock:
        n_acted += 1
        decided = behaviour.decide(request, is_reused)
        ending = decided.get("ending")
        status = decided.get("status", 202 if how == "Event" else 200)
        reply = writer_reply(request, n_acted) if status == 200 else None
        line = {"i": request["i"], "how": how, "reused": is_reused, "ending": ending, "status": status,
                "stalled": decided.get("stalled", False), "replied_us": time.time_ns() // 1000}
        log.write(json.dumps(line) + "\n")
        log.flush()
        if not ending:
            answer(connection, status, reply)
    return ending


def end(connection, ending):
    if ending == "RST":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def serve(connection, _):
    buffered = b""
    is_reused = False
    while True:
        got = http_server.read_request(connection, buffered)
        if not got:
            return
        lines, headers, body, buffered = got
        method, path, _ = lines[0].split(" ")
        how = headers.get("x-amz-invocation-type")
        if method == "GET":
            answer(connection, 200, get_function(path))
        elif how == "DryRun":
            answer(connection, 204)
        else:
            ending = act(connection, json.loads(body), how, is_reused)
            if ending:
                end(connection, ending)
                return
        is_reused = True


behaviour = BEHAVIOURS[sys.argv[1]]()
n_acted = 0
with open(sys.argv[3], "w", encoding="utf-8") as log, socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
    http_server.say_ready(sys.argv[2], f"http://127.0.0.1:{listener.getsockname()[1]}\n")
    http_server.serve_all(listener, serve)

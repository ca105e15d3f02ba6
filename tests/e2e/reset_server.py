#!/usr/bin/python3
"""A Lambda that acts on an invocation and then closes the kept-alive connection without a word.

Usage: reset_server.py READY LOG

Answers GetFunction and DryRun; of the Invokes that come on a connection that was used before,
every seventh is acted on but not answered: the connection ends, by turns in order (FIN) and with a reset (RST).
Once it listens READY names its endpoint. LOG has a JSON line for each invocation, written before it is
answered. Ends with SIGTERM.
"""
import json
import os
import socket
import struct
import sys
import threading
import time

CLOSES_EVERY = 7
COMBINATION = {"post_storage": "dynamo", "notification_storage": "sns", "consistency": "none", "delay_ms": 0,
               "post_bytes": 1000, "visibility": "off", "writer_region": "eu-central-1", "reader_region": "us-east-1"}
VARIABLES = {"POST_STORAGE": "dynamo", "NOTIFICATION_STORAGE": "sns", "WRITER_REGION": "eu-central-1",
             "READER_REGION": "us-east-1", "ANTIPODE": "0", "DELAY_MS": "0", "XCY_POST_BYTES": "1000",
             "XCY_VISIBILITY": "off"}
lock = threading.Lock()
n_acted = n_reused = n_closed = 0


def read_request(connection, buffered):
    """Method, path, headers, body and what came behind it; None when the peer has ended."""
    while b"\r\n\r\n" not in buffered:
        chunk = connection.recv(65536)
        if not chunk:
            return None
        buffered += chunk
    head, rest = buffered.split(b"\r\n\r\n", 1)
    lines = head.decode("latin-1").split("\r\n")
    method, path, _ = lines[0].split(" ")
    headers = {n.lower(): v.strip() for n, v in (line.split(":", 1) for line in lines[1:])}
    length = int(headers.get("content-length", 0))
    while len(rest) < length:
        chunk = connection.recv(65536)
        if not chunk:
            return None
        rest += chunk
    return method, path, headers, rest[:length], rest[length:]


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


def act(request, how, is_reused):
    """The invocation happens here, and only here: which one it is, and how to end the connection (None: not)."""
    global n_acted, n_reused, n_closed
    with lock:
        n_acted += 1
        n_reused += is_reused
        ending = None
        if is_reused and n_reused % CLOSES_EVERY == 0:
            ending = ("FIN", "RST")[n_closed % 2]
            n_closed += 1
        log.write(json.dumps({"i": request["i"], "how": how, "reused": is_reused, "ending": ending}) + "\n")
        log.flush()
        return n_acted, ending


def end(connection, ending):
    if ending == "RST":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def serve(connection):
    buffered = b""
    is_reused = False
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while True:
            got = read_request(connection, buffered)
            if not got:
                return
            method, path, headers, body, buffered = got
            how = headers.get("x-amz-invocation-type")
            if method == "GET":
                answer(connection, 200, get_function(path))
            elif how == "DryRun":
                answer(connection, 204)
            else:
                request = json.loads(body)
                n, ending = act(request, how, is_reused)
                if ending:
                    end(connection, ending)
                    return
                answer(connection, *((202,) if how == "Event" else (200, writer_reply(request, n))))
            is_reused = True


def serve_quietly(connection):
    try:
        serve(connection)
    except OSError:
        pass  # the peer has gone


with open(sys.argv[2], "w", encoding="utf-8") as log, socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
    ready = sys.argv[1]
    with open(ready + ".new", "w", encoding="utf-8") as f:
        f.write(f"http://127.0.0.1:{listener.getsockname()[1]}\n")
    os.rename(ready + ".new", ready)
    while True:
        peer = listener.accept()[0]
        threading.Thread(target=serve_quietly, args=(peer,), daemon=True).start()

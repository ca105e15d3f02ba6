#!/usr/bin/python3
"""A web server that writes down every byte that comes: a truth for loadgen's http engine.

Usage: web_server.py READY LOG [CERTIFICATE KEY]

Answers by the first part of the path:

  /status/NNN  with that status; the body repeats the request, secrets and all
  /silent      never
  /half        with a head that promises more than comes
  /close       by ending the connection
  else         with 200

With a certificate it speaks TLS, and of HTTP/2 and HTTP/1.1 takes the former; since it cannot speak
it, such a connection is only written down. A second port takes no connection: its queue is full.

Once it listens READY is a JSON object: port and full. LOG has a JSON line for each request: connection
(from 1), tls (a protocol's name or null), line, headers (as they came) and body (base64); and one for
each connection that took HTTP/2. Ends with SIGTERM.
"""
import base64
import json
import socket
import ssl
import sys
import threading

import http_server

N_FILLING = 4
lock = threading.Lock()


def note(**what):
    with lock:
        log.write(json.dumps(what) + "\n")
        log.flush()


def respond(connection, lines, body):
    """False when the connection is to end."""
    method, target, _ = lines[0].split(" ")
    what, _, argument = target[1:].partition("/")
    if what == "close":
        return False
    if what == "silent":
        connection.recv(1)
        return False
    if what == "half":
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        connection.recv(1)
        return False
    status = int(argument) if what == "status" else 200
    content = b"" if status in (204, 304) else "\r\n".join(lines).encode("latin-1") + body[:1000]
    length = b"" if status in (204, 304) else b"Content-Length: %d\r\n" % len(content)
    place = b"Location: /elsewhere\r\n" if status == 302 else b""
    content = b"" if method == "HEAD" else content
    connection.sendall(b"HTTP/1.1 %d Some Words\r\n%s%s\r\n%s" % (status, length, place, content))
    return True


def serve(connection, number):
    protocol = connection.selected_alpn_protocol() or "none" if certificate else None
    if protocol == "h2":
        note(connection=number, tls="h2")
        return
    buffered = b""
    while True:
        got = http_server.read_request(connection, buffered)
        if not got:
            return
        lines, _, body, buffered = got
        note(connection=number, tls=protocol, line=lines[0], headers=lines[1:], body=base64.b64encode(body).decode())
        if not respond(connection, lines, body):
            return


def serve_secured(connection, number):
    if not certificate:
        serve(connection, number)
        return
    with context.wrap_socket(connection, server_side=True) as secured:
        serve(secured, number)


def full_listener():
    """It and those who wait in its queue, so that there is no place for another one."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=0)
    waiting = []
    for _ in range(N_FILLING):
        s = socket.socket()
        s.setblocking(False)
        s.connect_ex(listener.getsockname())
        waiting.append(s)
    return listener, waiting


certificate = sys.argv[3:]
if certificate:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    context.set_alpn_protocols(["h2", "http/1.1"])
with open(sys.argv[2], "a", encoding="utf-8") as log, socket.create_server(("127.0.0.1", 0), backlog=512) as open_to_all:
    full, queue = full_listener()
    ports = {"port": open_to_all.getsockname()[1], "full": full.getsockname()[1]}
    http_server.say_ready(sys.argv[1], json.dumps(ports))
    http_server.serve_all(open_to_all, serve_secured)

"""What the servers of these tests share: a request read, the word that one listens, peers in threads."""
import os
import socket
import threading


def read_request(connection, buffered):
    """Lines of the head, headers by lower-case name, body and what came behind it; None when the peer has ended."""
    while b"\r\n\r\n" not in buffered:
        chunk = connection.recv(65536)
        if not chunk:
            return None
        buffered += chunk
    head, rest = buffered.split(b"\r\n\r\n", 1)
    lines = head.decode("latin-1").split("\r\n")
    headers = {n.lower(): v.strip() for n, v in (line.split(":", 1) for line in lines[1:])}
    length = int(headers.get("content-length", 0))
    if headers.get("expect"):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    while len(rest) < length:
        chunk = connection.recv(1 << 20)
        if not chunk:
            return None
        rest += chunk
    return lines, headers, rest[:length], rest[length:]


def say_ready(path, text):
    """The file is there only when it is whole."""
    with open(path + ".new", "w", encoding="utf-8") as f:
        f.write(text)
    os.rename(path + ".new", path)


def serve_quietly(serve, connection, *more):
    try:
        with connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            serve(connection, *more)
    except OSError:
        pass  # the peer has gone, or did not like the certificate


def serve_all(listener, serve):
    """serve(connection, number) in a thread for each peer, numbered from 1; without an end."""
    n = 0
    while True:
        peer = listener.accept()[0]
        n += 1
        threading.Thread(target=serve_quietly, args=(serve, peer, n), daemon=True).start()

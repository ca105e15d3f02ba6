#!/usr/bin/python3
"""Every kind of request of ours, signed anew by botocore, and sent again to the sandbox.

Usage: signatures.py reverify EVERY_REQUEST                      against a recording server of its own
       signatures.py replay EVERY_REQUEST ENDPOINT KEY SECRET    what was recorded, to a sandbox

Prints TAP. EVERY_REQUEST is the program tests/support/every_request.c.
"""
import dataclasses
import http.client
import http.server
import os
import re
import subprocess
import sys
import threading
import urllib.parse

import botocore.auth
import botocore.awsrequest
import botocore.credentials

ODD = "odd $LATEST ~/%&=+ü€"
TOKEN = "FwoGZXIvYXdzE//////////wEaDA+token/of=a==session"
KINDS = {
    "lambda GetFunction", "lambda Invoke RequestResponse", "lambda Invoke Event", "lambda Invoke DryRun",
    "lambda UpdateFunctionConfiguration", "sqs GetQueueUrl", "sqs SendMessage", "sqs ReceiveMessage",
    "sqs ChangeMessageVisibilityBatch", "sqs DeleteMessageBatch", "sqs GetQueueAttributes", "sqs PurgeQueue",
    "sns Publish", "dynamodb PutItem", "dynamodb GetItem", "dynamodb Scan", "dynamodb DescribeTable",
    "dynamodb DeleteItem"
}
# What AWS calls a request whose signature does not cover what came.
MISMATCH = {"InvalidSignatureException", "SignatureDoesNotMatch"}
REFUSED = MISMATCH | {
    "IncompleteSignature", "IncompleteSignatureException", "MissingAuthenticationToken",
    "MissingAuthenticationTokenException", "UnrecognizedClientException", "InvalidClientTokenId", "AccessDenied",
    "AccessDeniedException", "ExpiredToken", "ExpiredTokenException", "RequestExpired", "RequestTimeTooSkewed"
}
AUTHORIZATION = re.compile(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, ?"
                           r"SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})")
count = failed = 0


def test(sentence, function, *arguments):
    global count, failed
    count += 1
    try:
        function(*arguments)
        print(f"ok {count} - {sentence}", flush=True)
    except Exception as e:  # a failing test is a line, whatever it failed with
        failed += 1
        print(f"not ok {count} - {sentence}\n# {type(e).__name__}: {e}", flush=True)


@dataclasses.dataclass(frozen=True)
class Request:
    """A request as it came on the wire: the target and the header values untouched."""
    method: str
    target: str
    headers: tuple
    body: bytes

    def all(self, name):
        return [v for n, v in self.headers if n.lower() == name.lower()]

    def header(self, name):
        values = self.all(name)
        assert len(values) <= 1, f"{name} came {len(values)} times"
        return values[0] if values else None

    def authorization(self):
        """Access key, date, region, service, list of signed headers, signature."""
        text = self.header("Authorization") or ""
        match = AUTHORIZATION.fullmatch(text)
        assert match, f"Authorization: {text}"
        key, date, region, service, names, signature = match.groups()
        return key, date, region, service, names.split(";"), signature

    def kind(self):
        target = self.header("X-Amz-Target")
        path = self.target.split("?")[0]
        if target:
            service = {"AmazonSQS": "sqs", "DynamoDB_20120810": "dynamodb"}[target.split(".")[0]]
            return f"{service} {target.split('.')[1]}"
        if path.startswith("/2015-03-31/functions/"):
            how = self.header("X-Amz-Invocation-Type")
            return {"GET": "lambda GetFunction", "PUT": "lambda UpdateFunctionConfiguration"}.get(
                self.method, f"lambda Invoke {how}")
        return "sns " + dict(urllib.parse.parse_qsl(self.body.decode()))["Action"]

    def replaced(self, name, value):
        headers = tuple((n, value if n.lower() == name.lower() else v) for n, v in self.headers)
        return dataclasses.replace(self, headers=headers)


def record(every_request, environment):
    """Runs every_request against a server that keeps all that comes; the requests, and what it printed."""
    requests = []

    class Recorder(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # connections are kept

        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            target = self.requestline.split(" ")[1]
            requests.append(Request(self.command, target, tuple(self.headers.items()), body))
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            ran = subprocess.run([every_request, f"http://127.0.0.1:{server.server_address[1]}"],
                                 env={**os.environ, **environment}, capture_output=True, check=False)
        finally:
            server.shutdown()
            thread.join()
    assert ran.returncode == 0, (ran.returncode, ran.stderr.decode())
    return requests, ran.stdout.decode()


def sign_anew(request, secret, signed_as=None):
    """The signature that botocore computes for it, under the scope and time that `signed_as` claims."""
    key, date, region, service, names, _ = (signed_as or request).authorization()
    timestamp = (signed_as or request).header("X-Amz-Date")
    assert timestamp.startswith(date), (timestamp, date)
    headers = {n: v for n, v in request.headers if n.lower() in names}
    url = f"http://{request.header('Host')}{request.target}"
    wire = botocore.awsrequest.AWSRequest(request.method, url, headers=headers, data=request.body)
    wire.context["timestamp"] = timestamp
    auth = botocore.auth.SigV4Auth(botocore.credentials.Credentials(key, secret), service, region)
    assert auth.signed_headers(auth.headers_to_sign(wire)) == ";".join(names), names
    return auth.signature(auth.string_to_sign(wire, auth.canonical_request(wire)), wire)


def other(text, at=-1):
    """With one character of another value; digits stay digits, so that a date stays a date."""
    at %= len(text)
    c = text[at]
    new = str((int(c) + 1) % 10) if c.isdigit() else "X" if c != "X" else "Y"
    return text[:at] + new + text[at + 1:]


def flip_hex(text):
    return ("1" if text[0] == "0" else "0") + text[1:]


def changes(request):
    """The request with one byte changed, everywhere where a signature must notice it."""
    path, _, query = request.target.partition("?")
    if request.body:
        at = len(request.body) // 2
        flipped = request.body[:at] + bytes([request.body[at] ^ 1]) + request.body[at + 1:]
        yield "body", dataclasses.replace(request, body=flipped)
        cut = dataclasses.replace(request, body=request.body[:-1])
        yield "body's end", cut.replaced("Content-Length", str(len(cut.body)))
    else:
        grown = dataclasses.replace(request, body=b"x", headers=request.headers + (("Content-Length", "1"),))
        yield "body", grown
    changed_path = other(path) if len(path) > 1 else path + "x"
    yield "path", dataclasses.replace(request, target=changed_path + (f"?{query}" if query else ""))
    changed_query = other(query) if query else "x="
    yield "query", dataclasses.replace(request, target=f"{path}?{changed_query}")
    for name in request.authorization()[4]:
        # Of X-Amz-Date a digit of the seconds: what is behind is only a Z.
        yield f"header {name}", request.replaced(name, other(request.header(name), -2 if name == "x-amz-date" else -1))


def check_arrived(requests, printed):
    """A line for each request, and none of one that was not signed."""
    for label in ("plain", "odd"):
        lines = [line for line in printed.splitlines() if line.startswith(label + " ")]
        assert len(lines) == len(KINDS) + 1, lines
    seen = [r.kind() for r in requests]
    assert set(seen) == KINDS, (KINDS - set(seen), set(seen) - KINDS)
    assert all(seen.count(kind) == 2 for kind in KINDS), seen


def check_unsignable(requests, printed):
    assert len(re.findall(r"^\w+ lambda unsignable: failed .*cannot be signed", printed, re.M)) == 2, printed
    assert not [r.target for r in requests if "unsignable" in r.target]


def check_no_secret(requests, secret):
    for r in requests:
        assert not [a for a in r.all("Authorization") if not a.startswith("AWS4-HMAC-SHA256 ")], r
        raw = r.target + str(r.headers) + r.body.decode("latin-1")
        assert secret not in raw and "Basic" not in raw, r


def check_covered(requests, token):
    for r in requests:
        names = r.authorization()[4]
        meant = {n.lower() for n, _ in r.headers if n.lower().startswith("x-amz-")} | {"host", "content-type"}
        assert meant <= set(names), (r.kind(), meant, names)
        assert all(len(r.all(n)) == 1 for n in names), (r.kind(), r.headers)
        assert r.all("X-Amz-Security-Token") == ([token] if token else []), (r.kind(), r.headers)


def check_kind(requests, secret):
    assert requests
    for r in requests:
        signature = r.authorization()[5]
        assert sign_anew(r, secret) == signature, (r.method, r.target, r.headers, r.body)
        assert sign_anew(r, secret + "x") != signature


def check_changes(requests, secret):
    n = 0
    for r in requests:
        signature = r.authorization()[5]
        for what, changed in changes(r):
            assert changed != r, what
            assert sign_anew(changed, secret, signed_as=r) != signature, (what, changed)
            n += 1
    assert n >= 6 * len(requests), n


def check_odd(requests):
    """What is odd is on the wire as it was meant, not dropped before it was signed."""
    def found(kind, part):
        assert [r for r in requests if r.kind() == kind and part(r)], kind

    qualifier = "?Qualifier=" + urllib.parse.quote(ODD[len("odd "):], safe="~")
    found("lambda GetFunction", lambda r: r.target == "/2015-03-31/functions/odd~name.x_-1" + qualifier)
    found("lambda Invoke Event", lambda r: r.target == "/2015-03-31/functions/odd/invocations" + qualifier)
    found("lambda Invoke DryRun", lambda r: r.body == ODD.encode() + b" \0\xff\r\n")
    found("sqs SendMessage", lambda r: ODD + " 'two'" in r.body.decode() and "😀" in r.body.decode())
    found("dynamodb PutItem", lambda r: f'"{ODD}"' in r.body.decode())
    found("sns Publish", lambda r: dict(urllib.parse.parse_qsl(r.body.decode()))["TopicArn"].endswith(":" + ODD))


def reverify(every_request):
    secret = "a/secret+of=forty~characters&with%odd$ones"
    for words, token in (("", None), ("with a session token ", TOKEN)):
        environment = {"AWS_ACCESS_KEY_ID": "XCYSANDBOXREVERIFIED", "AWS_SECRET_ACCESS_KEY": secret}
        if token:
            environment["AWS_SESSION_TOKEN"] = token
        requests, printed = record(every_request, environment)
        test(f"{words}every kind of request comes, with plain and with odd names", check_arrived, requests, printed)
        test(f"{words}odd characters come as they were given", check_odd, requests)
        test(f"{words}a name that cannot be signed is not sent", check_unsignable, requests, printed)
        test(f"{words}no secret is sent, in no form of authorization", check_no_secret, requests, secret)
        test(f"{words}all that says what to do is signed", check_covered, requests, token)
        for kind in sorted(KINDS):
            test(f"{words}{kind} is signed as botocore signs it", check_kind,
                 [r for r in requests if r.kind() == kind], secret)
        test(f"{words}with one byte changed anywhere botocore signs otherwise", check_changes, requests, secret)


def send(endpoint, request):
    """To the byte as recorded, its Host too; the status and AWS's error code ("" for none)."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(endpoint).netloc, timeout=120)
    try:
        connection.putrequest(request.method, request.target, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers:
            connection.putheader(name, value.encode("latin-1"))
        connection.endheaders(request.body)
        answer = connection.getresponse()
        text = answer.read().decode()
        said = re.search(r'<Code>([^<]+)</Code>|"__type": *"([^"]+)"', text)
        code = answer.getheader("x-amzn-errortype") or (said and (said[1] or said[2])) or ""
        return answer.status, code.split("#")[-1].split(":")[0]
    finally:
        connection.close()


def check_refused(endpoint, requests):
    for r in requests:
        for what, changed in changes(r):
            status, code = send(endpoint, changed)
            assert status in (400, 403) and code in MISMATCH, (what, status, code, changed)
        signature = r.authorization()[5]
        forged = r.replaced("Authorization", r.header("Authorization").replace(signature, flip_hex(signature)))
        status, code = send(endpoint, forged)
        assert status in (400, 403) and code in MISMATCH, ("signature", status, code)
        bare = dataclasses.replace(r, headers=tuple(h for h in r.headers if h[0].lower() != "authorization"))
        status, code = send(endpoint, bare)
        assert status in (400, 403) and code.startswith("MissingAuthenticationToken"), ("none", status, code)


def check_accepted(endpoint, requests):
    assert len(requests) == 2
    for r in requests:
        status, code = send(endpoint, r)
        assert code not in REFUSED and (status < 300 or (code and status < 500)), (status, code, r)


def replay(every_request, endpoint, key, secret):
    requests, _ = record(every_request, {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret})
    for kind in sorted(KINDS):
        same = [r for r in requests if r.kind() == kind]
        test(f"{kind} with one byte changed anywhere is refused", check_refused, endpoint, same)
        test(f"{kind} as it was recorded is accepted", check_accepted, endpoint, same)


{"reverify": reverify, "replay": replay}[sys.argv[1]](*sys.argv[2:])
print(f"1..{count}")
sys.exit(1 if failed else 0)

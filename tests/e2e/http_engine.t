#!/bin/sh
# The http engine on real wires: what was asked for arrives to the byte, what comes back gets its
# outcome, and no secret stays behind.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
PATH="$PATH:/usr/sbin" # nghttpd stands there
cd "$work"
unset AWS_REGION AWS_DEFAULT_REGION http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY
export HOME="$work"

# start_web NAME [CERTIFICATE KEY]: tests/e2e/web_server.py; sets $log, $port and $full.
start_web() {
    log=$work/$1.log
    ready=$work/$1.ready
    web_name=$1
    shift
    $python "$top/tests/e2e/web_server.py" "$ready" "$log" "$@" 2>"$work/$web_name.err" &
    web_pid=$!
    pids="$pids $web_pid"
    await test -s "$ready"
    port=$($python -c 'import json,sys; print(json.load(open(sys.argv[1]))["port"])' "$ready")
    full=$($python -c 'import json,sys; print(json.load(open(sys.argv[1]))["full"])' "$ready")
}
# stop_web: true if it had no trouble of its own.
stop_web() {
    kill -TERM "$web_pid"
    wait "$web_pid" || true
    pids=$(echo "$pids" | sed "s/ $web_pid//")
    cat "$work/$web_name.err"
    [ ! -s "$work/$web_name.err" ]
}

# load OPTION...: a run of its own in $run, whatever becomes of its requests.
n_runs=0
load() {
    n_runs=$((n_runs + 1))
    run=$work/runs-$n_runs/latest
    : >"$log"
    load_code=0
    "$bin/loadgen" -o "$work/runs-$n_runs" -r 1 --lag-bound-ms 60000 --json "$@" >"$work/out" 2>"$work/err" ||
        load_code=$?
    [ "$load_code" -eq 0 ] || [ "$load_code" -eq 3 ] || grep -q 'no request succeeded' "$work/err" || {
        echo "exit code $load_code"
        cat "$work/err"
        return 1
    }
}
# ends NAME=COUNT OPTION...: a run of which the report and run.yml have this outcome and no other.
ends() {
    ends_in=$1
    shift
    load "$@" && $python - "$work/out" "$run/run.yml" "$ends_in" <<'E2'
import json, re, sys
report = json.load(open(sys.argv[1]))
name, count = sys.argv[3].split("=")
found = {n: c for n, c in report["outcomes"].items() if c}
assert found == {name: int(count)}, found
part = open(sys.argv[2]).read().split("\noutcomes:\n")[1].split("\nwarmup_outcomes:")[0]
listed = {n: int(c) for n, c in re.findall(r"^ +(\w+): (\d+)$", part, re.M) if int(c)}
assert listed == found, listed
E2
}
# came PYTHON: the condition holds; `got` is the server's log.
came() {
    $python - "$log" "$1" <<'E2'
import base64, json, sys
got = [json.loads(line) for line in open(sys.argv[1])]
for r in got:
    r["body"] = base64.b64decode(r.get("body", ""))
def names(r):
    return [h.split(":")[0].lower() for h in r["headers"]]
print(str([{**r, "body": r["body"][:100]} for r in got])[:2000])
assert eval(sys.argv[2]), sys.argv[2]
E2
}
no_request() {
    [ ! -s "$log" ]
}

start_web plain
url=http://127.0.0.1:$port

check 'an address alone' ends ok=1 --url "$url/a%20b?x=1&y"
check 'is asked for with GET, as it stands' came 'got[0]["line"] == "GET /a%20b?x=1&y HTTP/1.1"'
check 'with no header but the three that every request has' came \
    'sorted(names(got[0])) == ["accept", "host", "user-agent"] and got[0]["body"] == b""'
check 'a body' ends ok=1 --url "$url/" --body '{"a": "1 %"}' --header 'Content-Type: text/x; a="b"' \
    --header 'X-Odd:  a: b  "c"; ~%20,  d'
check 'is posted' came 'got[0]["line"] == "POST / HTTP/1.1" and got[0]["body"] == b"{\"a\": \"1 %\"}"'
check 'and headers arrive to the byte' came \
    '{"X-Odd: a: b  \"c\"; ~%20,  d", "Content-Type: text/x; a=\"b\""} < set(got[0]["headers"])'
check 'once each, and none beside them' came \
    'sorted(names(got[0])) == ["accept", "content-length", "content-type", "host", "user-agent", "x-odd"]'
check 'Host, User-Agent and Accept can be told' ends ok=1 --url "$url/" --header 'Host: example.com' \
    --header 'User-Agent: other/1' --header 'Accept: text/html'
check 'and are sent once' came \
    'sorted(got[0]["headers"]) == ["Accept: text/html", "Host: example.com", "User-Agent: other/1"]'
$python -c 'import random; open("bytes", "wb").write(b"\0\r\n\xff" + random.Random(7).randbytes(1500000))'
check 'a body of 1.5 MB from a file' ends ok=1 --url "$url/" --method PUT --body-file bytes
check 'arrives to the byte' came 'got[0]["line"] == "PUT / HTTP/1.1" and got[0]["body"] == open("bytes", "rb").read()'
check 'without asking whether it may' came '"expect" not in names(got[0])'
for method in GET POST PUT DELETE HEAD PATCH OPTIONS TRACE PROPFIND; do
    check "$method" ends ok=3 --url "$url/m" --method "$method" -r 3
    check 'is sent as it is' came \
        "len(got) == 3 and all(r['line'] == '$method /m HTTP/1.1' and r['body'] == b'' for r in got)"
done
for method in GET DELETE PATCH OPTIONS; do
    check "$method with a body" ends ok=1 --url "$url/" --method "$method" --body "for $method"
    check 'has it' came "got[0]['line'] == '$method / HTTP/1.1' and got[0]['body'] == b'for $method'"
done

for status in 200 201 204 299; do
    check "status $status" ends ok=1 --url "$url/status/$status"
done
for pair in 302=status 400=status 404=status 401=auth 403=auth 429=throttled 500=server_error 503=server_error; do
    check "status ${pair%=*} is outcome ${pair#*=}" ends "${pair#*=}=2" -r 2 --url "$url/status/${pair%=*}"
    check 'and each request was sent once' came 'len(got) == 2'
done
check 'with its status and its words in requests.csv' grep -q '^0,1,0,.*,server_error,503,.*Some Words' "$run/requests.csv"
check 'a connection that ends without a reply is outcome reset' ends reset=2 -r 2 --url "$url/close"
check 'and nothing is sent again in secret' came 'len(got) == 2'

check 'a connection that nobody takes' ends connect=1 --url "http://127.0.0.1:$full/" --connect-timeout-ms 200
check 'is not counted as sent' grep -q '"sent":[[:space:]]*0' out
check 'a reply that does not begin' ends first_byte_timeout=2 -r 2 --url "$url/silent" --first-byte-timeout-ms 200
check 'a reply that does not end' ends total_timeout=2 -r 2 --url "$url/half" --total-timeout-ms 500 \
    --first-byte-timeout-ms 60000
check 'nor begin' ends total_timeout=2 -r 2 --url "$url/silent" --total-timeout-ms 300

# As many at a time as open files allow: none fails for want of one, and all is saved.
at_the_limit_of_files() {
    is_code 3 prlimit --nofile=200:200 "$bin/loadgen" --url "$url/silent" --rate 200 -r 200 --threads 1 --total-timeout-ms 600 \
        --lag-bound-ms 60000 --json -o "$work/runs-files" && $python - "$work/out" "$work/runs-files/latest/run.yml" <<'E2'
import json, sys
r = json.load(open(sys.argv[1]))
assert r["verdict"] == "TARGET_LIMITED" and r["outcomes"]["connect"] == 0 and r["skipped"] > 0, r
assert r["outcomes"]["total_timeout"] == r["failed"] == 200 - r["skipped"] >= 40, r
assert "state: complete" in open(sys.argv[2]).read()
E2
}
check 'with few files to open, requests are skipped, and none fails for it' at_the_limit_of_files
check '64 requests in sequence' ends ok=64 --url "$url/" --arrivals closed:1 -r 64 --threads 1
check 'share one connection' came 'len(got) == 64 and {r["connection"] for r in got} == {got[0]["connection"]}'
check '64 requests, 4 at a time' ends ok=64 --url "$url/" --arrivals closed:4 -r 64 --threads 1
check 'share four at most' came 'len(got) == 64 and len({r["connection"] for r in got}) <= 4'

export http_proxy="$url"
check 'with a proxy, another machine' ends ok=1 --url http://elsewhere.test/x
check 'is asked for through it' came 'got[0]["line"] == "GET http://elsewhere.test/x HTTP/1.1"'
for host in 127.0.0.1 LOCALHOST 127.1 0x7f.1; do
    check "$host, which is this machine," ends ok=1 --url "http://$host:$port/x"
    check 'is not' came 'got[0]["line"] == "GET /x HTTP/1.1"'
done
unset http_proxy

# is_signed SERVICE REGION: by botocore, from what came, the signature is the one that came.
is_signed() {
    $python - "$log" "$1" "$2" "$AWS_SECRET_ACCESS_KEY" <<'E2'
import base64, json, re, sys
import botocore.auth, botocore.awsrequest, botocore.credentials
log, service, region, secret = sys.argv[1:]
requests = [json.loads(line) for line in open(log)]
assert requests
for r in requests:
    method, target, _ = r["line"].split(" ")
    headers = {n.lower(): v.strip() for n, v in (h.split(":", 1) for h in r["headers"])}
    assert len(headers) == len(r["headers"])
    match = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, ?"
                         r"SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})", headers["authorization"])
    key, date, in_region, to_service, names, signature = match.groups()
    assert (in_region, to_service, key) == (region, service, "XCYSANDBOXHTTP"), match[0]
    assert {n for n in headers if n.startswith("x-")} | {"host", "content-type"} <= set(names.split(";")), names
    signed = {n: v for n, v in headers.items() if n in names.split(";")}
    wire = botocore.awsrequest.AWSRequest(method, f"http://{headers['host']}{target}", headers=signed,
                                          data=base64.b64decode(r["body"]))
    wire.context["timestamp"] = headers["x-amz-date"]
    for known, holds in ((secret, True), (secret + "x", False)):
        auth = botocore.auth.SigV4Auth(botocore.credentials.Credentials(key, known), service, region)
        made = auth.signature(auth.string_to_sign(wire, auth.canonical_request(wire)), wire)
        assert (made == signature) == holds, (made, signature, r)
E2
}
export AWS_ACCESS_KEY_ID=XCYSANDBOXHTTP AWS_SECRET_ACCESS_KEY='wJalr/SECRETKEY+bPxRfi%&x'
check 'a signed POST' ends ok=3 -r 3 --url "$url/a/b?c=d&e=%2F" --body '{"a":1}' --sign execute-api:eu-west-3 \
    --header 'X-Custom: kept'
check 'has a signature that botocore computes, too' is_signed execute-api eu-west-3
for method in GET PATCH DELETE; do
    check "a signed $method" ends ok=1 --url "$url/x" --method "$method" --sign lambda:us-west-2
    check 'has such a one' is_signed lambda us-west-2
done
check 'for S3' ends ok=1 --url "$url/bucket/key" --method PUT --body-file bytes --sign s3:eu-west-1
check 'with the digest of the body' is_signed s3 eu-west-1
mkdir .aws
printf '[default]\nregion = ap-south-1\n' >.aws/config
check 'without a region' ends ok=1 --url "$url/" --sign lambda
check 'the one of ~/.aws/config counts' is_signed lambda ap-south-1
check 'another spelling of this machine' ends ok=1 --url "http://LOCALHOST:$port/" --sign lambda:us-west-2
check 'is signed as well' is_signed lambda us-west-2
for host in 127.0.0.1 LocalHost 127.1 0x7f.1 2130706433; do
    check "the user's own key never goes to $host" is_code 1 env AWS_ACCESS_KEY_ID=AKIAREALKEY \
        AWS_SECRET_ACCESS_KEY=real "$bin/loadgen" -o runs-real -r 1 --url "http://$host:$port/" --sign lambda:us-west-2
    check 'but is told that no sandbox is there' says "no sandbox is running on "
done

# What nobody must find afterwards. The server sends all that came back, in words and in bytes.
secrets_are_nowhere() {
    ! grep -rlE 'SECRETXYZ|SECRETKEY' "$work"/runs-* "$work/out" "$work/err"
}
bearer='Authorization: Bearer SECRETXYZ'
for pair in ok=/ status=/status/404 server_error=/status/500 auth=/status/401 reset=/close; do
    check "a secret header, outcome ${pair%%=*}" ends "${pair%%=*}=1" --url "$url${pair#*=}" --header "$bearer" \
        --retries 1 --retry-delay 1ms
    check 'is sent' came "'$bearer' in got[0]['headers']"
    check 'and stands nowhere' secrets_are_nowhere
done
check 'a secret query' ends ok=1 --url "$url/?signature=SECRETXYZ"
check 'stands nowhere either' secrets_are_nowhere
check 'but it is said that there was one' grep -rq --include=run.yml '^endpoint: .*/?\.\.\.' "$work"
check 'a wrong header' is_code 2 "$bin/loadgen" --url "$url" --header "$bearer" --header 'Authorization Bearer SECRETXYZ'
check 'is not shown' secrets_are_nowhere
check 'one that cannot be signed' is_code 2 "$bin/loadgen" --url "$url" --header "$bearer" --sign lambda
check 'neither' secrets_are_nowhere
check 'a signed request that fails' ends server_error=1 --url "$url/status/500" --sign lambda --body SECRETXYZ
check 'leaves nothing behind' secrets_are_nowhere
check 'all words of a run with a secret header' load --url "$url/status/500" --header "$bearer" --progress --no-json
check 'do not have it' secrets_are_nowhere
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
check 'the server had no trouble of its own' stop_web

# TLS, with a certificate that nobody knows.
self_signed() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$1" \
        -addext subjectAltName=IP:127.0.0.1 -days 2 -keyout "$1.key" -out "$1.pem" >openssl.out 2>&1
}
check 'a certificate is made' self_signed server
check 'and another one' self_signed other
start_web secured "$work/server.pem" "$work/server.key"
url=https://127.0.0.1:$port
check 'a certificate that nobody vouches for is refused: outcome tls' ends tls=2 -r 2 --url "$url/" --no-http2 \
    --header "$bearer"
check 'nothing is sent' no_request
check 'and the secret stands nowhere' secrets_are_nowhere
check 'another authority does not help' ends tls=1 --url "$url/" --no-http2 --cacert other.pem
check 'nothing is sent' no_request
check 'with --cacert it is trusted' ends ok=9 -r 9 --url "$url/" --no-http2 --cacert server.pem --arrivals closed:1
check 'without a word' test ! -s err
check 'and all are sent over one connection' came 'len(got) == 9 and len({r["connection"] for r in got}) == 1'
check 'with --insecure anybody is' ends ok=2 -r 2 --url "$url/" --no-http2 --insecure
check 'which is said aloud' grep -q 'insecure: .*NOT verified' err
check '--no-http2 keeps to HTTP/1.1, where the server would have taken HTTP/2' came \
    'got[0]["tls"] != "h2" and got[0]["line"] == "GET / HTTP/1.1"'
check 'which is offered otherwise' load --url "$url/" --cacert server.pem
check 'and taken' came 'got[0]["tls"] == "h2"'
check 'a handshake that does not end' ends connect=1 --url "https://127.0.0.1:$full/" --connect-timeout-ms 200
check 'the server had no trouble of its own' stop_web

# HTTP/2, of a server that speaks nothing else.
start_nghttpd() {
    for try in 1 2 3 4 5; do
        port=$($python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
        log=$work/nghttpd-$try.log
        nghttpd --verbose --address=127.0.0.1 --htdocs="$work/www" "$port" server.key server.pem >"$log" 2>&1 &
        nghttpd_pid=$!
        pids="$pids $nghttpd_pid"
        # the port may be another's by now
        if await nghttpd_listens_or_ended && ! is_gone "$nghttpd_pid"; then
            return 0
        fi
    done
    return 1
}
nghttpd_listens_or_ended() {
    is_gone "$nghttpd_pid" || $python -c 'import socket,sys; socket.create_connection(("127.0.0.1", int(sys.argv[1])))' "$port"
}
# It writes what it has to say when it ends.
stop_nghttpd() {
    kill -TERM "$nghttpd_pid"
    wait "$nghttpd_pid" || true
    pids=$(echo "$pids" | sed "s/ $nghttpd_pid//")
}
h2_came() {
    tail -n 40 "$log"
    [ "$(grep -ac ':method: GET$' "$log")" -eq 64 ] && [ "$(grep -ac 'x-odd: a: b$' "$log")" -eq 64 ] &&
        [ "$(grep -ao '^\[id=[0-9]*\].*:method: GET$' "$log" | cut -d']' -f1 | sort -u | wc -l)" -eq 1 ]
}
if command -v nghttpd >nghttpd.path; then
    mkdir www
    echo hello >www/index.html
    check 'a server of HTTP/2' start_nghttpd
    check 'is asked, eight requests at a time' ends ok=64 --url "https://127.0.0.1:$port/index.html" \
        --cacert server.pem --arrivals closed:8 -r 64 --threads 1 --header 'X-Odd: a: b'
    check 'and ended' stop_nghttpd
    check 'it saw them all, over one connection of HTTP/2' h2_came
else
    check 'HTTP/2 # SKIP without nghttpd (nghttp2-server)' true
fi
finish

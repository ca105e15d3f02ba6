# shellcheck shell=sh disable=SC2034 # the words are used by who sources this
# lib.sh - TAP in a few words, and a sandbox of one's own for a test.
#
# A test sources this, calls check for each sentence it proves, and ends with finish.
# XCY_BIN is the folder of the programs; everything else stands in $work, which is
# removed at the end, together with every process that was started here.

set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
bin=${XCY_BIN:?XCY_BIN must name the folder of the programs}
python=/usr/bin/python3
work=$(mktemp -d "${TMPDIR:-/tmp}/xcy-test-XXXXXX")
export XDG_RUNTIME_DIR="$work/runtime" # the sandbox's key file stands there
mkdir -m 700 "$XDG_RUNTIME_DIR"
unset AWS_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN XCY_CONFIG AWS_ENDPOINT_URL \
    AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI \
    AWS_ENDPOINT_URL_STS AWS_ENDPOINT_URL_SQS AWS_ENDPOINT_URL_LAMBDA XCY_SANDBOX_CREDENTIALS
export AWS_EC2_METADATA_DISABLED=true PYTHONDONTWRITEBYTECODE=1
n_checks=0
n_failed=0
pids=''

cleanup() {
    code=$?
    trap - EXIT INT TERM
    for pid in $pids; do
        kill -TERM "$pid" 2>/dev/null || true
    done
    for pid in $pids; do
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$work"
    exit "$code"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# check 'a sentence' COMMAND...: one TAP line; what the command printed is shown when it fails.
check() {
    sentence=$1
    shift
    n_checks=$((n_checks + 1))
    if "$@" >"$work/check.out" 2>&1; then
        echo "ok $n_checks - $sentence"
    else
        echo "not ok $n_checks - $sentence"
        sed 's/^/# /' "$work/check.out" | tail -n 30
        n_failed=$((n_failed + 1))
    fi
}

# check_tap PREFIX COMMAND...: another program's TAP becomes lines of ours, with the prefix.
check_tap() {
    prefix=$1
    shift
    "$@" >"$work/other.tap" 2>&1 || true
    grep -E '^(ok|not ok|#)' "$work/other.tap" | sed 's/^\(not \)\{0,1\}ok [0-9]* - /\1ok - /' >"$work/other.lines" || true
    while IFS= read -r line; do
        case $line in
        'ok - '*) check "$prefix: ${line#ok - }" true ;;
        'not ok - '*) check "$prefix: ${line#not ok - }" false ;;
        *) echo "$line" ;;
        esac
    done <"$work/other.lines"
    check "$prefix: it came to its end" grep -q '^1\.\.[1-9]' "$work/other.tap"
}

finish() {
    echo "1..$n_checks"
    [ "$n_failed" -eq 0 ]
}

# is_code CODE COMMAND...: runs it with its words in $work/out and $work/err; true if it exits so.
is_code() {
    wanted=$1
    shift
    code=0
    "$@" >"$work/out" 2>"$work/err" || code=$?
    [ "$code" -eq "$wanted" ] || {
        echo "exit code $code, expected $wanted: $*"
        tail -n 5 "$work/out" "$work/err"
        return 1
    }
}

# ran COMMAND...: it did its work: exit 0, or 3 because this machine was too busy for it.
ran() {
    code=0
    "$@" >"$work/out" 2>"$work/err" || code=$?
    [ "$code" -eq 0 ] || { [ "$code" -eq 3 ] && grep -q "_LIMITED" "$work/err"; } || {
        echo "exit code $code: $*"
        tail -n 5 "$work/out" "$work/err"
        return 1
    }
}

# says WORDS: the last is_code wrote one line on stderr, and it has these words.
says() {
    echo "expected one line with: $1"
    cat "$work/err"
    [ "$(wc -l <"$work/err")" -eq 1 ] && grep -qF -- "$1" "$work/err"
}

# await COMMAND...: until it succeeds; gives up after about two minutes, so that a broken test ends.
await() {
    tries=0
    while ! "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 2400 ] || {
            echo "# waited in vain for: $*"
            return 1
        }
        sleep 0.05
    done
}

is_gone() {
    ! kill -0 "$1" 2>/dev/null
}

# Nothing of the sandbox is left: no process that names its folder, no file in it.
nothing_left() {
    ! pgrep -f "$XDG_RUNTIME_DIR" && [ -z "$(ls -A "$XDG_RUNTIME_DIR/xcybench" 2>/dev/null)" ]
}

# A deployment for tests: fast legs; $1 is put under "backends:", the rest are further lines.
# deployment FILE BACKENDS [LINES]
deployment() {
    {
        echo "queue: evaluations"
        echo "writer: {region: eu, function: writer, timeout_ms: 20000, concurrency_limit: 1000}"
        echo "reader: {region: us, function: reader, timeout_ms: 20000, concurrency_limit: 1000}"
        echo "visibility_deadline_ms: 8000"
        echo "barrier_deadline_ms: 8000"
        echo "${3:-}"
        echo "backends:"
        echo "$2"
        echo "sandbox: {seed: 7}"
    } >"$1"
}

# start_sandbox CONFIG [OPTION...]: on a port of the kernel's choice; sets $endpoint, $sandbox_pid, $truth,
# $config.
start_sandbox() {
    config=$1
    shift
    truth=$work/truth.jsonl
    ready=$work/ready.json
    rm -f "$ready" "$truth"
    "$bin/sandbox" -c "$config" --port 0 --truth-log "$truth" --ready-file "$ready" "$@" 2>"$work/sandbox.log" &
    sandbox_pid=$!
    pids="$pids $sandbox_pid"
    tries=0
    until [ -s "$ready" ]; do
        if is_gone "$sandbox_pid" || [ "$tries" -ge 2400 ]; then
            echo "Bail out! the sandbox did not start: $(tail -n 1 "$work/sandbox.log")"
            exit 1
        fi
        tries=$((tries + 1))
        sleep 0.05
    done
    endpoint=$($python -c 'import json,sys; print(json.load(open(sys.argv[1]))["endpoint"])' "$ready")
    export AWS_ENDPOINT_URL="$endpoint"
}

stop_sandbox() {
    kill -TERM "$sandbox_pid"
    code=0
    wait "$sandbox_pid" || code=$?
    pids=$(echo "$pids" | sed "s/ $sandbox_pid//")
    [ "$code" -eq 130 ] || [ "$code" -eq 0 ]
}

# learn_keys: sets $key and $secret to what the sandbox asks its users for.
learn_keys() {
    "$bin/sandbox" env -c "$config" --port "${endpoint##*:}" >"$work/exports"
    key=$(sed -n 's/^export AWS_ACCESS_KEY_ID=//p' "$work/exports" | tr -d "'\"")
    secret=$(sed -n 's/^export AWS_SECRET_ACCESS_KEY=//p' "$work/exports" | tr -d "'\"")
}

# start_lambda BEHAVIOUR NAME: a Lambda of known faults (tests/e2e/lambda_server.py); sets $log, and
# where loadgen finds it.
start_lambda() {
    log=$work/$2.log
    ready=$work/$2.ready
    $python "$top/tests/e2e/lambda_server.py" "$1" "$ready" "$log" 2>"$work/$2.err" &
    server_pid=$!
    pids="$pids $server_pid"
    await test -s "$ready"
    AWS_ENDPOINT_URL=$(cat "$ready")
    export AWS_ENDPOINT_URL AWS_ACCESS_KEY_ID=XCYSANDBOXLAMBDA AWS_SECRET_ACCESS_KEY=secret
}
# stop_lambda NAME: true if it had no trouble of its own.
stop_lambda() {
    kill -TERM "$server_pid"
    wait "$server_pid" || true
    pids=$(echo "$pids" | sed "s/ $server_pid//")
    cat "$work/$1.err"
    [ ! -s "$work/$1.err" ]
}

# measure NAME LOADGEN_OPTION...: a run with gather attached; sets $run. Exit codes in $load_code,
# $gather_code. What a machine with other work to do does to the generator is not the question here.
measure() {
    runs=$work/runs-$1
    shift
    load_code=0
    gather_code=0
    "$bin/loadgen" -c "$config" -o "$runs" --lag-bound-ms 60000 "$@" >"$work/loadgen.out" 2>"$work/loadgen.err" &
    load_pid=$!
    pids="$pids $load_pid"
    until [ -s "$runs/latest/run.yml" ] || is_gone "$load_pid"; do
        sleep 0.02
    done
    run=$runs/$(readlink "$runs/latest")
    "$bin/gather" -o "$runs" "$run" >"$work/gather.out" 2>"$work/gather.err" || gather_code=$?
    wait "$load_pid" || load_code=$?
    pids=$(echo "$pids" | sed "s/ $load_pid//")
    cat "$work/loadgen.err" "$work/gather.err"
    return "$gather_code"
}

# start_load NAME LOADGEN_OPTION...: a load that goes on beside the test; sets $run. answered N: it has more
# answers than that. end_load: waits for its end.
start_load() {
    runs=$work/runs-$1
    shift
    "$bin/loadgen" -c "$config" -o "$runs" "$@" >"$work/loadgen.out" 2>"$work/loadgen.err" &
    load_pid=$!
    pids="$pids $load_pid"
    await test -s "$runs/latest/run.yml"
    run=$runs/$(readlink "$runs/latest")
}
answered() {
    [ "$(wc -l <"$run/requests.csv")" -gt "$1" ]
}
end_load() {
    load_code=0
    wait "$load_pid" || load_code=$?
    pids=$(echo "$pids" | sed "s/ $load_pid//")
    [ "$load_code" -eq 0 ] || [ "$load_code" -eq 3 ] || {
        cat "$work/loadgen.err"
        return 1
    }
}
# classes CONDITION: over n (class -> count) and why (reasons).
classes() {
    $python -c 'import collections, csv, sys
rows = list(csv.DictReader(open(sys.argv[1] + "/records.csv")))
n = collections.Counter(r["class"] for r in rows)
why = collections.Counter(r["class"] + ": " + r["class_reason"] + " " + r.get("error", "") for r in rows)
print(n, why)
assert len(rows) == len({r["i"] for r in rows}) == sum(n.values())
assert '"$1" "$run"
}
# keys_documented DOC JSON [NAME...]: the keys of the JSON file are those that DOC's tables name. A
# percentile's key is pNN there; what stands below the key NAME is another document's.
keys_documented() {
    $python - "$top/$1" "$2" "$@" <<'E2'
import json, re, sys
named = set(re.findall(r"^\| `([^`]+)` \|", open(sys.argv[1], encoding="utf-8").read(), re.M))
elsewhere = sys.argv[5:]
def keys(value, prefix=""):
    if isinstance(value, dict):
        return {k for name, inner in value.items() for k in below(name, inner, prefix)}
    if isinstance(value, list):
        return {k for inner in value for k in keys(inner, prefix[:-1] + "[].")}
    return set()
def below(name, inner, prefix):
    key = prefix + re.sub(r"^p[0-9.]+$", "pNN", name)
    return {key} if name in elsewhere else keys(inner, key + ".") or {key}
found = keys(json.load(open(sys.argv[2])))
assert named == found, named ^ found
E2
}
# gathered_as CASE ROOT: the one folder under ROOT has the name and the files of the reference's, to the byte.
gathered_as() {
    case_folder=$top/tests/golden/gather/$1
    found=$(dirname "$(find "$2" -name traces.csv)")
    [ "${found%-[0-9]*}" = "$2/$(cat "$case_folder/name")" ] || {
        echo "the folder is $found"
        return 1
    }
    for file in traces.csv traces.info tags.yml; do
        cmp "$case_folder/$file" "$found/$file" || return 1
    done
}

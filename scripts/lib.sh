# shellcheck shell=sh disable=SC2034 # the words are used by who sources this
# lib.sh - what the scripts share. Source it; it changes nothing by itself.

set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
program=${0##*/}

say() {
    printf '%s: %s\n' "$program" "$*" >&2
}

die() {
    say "$*"
    exit 1
}

# The packages of Debian 12 that a purpose needs: a word each.
build_packages='gcc libc6-dev cmake ninja-build pkg-config libcurl4-openssl-dev libyaml-dev libcjson-dev
libgsl-dev libsqlite3-dev libmicrohttpd-dev libhiredis-dev libmariadb-dev libssl-dev'
# The servers without their system services: redis-tools holds Redis' program too, libactivemq-java the
# broker, mariadb-server-core the database.
run_packages='gnuplot-nox fonts-dejavu-core redis-tools mariadb-server-core
libactivemq-java default-jre-headless'
test_packages='libcmocka-dev perl python3 awscli python3-boto3 procps curl man-db openssl nghttp2-server
chromium'
lint_packages='clang-format-14 clang-tidy-14 shellcheck'

missing_packages() {
    for package in "$@"; do
        case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true) in
        'install ok installed') ;;
        *) printf '%s ' "$package" ;;
        esac
    done
}

# As root, or through sudo.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        die "root is needed to install packages: run 'apt-get install $missing' as root, then this again"
    fi
}

# install_missing PACKAGE...: installs what is missing. No service is started or enabled: none of the
# packages has one.
install_missing() {
    missing=$(missing_packages "$@")
    if [ -z "$missing" ]; then
        return 0
    fi
    command -v apt-get >/dev/null 2>&1 || die "missing: $missing; this script installs with apt-get (Debian 12)"
    say "installing: $missing"
    log=$(mktemp)
    for step in 'update -q' "install -y -q --no-install-recommends $missing"; do
        # shellcheck disable=SC2086 # the words of a step are meant to be split
        if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 $step >"$log" 2>&1 </dev/null; then
            tail -n 5 "$log" >&2
            rm -f "$log"
            die "apt-get ${step%% *} failed; see the lines above"
        fi
    done
    rm -f "$log"
}

download_package() {
    apt-get -o Acquire::http::Timeout=20 -o Acquire::Retries=2 download "$1"
}

# unpack_program PACKAGE PATH: in a folder of its own, which it fills: the program alone.
unpack_program() {
    if ! download_package "$1"; then
        [ "$(id -u)" -eq 0 ] && apt-get update -q && download_package "$1" || return 1
    fi
    dpkg-deb --fsys-tarfile "$1"_*.deb | tar -xOf - "./$2" >"${2##*/}" && chmod 755 "${2##*/}"
}

# fetch_program PACKAGE PATH: a program alone into build/tools, unless it is there: of packages that would
# start a service if they were installed. Fails where there is no network.
fetch_program() {
    name=${2##*/}
    tools=$top/build/tools
    if [ -x "$tools/$name" ]; then
        return 0
    fi
    say "fetching $name into build/tools"
    room=$(mktemp -d)
    if (cd "$room" && unpack_program "$1" "$2") >"$room/log" 2>&1 </dev/null && mkdir -p "$tools" &&
        mv "$room/$name" "$tools/$name.$$" && mv "$tools/$name.$$" "$tools/$name"; then
        rm -rf "$room"
        return 0
    fi
    say "no $name: $(grep '^E:' "$room/log" | tail -n 1)"
    rm -rf "$room"
    return 1
}

# build PRESET: configures and builds; the log is shown only when it fails.
build() {
    say "building the $1 preset"
    log=$(mktemp)
    if ! (cd "$top" && cmake --preset "$1" && cmake --build --preset "$1") >"$log" 2>&1; then
        grep -E 'error|Error|FAILED' "$log" | head -n 20 >&2 || true
        tail -n 5 "$log" >&2
        say "the whole log: $log"
        exit 1
    fi
    rm -f "$log"
}

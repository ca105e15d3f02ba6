#!/bin/sh
# Help, man page and option table of every program and command say the same.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

# program OPTION...: the one in $name, "loadgen" or "loadgen merge".
program() {
    # shellcheck disable=SC2086 # a word each
    "$bin"/$name "$@"
}
fits_80_columns() {
    program --help | LC_ALL=C.UTF-8 awk 'length($0) > 80 { print; bad = 1 } END { exit bad }'
}
# man_agrees PAGE: how it is used, every option with its value's name, its words, range and default, and every
# example and exit code.
man_agrees() {
    program --help >"$work/help" && $python - "$work/help" "$1" <<'E2'
import re, sys
help, page = (open(p, encoding="utf-8").read() for p in sys.argv[1:])

def squeezed(text):
    return " ".join(text.replace(" \\\n", " ").split())

def plain(roff):
    roff = re.sub(r"\\f[BIR]|\\:|\\&", "", roff)
    for escape, c in ((r"\-", "-"), (r"\(aq", "'"), (r"\(ga", "`"), (r"\(ha", "^"), (r"\(ti", "~"), (r"\(rs", "\\")):
        roff = roff.replace(escape, c)
    return squeezed(roff)

def tagged(part):
    """The paragraphs with a tag: {tag: words}."""
    found = re.findall(r"^\.TP\n(.*)\n((?:(?!\.).*\n)*)", part, re.M)
    return {plain(tag): plain(words) for tag, words in found}

sections = dict(re.findall(r'^\.SH "?([A-Z ]+)"?\n((?:(?!\.SH).*\n)*)', page, re.M))
blocks = dict(re.findall(r"^(Examples|Exit codes|See also):((?:.*\n)(?: .*\n)*)", help, re.M))

options = {}
for line in help.split("\nExamples:\n")[0].split("\nExit codes:\n")[0].split("\n"):
    tag = re.match(r" {2}(?:-\w, | {4})(--\S+(?: \S+)?)(?: {2,}(.*))?$", line)
    if tag:
        last = squeezed(line[:line.index(tag[1])] + tag[1])
        options[last] = tag[2] or ""
    elif line.startswith(" " * 28) and options:
        options[last] += " " + line.strip()
options = {tag: squeezed(words) for tag, words in options.items()}
in_man = tagged(sections["OPTIONS"])
assert len(options) >= 2 and "--version" in options, options
assert options == in_man, [pair for pair in options.items() ^ in_man.items()]

usage = re.search(r"^Usage: (.*\n(?: {7}.*\n)*)", help, re.M)[1]
assert squeezed(usage) == plain(sections["SYNOPSIS"]), usage
codes = dict(re.findall(r"^  (\d+) +(.*(?:\n {8}.*)*)", blocks["Exit codes"], re.M))
assert {c: squeezed(w) for c, w in codes.items()} == tagged(sections["EXIT STATUS"]), codes
if "Examples" in blocks:
    examples = squeezed(blocks["Examples"])
    for command, words in tagged(sections["EXAMPLES"]).items():
        assert command in examples and words in examples, (command, words)
assert squeezed(blocks.get("See also", "")) == plain(sections.get("SEE ALSO", "")), blocks
words = plain(re.sub(r"^\.PP$", "", sections["DESCRIPTION"], flags=re.M))
assert words in squeezed(help) or len(words) < 100, words
E2
}
man_is_clean() {
    MANROFFSEQ='' LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l "$1" >"$work/page" 2>"$work/warnings"
    cat "$work/warnings"
    [ -s "$work/page" ] && [ ! -s "$work/warnings" ] && LC_ALL=C.UTF-8 col -b <"$work/page" |
        LC_ALL=C.UTF-8 awk 'length($0) > 80 { print; bad = 1 } END { exit bad }'
}
# A page is found by the name in its NAME section; what it refers to is there (gnuplot is not ours).
man_is_found() {
    sed -n '/^\.SH NAME$/{n;s/\\//g;p}' "$1" | grep -q "^$2 - ." || return 1
    sed -n '/^\.SH "SEE ALSO"$/,${s/\\//g;p}' "$1" | grep -oE '[a-z-]+\(1\)' | while read -r other; do
        [ "$other" = 'gnuplot(1)' ] || [ -s "$bin/../man/${other%(1)}.1" ] || {
            echo "there is no page of $other"
            return 1
        }
    done
}
# The page of a program refers to those of its commands.
program_refers() {
    sed -n '/^\.SH "SEE ALSO"$/,${s/\\//g;p}' "$bin/../man/${name%% *}.1" | grep -q "\b$page(1)"
}
readme_knows() {
    grep -q "$1" "$top/README.md"
}

for name in sandbox deploy loadgen 'loadgen find-max' 'loadgen merge' gather analyze 'analyze export' \
    'analyze compare' 'analyze cost' 'analyze metrics' 'analyze delay' 'analyze windows' plot 'plot report' clean campaign; do
    page=$(echo "$name" | tr ' ' '-')
    check "$name --help goes to stdout" is_code 0 program --help
    check "$name --help leaves stderr alone" test ! -s "$work/err"
    check "$name --help says how it is used" grep -qi '^usage: '"$name" "$work/out"
    check "$name --help is at most 80 columns wide" fits_80_columns
    check "$name -h is the same" sh -c "'$bin'/$name -h | cmp - '$work/out'"
    check "$name --version names the version" sh -c "'$bin'/$name --version | grep -q 'xcybench'"
    check "the man page of $name says the same" man_agrees "$bin/../man/$page.1"
    check "the man page of $name is clean roff" man_is_clean "$bin/../man/$page.1"
    check "the man page of $name is found" man_is_found "$bin/../man/$page.1" "$page"
    [ "$name" = "${name%% *}" ] || check "the page of ${name%% *} refers to it" program_refers
    check "$name --hlep is refused" is_code 2 program --hlep
    check "in one line that knows better" says '--help'
    check "which begins with the name" grep -q "^$name: " "$work/err"
done
for name in sandbox deploy loadgen gather analyze 'analyze export' 'analyze compare' 'analyze cost' 'analyze metrics' 'analyze delay' \
    'analyze windows' plot 'plot report' clean campaign; do
    check "the README names $name" readme_knows "$name"
done

name=loadgen
check 'the help of loadgen tells of find-max' sh -c "'$bin/loadgen' --help | grep -q 'loadgen find-max'"
check 'and of merge' sh -c "'$bin/loadgen' --help | tr '\n' ' ' | grep -q 'loadgen merge'"
check 'a command that is not there' is_code 2 program nonsense
check 'is told which there are' says "unknown command 'nonsense' (there are find-max and merge"
check 'a misspelt one' is_code 2 program find-mx --slo 'response.p99<1s'
check 'is told which was meant' says "unknown command 'find-mx'; did you mean 'find-max'?"
check 'a word behind the options' is_code 2 program -r 1 merge
check 'is no command' says "unexpected argument 'merge'"
check 'find-max without an objective' is_code 2 program find-max
check 'says what is missing' says '--slo is missing'
check 'merge without runs' is_code 2 program merge
check 'says what is missing' says 'an argument is missing: RUN...'
finish

#!/bin/sh
# Help, man page and option table of every program say the same.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

fits_80_columns() {
    "$bin/$1" --help | LC_ALL=C.UTF-8 awk 'length($0) > 80 { print; bad = 1 } END { exit bad }'
}
options_of() {
    "$bin/$1" --help | grep -oE -- '--[a-z][a-z0-9-]+' | sort -u
}
man_has_options() {
    for option in $(options_of "$1"); do
        sed 's/\\-/-/g' "$bin/../man/$1.1" | grep -q -- "$option" || {
            echo "the man page lacks $option"
            return 1
        }
    done
}
man_is_clean() {
    MANROFFSEQ='' LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l "$bin/../man/$1.1" >"$work/page" 2>"$work/warnings"
    cat "$work/warnings"
    [ -s "$work/page" ] && [ ! -s "$work/warnings" ]
}
readme_knows() {
    grep -q "$1" "$top/README.md"
}

for name in sandbox deploy loadgen gather analyze plot clean; do
    check "$name --help goes to stdout" is_code 0 "$bin/$name" --help
    check "$name --help leaves stderr alone" test ! -s "$work/err"
    check "$name --help says how it is used" grep -qi '^usage: '"$name" "$work/out"
    check "$name --help is at most 80 columns wide" fits_80_columns "$name"
    check "$name --version names the version" sh -c "'$bin/$name' --version | grep -q 'xcybench'"
    check "the man page of $name has every option" man_has_options "$name"
    check "the man page of $name is clean roff" man_is_clean "$name"
    check "$name --hlep is refused" is_code 2 "$bin/$name" --hlep
    check "in one line that knows better" says '--help'
    check "the README names $name" readme_knows "$name"
done
finish

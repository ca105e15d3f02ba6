#!/bin/sh
# Methods are right as often as they claim, and docs/statistics says so.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

coverage=$bin/../tests/simulation/coverage
pages=$top/docs/statistics

simulate() {
    "$coverage" >"$work/table"
}
check 'in 10 000 runs each, no method is right less often than it claims' simulate
sed -n '/^| method/,/^$/p' "$pages/coverage.md" | sed '/^$/d' >"$work/page"
check 'the page shows what the simulation prints' diff "$work/page" "$work/table"

all_listed() {
    for page in "$pages"/*.md; do
        name=${page##*/}
        [ "$name" = README.md ] || grep -qF "($name)" "$pages/README.md" || {
            echo "$name is not in the index"
            return 1
        }
    done
}
check 'the index leads to every page' all_listed
finish

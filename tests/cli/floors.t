#!/bin/sh
# The floors hold, and the check of them can fail.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

check 'every include respects the floors' "$top/scripts/check-floors"

mkdir -p "$work/tree/common/base" "$work/tree/loadgen" "$work/tree/sandbox/front" "$work/tree/sandbox/services"
echo '#include "loadgen/plan.h"' >"$work/tree/common/base/low.c"
check 'a lower folder including an upper one is found' is_code 1 "$top/scripts/check-floors" "$work/tree"
check 'and named' grep -q 'common/base/low.c:1: common/base may not include loadgen/plan.h' "$work/out"
echo '#include "sandbox/front/call.h"' >"$work/tree/loadgen/side.c"
rm "$work/tree/common/base/low.c"
check 'a sibling including a sibling is found' is_code 1 "$top/scripts/check-floors" "$work/tree"
echo '#include <curl/curl.h>' >"$work/tree/loadgen/side.c"
echo '#include "loadgen/side.h"' >>"$work/tree/loadgen/side.c"
check 'a library in the wrong folder is found' is_code 1 "$top/scripts/check-floors" "$work/tree"
echo '#include "sandbox/services/sqs.h"' >"$work/tree/sandbox/front/up.c"
rm "$work/tree/loadgen/side.c"
check 'the front including a service is found' is_code 1 "$top/scripts/check-floors" "$work/tree"
finish

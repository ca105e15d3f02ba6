#!/bin/sh
# What docs/credentials.md names and what the code reads are the same.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"

page=$top/docs/credentials.md
# Every environment variable and key of a profile that the providers ask for.
grep -rhoE '"(AWS|XCY)_[A-Z0-9_]+"' "$top/common/aws" | tr -d '"' | grep -v '_$' | sort -u >"$work/variables"
grep -rhoE '"(role_arn|source_profile|credential_source|credential_process|web_identity_token_file|external_id|role_session_name|duration_seconds|mfa_serial|login_session|endpoint_url|services|region|aws_[a-z_]+|ec2_metadata_service_endpoint)"' \
    "$top/common/aws" | tr -d '"' | sort -u >"$work/keys"
all_named() {
    [ "$(wc -l <"$1")" -ge "$2" ] && while IFS= read -r name; do
        grep -qF -- "$name" "$page" || {
            echo "$name is not in docs/credentials.md"
            return 1
        }
    done <"$1"
}
check 'every variable that is read is named' all_named "$work/variables" 18
check 'every key of a profile, too' all_named "$work/keys" 14
# And the other way round: no variable is promised that nobody reads.
grep -oE '`\$?(AWS|XCY)_[A-Z0-9_]+' "$page" | tr -d '`$' | grep -v 'AWS_ENDPOINT_URL' | sort -u >"$work/named"
all_read() {
    while IFS= read -r name; do
        grep -rqF "\"$name\"" "$top/common" || {
            echo "$name is not read"
            return 1
        }
    done <"$work/named"
}
check 'no other is promised' all_read

# The page about metrics has the table that the program has.
table_is_ours() {
    "$bin/analyze" metrics --format markdown >"$work/metrics.md" || return 1
    grep '^|' "$top/docs/metrics.md" | diff "$work/metrics.md" -
}
check 'docs/metrics.md has the table of metrics' table_is_ours
$python - "$top/docs/metrics.md" >"$work/mine.yml" <<'E2'
import re, sys
print(re.search(r"^```\n(metrics:.*?)^```", open(sys.argv[1], encoding="utf-8").read(), re.M | re.S).group(1))
E2
check 'its example of a row can be used' is_code 0 "$bin/analyze" metrics -c "$work/mine.yml"
check 'as the last row' grep -q '^publishing  *noted *ended *ms *writer ' "$work/out"
finish

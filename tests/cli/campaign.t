#!/bin/sh
# A campaign that cannot be gets one clear line and the right exit code, and begins nothing.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
cd "$work"

# refused WORDS OPTION...: in one line with these words, exit code 2, nothing begun.
refused() {
    refused_with=$1
    shift
    is_code 2 "$bin/campaign" "$@" && says "$refused_with" && [ ! -e runs ]
}
printf 'combinations: all\n' >all.yml
printf 'rounds: 3\nrequsts: 4\n' >unknown.yml
printf 'combinations:\n- {post_storage: dynmo, notification_storage: sns}\n' >store.yml
mkdir lost
printf 'combinations: all\ndeployment: nowhere.yml\n' >lost/my.yml
printf 'deployment: unknown.yml\ncombinations: all\n' >broken.yml
printf 'deployment: lost\ncombinations: all\n' >folder.yml
printf 'combinations: all\nloadgen: [--seed, 4]\n' >word.yml

printf 'combinations: all\nloadgen: [--retris, 4]\n' >words.yml
printf 'combinations: all\nvisibility: sampel:0.1\n' >asked.yml
: >empty.yml

check 'no config' refused 'an argument is missing: CONFIG'
check 'one that is not there' refused 'none.yml: no such file' none.yml
check 'an unknown key' refused "unknown.yml:2: unknown key 'requsts'; did you mean 'requests'?" unknown.yml
check 'an unknown store' refused "store.yml:2: post_storage must be one of dynamo, s3, mysql, cache, got 'dynmo'; did you mean 'dynamo'?" store.yml
check 'a word for loadgen that the campaign decides' refused "word.yml:2: loadgen: '--seed' is not for this list" word.yml
for dry in '' --dry-run; do # what would end a campaign before its first run, its plan tells as well
    check "a deployment that is not there${dry:+, with $dry}" refused 'lost/my.yml:2: deployment: no such file lost/nowhere.yml; name one' lost/my.yml $dry
    check "one that cannot be read${dry:+, with $dry}" refused "broken.yml:1: deployment: unknown.yml:1: unknown key 'rounds'" broken.yml $dry
    check "one that is a folder${dry:+, with $dry}" refused 'folder.yml:1: deployment: lost: Is a directory' folder.yml $dry
    check "a word that loadgen does not know${dry:+, with $dry}" refused "words.yml:2: loadgen: unknown option --retris (did you mean --retries?)" words.yml $dry
done
check 'how visible a post is asked' refused 'asked.yml:2: visibility: "sampel:0.1" is not off, inline' asked.yml
check 'an empty file' refused "empty.yml: key 'combinations' is missing: the file is empty" empty.yml
check 'a table and a fresh begin' refused '--table only prints' all.yml --table --fresh
check 'a fresh begin and what failed before' refused '--fresh begins anew' all.yml --fresh --retry-failed
check 'a dry run for machines' refused '--dry-run goes neither with --json' all.yml --dry-run --json
check 'a table without a campaign' is_code 1 "$bin/campaign" all.yml --table
check 'names what is missing' says 'runs/campaigns/all/journal.jsonl: no such file'
echo 'no journal' >journal.jsonl
echo 'of ours' >>journal.jsonl
check 'what is no journal' is_code 1 "$bin/campaign" --table -o .
check 'is named with its line' says './journal.jsonl:1: '

for sample in quick all; do
    check "the sample $sample can be planned" is_code 0 "$bin/campaign" "$top/samples/campaign-$sample.yml" --dry-run
done
check 'all of it: 12 pairs, without, with Antipode and with 4 delays, 5 rounds' grep -q '^360000 requests' out
check 'and nothing is begun' test ! -e runs
finish

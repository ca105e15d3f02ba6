#!/bin/sh
# Messages that go wrong on demand: what the sandbox counted is what gather reports, by number and by name.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
# shellcheck source=tests/support/faults.sh
. "$top/tests/support/faults.sh"

begin messages '{sqs: {duplicated: 0.2, reordered: 0.2, delayed_visibility: 0.2, delayed_ms: 200}}'
check 'messages come twice, late and in another order' load -r 150
check 'gather takes each once' gather
check 'and says how many came twice; the others are left in the queue' balance messages
end

begin deletes '{sqs: {batch_entry_failed: 0.3, handle_expired: 0.1}}'
check 'messages that cannot be deleted' load -r 150
check 'gather tries again' gather
check 'and says how many are left' balance deletes
end

begin checksums '{sqs: {checksum_wrong: 0.05}}'
check 'messages with another checksum' load -r 100
check 'gather waits until they come again' gather --quiet 60s
check 'and takes none of them as it was' balance checksums
end

begin evaluations '{evaluations: {malformed: 1}}'
check 'evaluations damaged in every way' load -r 300
check 'gather finds them' gather --quiet 2s
check 'and puts aside each that says something wrong' balance evaluations
end
check 'nothing is left of the sandboxes' nothing_left
finish

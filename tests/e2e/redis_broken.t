#!/bin/sh
# Redis servers that die amid a run: the run ends, and every request has its class.
# shellcheck source=tests/support/lib.sh
. "$(dirname "$0")/../support/lib.sh"
# shellcheck source=tests/support/dying.sh
. "$(dirname "$0")/../support/dying.sh"
# shellcheck source=tests/support/redis_watch.sh
. "$(dirname "$0")/../support/redis_watch.sh"


for role in replica primary; do
    deployment "$work/hosted.yml" '  cache: {link: 20}
  sns: {topic: notifications, delivery: 10}' 'post_storage: cache'
    start_host "$work/hosted.yml"
    writer_address=$(address primary)
    reader_address=$(address replica)
    victim=$(address "$role")
    deployment "$work/$role.yml" "  cache: {writer_address: '$writer_address', reader_address: '$reader_address'}
  sns: {topic: notifications, delivery: 10}" 'post_storage: cache'
    sed -i 's/_deadline_ms: 8000/_deadline_ms: 500/' "$work/$role.yml"
    start_sandbox "$work/$role.yml" --slots 16
    start_load "$role" -r 300 --rate 50
    await have_read 50
    kill -KILL "$(pgrep -f "redis-server 127.0.0.1:${victim##*:}")"
    check_end "$role" "redis $role ended (signal: Killed): ."
done
finish

#include "scripts/bench/manifest.h"

#include "common/base/mem.h"
#include "common/base/random.h"
#include "common/time/clock.h"

struct xcy_manifest bench_manifest(const char *endpoint, int64_t n, int64_t gap_us)
{
    int64_t now_us = xcy_wall_us(xcy_wall_now());
    struct xcy_manifest m = {
        .format_version = 1,
        .tag = xcy_strdup("bench"),
        .state = XCY_RUN_COMPLETE,
        .engine = xcy_strdup("lambda"),
        .combination = {.post_storage = XCY_POST_DYNAMO,
                        .notification_storage = XCY_NOTIFICATION_SNS,
                        .consistency = XCY_CONSISTENCY_NONE,
                        .post_bytes = XCY_POST_BYTES_DEFAULT,
                        .visibility = XCY_VISIBILITY_OFF,
                        .writer_region = "eu-central-1",
                        .reader_region = "us-east-1"},
        .endpoint = xcy_strdup(endpoint),
        .deployment = xcy_strdup("bench"),
        .queue_name = xcy_strdup("evaluations"),
        .writer_function = xcy_strdup("writer"),
        .reader_function = xcy_strdup("reader"),
        .time_scale = 1,
        .arrivals = xcy_strdup("constant"),
        .planned = n,
        .shard_count = 1,
        .rate_per_s = 1e6 / (double)gap_us,
        .peak_rate_per_s = 1e6 / (double)gap_us,
        .threads = 1,
        .started_us = now_us - n * gap_us,
        .ended_us = now_us,
        .version = xcy_strdup("bench"),
        .host = xcy_strdup("bench"),
        .sent = n,
        .verdict = XCY_VERDICT_VALID,
        .verdict_reason = xcy_strdup(""),
    };
    m.outcomes[XCY_OUTCOME_OK] = n;
    xcy_random_uuid(m.run);
    xcy_boot_id(m.boot_id);
    return m;
}

#include "loadgen/plan/leftovers.h"

#include "common/aws/retry.h"
#include "common/aws/sqs.h"
#include "common/base/log.h"
#include "common/base/stop.h"
#include "common/time/clock.h"

#include <inttypes.h>
#include <stdlib.h>

enum { LOOKS = 12, LOOK_EVERY_MS = 250 };

static const int64_t call_timeout_ns = 5 * XCY_NS_PER_S;

static enum xcy_status count(const struct xcy_aws *aws, const char *queue_url, int64_t *n,
                             struct xcy_error *err)
{
    struct xcy_sqs_counts counts = {0};
    enum xcy_status status = xcy_sqs_counts(aws, queue_url, &counts, err);
    *n = counts.visible + counts.in_flight + counts.delayed;
    return status;
}

static enum xcy_status look(const struct xcy_aws *aws, const char *queue_name, int64_t *n,
                            struct xcy_error *err)
{
    char *queue_url = NULL;
    enum xcy_status status = xcy_sqs_queue_url(aws, queue_name, &queue_url, err);
    if (status == XCY_OK) {
        status = count(aws, queue_url, n, err);
    }
    for (int i = 1; status == XCY_OK && *n > 0 && i < LOOKS; i++) {
        struct xcy_mono next = xcy_mono_add(xcy_mono_now(), LOOK_EVERY_MS * XCY_NS_PER_MS);
        if (!xcy_sleep_until(next, xcy_stop_fd())) {
            break;
        }
        status = count(aws, queue_url, n, err);
    }
    free(queue_url);
    return status;
}

enum xcy_status xcy_leftovers_check(const struct xcy_target *target, struct xcy_error *err)
{
    const struct xcy_deployment *d = target->deployment;
    struct xcy_aws aws = {.http = xcy_http_open(NULL),
                          .endpoint = d->endpoint,
                          .region = d->reader.region,
                          .keys = target->keys,
                          .total_timeout_ns = call_timeout_ns,
                          .stoppable = true,
                          .attempts = XCY_RETRY_FEW};
    int64_t n = 0;
    enum xcy_status status = look(&aws, d->queue_name, &n, err);
    xcy_http_close(aws.http);
    if (xcy_stop_asked()) {
        return XCY_OK; /* whoever called tells of it */
    }
    if (status != XCY_OK) {
        xcy_log(XCY_LOG_WARNING, "cannot see whether queue %s is empty: %s", d->queue_name,
                err->text);
        return XCY_OK;
    }
    return n == 0 ? XCY_OK
                  : xcy_fail(err, XCY_EUSAGE,
                             "queue %s holds %" PRId64 " evaluations of an earlier run; gather "
                             "them, or throw them away with clean, or say --leftovers-ok",
                             d->queue_name, n);
}

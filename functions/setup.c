#include "functions/setup.h"

#include "common/aws/sqs.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/random.h"
#include "common/data/number.h"

#include <stdlib.h>
#include <string.h>

static enum xcy_status read_slots(const char *text, int64_t *n_slots, struct xcy_error *err)
{
    int64_t n = 1;
    bool is_given = text && text[0] != '\0';
    if (is_given && (!xcy_int64_parse(xcy_bytes_of(text), &n) || n < 1 || n > XCY_MAX_SLOTS)) {
        return xcy_fail(err, XCY_EUSAGE, "XCY_SLOTS must be 1..%d, got '%s'", XCY_MAX_SLOTS, text);
    }
    *n_slots = n;
    return XCY_OK;
}

/* The host knows where it runs; a function in another region than the combination says would give
 * its results a wrong name. */
static enum xcy_status choose_region(struct xcy_setup *setup, const char *hosted,
                                     struct xcy_error *err)
{
    const struct xcy_combination *c = &setup->environment.combination;
    bool is_writer = setup->side == XCY_SIDE_WRITER;
    const char *region = is_writer ? c->writer_region : c->reader_region;
    if (hosted && hosted[0] != '\0' && strcmp(hosted, region) != 0) {
        return xcy_fail(err, XCY_EUSAGE, "%s is %s but the function runs in %s; run deploy again",
                        is_writer ? "WRITER_REGION" : "READER_REGION", region, hosted);
    }
    setup->region = region;
    return XCY_OK;
}

/* Said aloud: what such a process stamps is wrong on purpose. */
static enum xcy_status read_clock(const char *text, struct xcy_setup *setup, struct xcy_error *err)
{
    if (!text || text[0] == '\0') {
        return XCY_OK;
    }
    enum xcy_status status = xcy_test_clock_parse(text, &setup->clock, err);
    if (status == XCY_OK) {
        const struct xcy_test_clock *c = &setup->clock;
        memcpy(setup->instance, c->instance, sizeof c->instance);
        xcy_log(
            XCY_LOG_WARNING,
            "the clock is wrong on purpose: instance=%s offset_us=%lld drift_ppm=%g step_us=%lld",
            c->instance, (long long)c->offset_us, c->drift * 1e6, (long long)c->step_us);
    }
    return status;
}

static enum xcy_status find_queue(struct xcy_setup *setup, struct xcy_error *err)
{
    struct xcy_http *http = xcy_http_open(NULL);
    struct xcy_aws aws = {
        .http = http,
        .endpoint = setup->endpoint,
        .region = setup->region,
        .keys = setup->keys,
    };
    const char *name = setup->environment.queue_name;
    enum xcy_status status = xcy_sqs_queue_url(&aws, name, &setup->queue_url, err);
    xcy_http_close(http);
    return status == XCY_OK ? XCY_OK : xcy_error_context(err, "evaluation queue %s", name);
}

static enum xcy_status fill(struct xcy_setup *setup, char *(*lookup)(const char *name),
                            struct xcy_error *err)
{
    enum xcy_status status = xcy_environment_read(lookup, &setup->environment, err);
    if (status == XCY_OK) {
        status = choose_region(setup, lookup("AWS_REGION"), err);
    }
    if (status == XCY_OK) {
        status = read_slots(lookup("XCY_SLOTS"), &setup->n_slots, err);
    }
    if (status == XCY_OK) {
        status = read_clock(lookup("XCY_TEST_CLOCK"), setup, err);
    }
    if (status == XCY_OK) {
        status = xcy_key_source_open(setup->endpoint, &setup->keys, err);
    }
    if (status == XCY_OK && setup->side == XCY_SIDE_READER) {
        status = find_queue(setup, err);
    }
    return status;
}

enum xcy_status xcy_setup_open(enum xcy_side side, char *(*lookup)(const char *name),
                               struct xcy_setup *setup, struct xcy_error *err)
{
    struct xcy_setup made = {.side = side};
    const char *endpoint = lookup("AWS_ENDPOINT_URL");
    made.endpoint = endpoint && endpoint[0] != '\0' ? endpoint : NULL;
    xcy_random_uuid(made.instance);
    enum xcy_status status = fill(&made, lookup, err);
    if (status != XCY_OK) {
        xcy_setup_close(&made);
        return status;
    }
    *setup = made;
    /* The region is a text inside the environment: it has moved with it. */
    const struct xcy_combination *c = &setup->environment.combination;
    setup->region = side == XCY_SIDE_WRITER ? c->writer_region : c->reader_region;
    return XCY_OK;
}

void xcy_setup_close(struct xcy_setup *setup)
{
    xcy_environment_clear(&setup->environment);
    xcy_key_source_close(setup->keys);
    setup->keys = NULL;
    free(setup->queue_url);
    setup->queue_url = NULL;
}

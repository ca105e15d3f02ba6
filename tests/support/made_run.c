#include "tests/support/made_run.h"

#include "tests/support/unit.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/run/folder.h"
#include "common/run/records.h"

#include <stdio.h>
#include <stdlib.h>

enum { POLL_US = 1000, BARRIER_US = 20000, GIVE_UP_US = 5000000 };

static const int64_t began_us = 1700000000000000;

struct made_run made_run_plain(void)
{
    return (struct made_run){
        .n = 100, .post_bytes = 1000, .rate_per_s = 100, .write_p50_us = 10000, .margin_us = 1e5};
}

/* A first read that found nothing, and polls until the post is visible; the first read is the first of
 * them. */
static void add_polls(struct xcy_record *r, int64_t margin_us)
{
    int64_t *us = r->points.us;
    int64_t polls = margin_us / POLL_US;
    r->klass = XCY_CLASS_INCONSISTENT;
    r->flags |= XCY_FLAG_POLLED;
    us[XCY_POINT_MISSED] = us[XCY_POINT_ASKED] + polls * POLL_US;
    us[XCY_POINT_VISIBLE] = us[XCY_POINT_ASKED] + (polls + 1) * POLL_US;
    if (us[XCY_POINT_VISIBLE] < us[XCY_POINT_READ]) {
        us[XCY_POINT_VISIBLE] = us[XCY_POINT_READ];
    }
    us[XCY_POINT_REPORTED] = us[XCY_POINT_VISIBLE] + 100;
}

/* Its reader gave up before it read, after 5 s. */
static void give_up(struct xcy_record *r)
{
    int64_t *us = r->points.us;
    r->klass = XCY_CLASS_FAILED;
    us[XCY_POINT_READY] = us[XCY_POINT_ASKED] = us[XCY_POINT_READ] = 0;
    us[XCY_POINT_REPORTED] = us[XCY_POINT_SEEN] + GIVE_UP_US;
}

static struct xcy_record record_of(const struct made_run *run, struct xcy_stream *stream, int64_t i)
{
    struct xcy_record r = {
        .i = i, .attempts = 1, .http_status = 200, .klass = XCY_CLASS_CONSISTENT};
    bool has_barrier = run->consistency != XCY_CONSISTENCY_NONE;
    int64_t *us = r.points.us;
    double write_us = xcy_stream_lognormal(stream, run->write_p50_us, 3 * run->write_p50_us);
    us[XCY_POINT_DUE] = began_us + (int64_t)((double)i * 1e6 / run->rate_per_s);
    us[XCY_POINT_SENT] = us[XCY_POINT_DUE] + 100;
    us[XCY_POINT_START] = us[XCY_POINT_SENT] + 1000;
    us[XCY_POINT_WROTE] = us[XCY_POINT_START] + (int64_t)(write_us + run->write_shift_us);
    us[XCY_POINT_NOTED] = us[XCY_POINT_WROTE] + run->delay_ms * 1000;
    us[XCY_POINT_ENDED] = us[XCY_POINT_NOTED] + 4000;
    us[XCY_POINT_ACKED] = us[XCY_POINT_NOTED] + 5000;
    us[XCY_POINT_SEEN] = us[XCY_POINT_NOTED] + 80000;
    us[XCY_POINT_READY] = us[XCY_POINT_SEEN] + (has_barrier ? BARRIER_US : 0);
    us[XCY_POINT_ASKED] = us[XCY_POINT_READY] + 50;
    us[XCY_POINT_READ] = us[XCY_POINT_ASKED] + 2000;
    us[XCY_POINT_REPORTED] = us[XCY_POINT_READ] + 100;
    bool is_miss = xcy_stream_uniform(stream) < (has_barrier ? run->residual : run->inconsistent);
    double margin_us = xcy_stream_uniform(stream) * run->margin_us - (double)run->delay_ms * 1000;
    if (run->failed > 0 && xcy_stream_uniform(stream) < run->failed) {
        give_up(&r);
    } else if (is_miss && margin_us > 0) {
        add_polls(&r, (int64_t)margin_us);
    }
    if (run->is_live) {
        r.flags |= XCY_FLAG_GOT_LIVE;
        us[XCY_POINT_GOT] = us[XCY_POINT_REPORTED] + 300;
        snprintf(r.writer_instance, sizeof r.writer_instance, "writer");
        snprintf(r.reader_instance, sizeof r.reader_instance, "reader");
    }
    r.post_stored_bytes = run->post_bytes + 54;
    r.notification_bytes = 400 + run->context_bytes;
    r.context_bytes = run->context_bytes;
    return r;
}

static void write_records(const struct made_run *run, struct xcy_stream *stream, const char *path)
{
    struct xcy_error err;
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 20);
    xcy_records_header(&text);
    for (size_t i = 0; i < run->n; i++) {
        struct xcy_record r = record_of(run, stream, (int64_t)i);
        xcy_record_format(&r, &text);
    }
    char *records = xcy_run_file(path, "records.csv");
    assert_ok(xcy_file_replace(records, xcy_buf_bytes(&text), 0644, &err), &err);
    free(records);
    xcy_buf_clear(&text);
}

void made_run_write(const struct made_run *run, struct xcy_stream *stream, const char *folder,
                    const char *name)
{
    static char lambda[] = "lambda";
    static int n_made; /* each has an id of its own */
    char *arrivals = xcy_strdup(run->arrivals ? run->arrivals : "constant");
    struct xcy_error err;
    struct xcy_manifest m = {
        .format_version = 1,
        .state = XCY_RUN_COMPLETE,
        .verdict = run->is_broken ? XCY_VERDICT_GENERATOR_LIMITED : XCY_VERDICT_VALID,
        .engine = lambda,
        .arrivals = arrivals,
        .rate_per_s = run->rate_per_s,
        .combination = {.post_storage = run->post_storage,
                        .consistency = run->consistency,
                        .delay_ms = run->delay_ms,
                        .post_bytes = run->post_bytes,
                        .visibility = XCY_VISIBILITY_INLINE,
                        .visibility_share = 1,
                        .writer_region = "eu-central-1",
                        .reader_region = "us-east-1"},
        .time_scale = 1,
        .planned = (int64_t)run->n,
        .outcomes[XCY_OUTCOME_OK] = (int64_t)run->n,
    };
    snprintf(m.run, sizeof m.run, "11111111-1111-4111-8111-%012d", ++n_made);
    char *path = xcy_run_file(folder, name);
    assert_ok(xcy_dir_make(path, 0755, &err), &err);
    assert_ok(xcy_manifest_write(&m, path, &err), &err);
    write_records(run, stream, path);
    free(path);
    free(arrivals);
}

/*
 * records.c - a gathered run as large as it is asked for, for scripts/bench/analyze: run.yml and
 * records.csv as gather leaves them, of posts that become visible at a known time.
 *
 * records DIR N        makes the run directory DIR of N requests, the same each time
 */

#include "common/run/records.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/run/folder.h"
#include "common/stats/stream.h"
#include "scripts/bench/manifest.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WRITERS = 50, READERS = 60, GAP_US = 100, FLUSH_BYTES = 1 << 20 };

/* How long each step of a request takes, in microseconds: p50 and p99 of a lognormal distribution. */
enum step { LAG, INVOKE, WRITE, PUBLISH, RETURN, DELIVER, READ, REPLICATE, POLL, REPORT, N_STEPS };
static const struct {
    double p50_us;
    double p99_us;
} steps[N_STEPS] = {
    [LAG] = {40, 400},          [INVOKE] = {2000, 9000},       [WRITE] = {8000, 40000},
    [PUBLISH] = {12000, 60000}, [RETURN] = {900, 4000},        [DELIVER] = {80000, 300000},
    [READ] = {4000, 20000},     [REPLICATE] = {70000, 900000}, [POLL] = {10000, 30000},
    [REPORT] = {300, 2000},
};

static int64_t drawn_us(struct xcy_stream *stream, enum step step)
{
    return (int64_t)xcy_stream_lognormal(stream, steps[step].p50_us, steps[step].p99_us) + 1;
}

/* Clocks are up to 20 ms off, each instance in its own way. */
static int64_t offset_us(int64_t instance)
{
    return instance * 7919 % 40001 - 20000;
}

static void id_of(char to[XCY_ID_BYTES], int kind, int64_t i)
{
    snprintf(to, XCY_ID_BYTES, "%08x-0000-4000-8000-%012llx", (unsigned)kind,
             (unsigned long long)i);
}

static void stamp_writer(struct xcy_record *r, struct xcy_stream *stream, int64_t instance)
{
    int64_t *us = r->points.us;
    int64_t theta_us = offset_us(instance);
    us[XCY_POINT_SENT] = us[XCY_POINT_DUE] + drawn_us(stream, LAG);
    us[XCY_POINT_START] = us[XCY_POINT_SENT] + drawn_us(stream, INVOKE) + theta_us;
    us[XCY_POINT_WROTE] = us[XCY_POINT_START] + drawn_us(stream, WRITE);
    us[XCY_POINT_NOTED] = us[XCY_POINT_WROTE] + 20;
    us[XCY_POINT_ENDED] = us[XCY_POINT_NOTED] + drawn_us(stream, PUBLISH);
    us[XCY_POINT_ACKED] = us[XCY_POINT_ENDED] - theta_us + drawn_us(stream, RETURN);
    id_of(r->writer_instance, 2, instance);
}

static void stamp_reader(struct xcy_record *r, struct xcy_stream *stream, int64_t instance,
                         int64_t wrote_us)
{
    int64_t *us = r->points.us;
    int64_t theta_us = offset_us(instance + WRITERS);
    int64_t visible_us = wrote_us + drawn_us(stream, REPLICATE);
    us[XCY_POINT_SEEN] = wrote_us + drawn_us(stream, DELIVER) + theta_us;
    us[XCY_POINT_READY] = us[XCY_POINT_SEEN];
    us[XCY_POINT_ASKED] = us[XCY_POINT_SEEN] + 100;
    us[XCY_POINT_READ] = us[XCY_POINT_ASKED] + drawn_us(stream, READ);
    int64_t last_us = us[XCY_POINT_READ];
    r->klass = us[XCY_POINT_ASKED] - theta_us >= visible_us ? XCY_CLASS_CONSISTENT
                                                            : XCY_CLASS_INCONSISTENT;
    if (r->klass == XCY_CLASS_INCONSISTENT) {
        int64_t poll_us = drawn_us(stream, POLL);
        int64_t missed_us = visible_us + theta_us - poll_us / 2;
        us[XCY_POINT_MISSED] = missed_us > us[XCY_POINT_READ] ? missed_us : us[XCY_POINT_ASKED];
        int64_t found_us = visible_us + theta_us + poll_us / 2;
        us[XCY_POINT_VISIBLE] = found_us > last_us ? found_us : last_us + poll_us;
        last_us = us[XCY_POINT_VISIBLE];
        r->flags |= XCY_FLAG_POLLED;
        r->polls = 3;
    }
    us[XCY_POINT_REPORTED] = last_us + drawn_us(stream, REPORT);
    us[XCY_POINT_GOT] = us[XCY_POINT_REPORTED] - theta_us + drawn_us(stream, RETURN);
    id_of(r->reader_instance, 4, instance);
}

/* One in a thousand is lost, another is throttled. */
static struct xcy_record record_of(const struct xcy_manifest *m, struct xcy_stream *stream,
                                   int64_t i)
{
    struct xcy_record r = {.i = i, .attempts = 1, .outcome = XCY_OUTCOME_OK, .http_status = 200};
    double fate = xcy_stream_uniform(stream);
    snprintf(r.key, sizeof r.key, "%lldQXYZABCD", (long long)i);
    id_of(r.exec, 1, i);
    r.points.us[XCY_POINT_DUE] = m->started_us + i * GAP_US;
    stamp_writer(&r, stream, i % WRITERS);
    int64_t wrote_us = r.points.us[XCY_POINT_WROTE] - offset_us(i % WRITERS);
    if (fate < 0.001) {
        r.klass = XCY_CLASS_LOST;
        return r;
    }
    if (fate < 0.002) {
        r.klass = XCY_CLASS_FAILED;
        r.outcome = XCY_OUTCOME_THROTTLED;
        r.http_status = 429;
        snprintf(r.class_reason, sizeof r.class_reason, "429");
        return r;
    }
    r.flags = XCY_FLAG_GOT_LIVE;
    id_of(r.eval, 3, i);
    r.post_stored_bytes = 1017 + i % 3;
    r.notification_bytes = 637 + i % 5;
    stamp_reader(&r, stream, i % READERS, wrote_us);
    return r;
}

static enum xcy_status write_records(const char *dir, const struct xcy_manifest *m,
                                     struct xcy_error *err)
{
    char *path = xcy_run_file(dir, "records.csv");
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    struct xcy_stream *stream = xcy_stream_new(1, "records");
    struct xcy_buf text;
    xcy_buf_init(&text, (size_t)2 * FLUSH_BYTES);
    xcy_records_header(&text);
    enum xcy_status status = fd >= 0 ? XCY_OK : xcy_fail(err, XCY_EIO, "%s", path);
    for (int64_t i = 0; status == XCY_OK && i < m->planned; i++) {
        struct xcy_record r = record_of(m, stream, i);
        xcy_record_format(&r, &text);
        if (text.len > FLUSH_BYTES || i + 1 == m->planned) {
            status = xcy_write_all(fd, xcy_buf_bytes(&text), path, err);
            xcy_buf_reset(&text);
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    xcy_buf_clear(&text);
    xcy_stream_free(stream);
    free(path);
    return status;
}

static enum xcy_status make(const char *dir, int64_t n, struct xcy_error *err)
{
    struct xcy_manifest m = bench_manifest("bench", n, GAP_US);
    enum xcy_status status = mkdir(dir, 0755) == 0 ? XCY_OK : xcy_fail(err, XCY_EIO, "%s", dir);
    status = status == XCY_OK ? write_records(dir, &m, err) : status;
    status = status == XCY_OK ? xcy_manifest_write(&m, dir, err) : status;
    xcy_manifest_clear(&m);
    return status;
}

int main(int argc, char **argv)
{
    struct xcy_error err;
    xcy_log_init("records", XCY_LOG_INFO);
    long long n = argc == 3 ? strtoll(argv[2], NULL, 10) : 0;
    if (n <= 0) {
        fprintf(stderr, "usage: records DIR N\n");
        return 2;
    }
    return make(argv[1], n, &err) == XCY_OK ? 0 : xcy_log_exit(&err);
}

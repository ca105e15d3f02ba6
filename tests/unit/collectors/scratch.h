#ifndef XCY_TESTS_COLLECTORS_SCRATCH_H
#define XCY_TESTS_COLLECTORS_SCRATCH_H

/* scratch.h - a run folder for one test, and messages as functions send them. */

#include "tests/support/folder.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/run/folder.h"
#include "common/run/manifest.h"
#include "common/run/requests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RUN_ID   "11111111-1111-4111-8111-111111111111"
#define OTHER_ID "22222222-2222-4222-8222-222222222222"

static const int64_t started_us = INT64_C(1795100000000000);

static inline struct xcy_combination plain_combination(void)
{
    return (struct xcy_combination){
        .post_storage = XCY_POST_DYNAMO,
        .notification_storage = XCY_NOTIFICATION_SNS,
        .consistency = XCY_CONSISTENCY_NONE,
        .post_bytes = 1000,
        .visibility = XCY_VISIBILITY_INLINE,
        .visibility_share = 1,
        .writer_region = "eu-central-1",
        .reader_region = "us-east-1",
    };
}

static inline struct xcy_manifest plain_manifest(int64_t planned)
{
    return (struct xcy_manifest){
        .format_version = 1,
        .run = RUN_ID,
        .combination = plain_combination(),
        .planned = planned,
        .started_us = started_us,
    };
}

/* A request that was sent at its time, one a millisecond, and got its reply 50 ms later. */
static inline struct xcy_request_row plain_row(int64_t i, enum xcy_outcome outcome)
{
    int64_t due = started_us + i * 1000;
    struct xcy_request_row row = {
        .id = {.i = i, .client_sent_at_s = (double)(due + 10) / 1e6, .run = RUN_ID},
        .attempt = 1,
        .outcome = outcome,
        .http_status = 200,
    };
    snprintf(row.id.key, sizeof row.id.key, "%lldABCDEF", (long long)i);
    if (outcome == XCY_OUTCOME_SKIPPED) {
        row.points.us[XCY_POINT_DUE] = due;
        return row;
    }
    row.points.us[XCY_POINT_DUE] = due;
    row.points.us[XCY_POINT_SENT] = due + 50;
    row.points.us[XCY_POINT_ACKED] = due + 50000;
    if (outcome == XCY_OUTCOME_OK) {
        snprintf(row.exec, sizeof row.exec, "exec-%lld", (long long)i);
        snprintf(row.writer_instance, sizeof row.writer_instance, "writer-1");
        row.points.us[XCY_POINT_START] = due + 1000;
        row.points.us[XCY_POINT_WROTE] = due + 9000;
        row.points.us[XCY_POINT_NOTED] = due + 9100;
        row.points.us[XCY_POINT_ENDED] = due + 12000;
    }
    return row;
}

/* The evaluation of that request: seen 100 ms after due, read, the post found or not. */
static inline struct xcy_evaluation plain_evaluation(int64_t i, bool found)
{
    struct xcy_request_row row = plain_row(i, XCY_OUTCOME_OK);
    int64_t due = row.points.us[XCY_POINT_DUE];
    struct xcy_evaluation e = {
        .id = row.id,
        .has_xcy = true,
        .has_read = true,
        .found = found,
        .consistent_read = found,
        .points = row.points,
        .notification_size_bytes = 1900,
        .notification_to_reader_spent_ms = 90,
        .post_stored_bytes = found ? 1012 : 0,
        .combination = plain_combination(),
    };
    memcpy(e.exec, row.exec, sizeof e.exec);
    memcpy(e.writer_instance, row.writer_instance, sizeof e.writer_instance);
    snprintf(e.eval, sizeof e.eval, "eval-%lld", (long long)i);
    snprintf(e.reader_instance, sizeof e.reader_instance, "reader-1");
    e.points.us[XCY_POINT_DUE] = 0;
    e.points.us[XCY_POINT_SENT] = 0;
    e.points.us[XCY_POINT_ACKED] = 0;
    e.points.us[XCY_POINT_ENDED] = 0;
    e.points.us[XCY_POINT_SEEN] = due + 100000;
    e.points.us[XCY_POINT_READY] = due + 100000;
    e.points.us[XCY_POINT_ASKED] = due + 100100;
    e.points.us[XCY_POINT_READ] = due + 105000;
    e.points.us[XCY_POINT_REPORTED] = due + 106000;
    e.writer_start_at_s = (double)e.points.us[XCY_POINT_START] / 1e6;
    e.post_written_at_s = (double)e.points.us[XCY_POINT_WROTE] / 1e6;
    e.reader_received_at_s = (double)e.points.us[XCY_POINT_SEEN] / 1e6;
    e.post_read_at_s = (double)e.points.us[XCY_POINT_READ] / 1e6;
    return e;
}

/* The message of the reference's functions for the same request: no run id, no ids. */
static inline char *reference_message(int64_t i, double client_sent_at_s, int consistent)
{
    double due_s = (double)(started_us + i * 1000) / 1e6;
    return xcy_format("{\"i\": %lld, \"client_sent_at\": %.6f, \"writer_start_at\": %.6f, "
                      "\"post_written_at\": %.6f, \"reader_received_at\": %.6f, "
                      "\"notification_to_reader_spent_ms\": 90, \"post_read_at\": %.6f, "
                      "\"consistent_read\": %d, \"antipode_spent_ms\": null, "
                      "\"notification_size_bytes\": 1900}",
                      (long long)i, client_sent_at_s, due_s + 0.001, due_s + 0.009, due_s + 0.1,
                      due_s + 0.105, consistent);
}

static inline void write_requests(const char *run_path, const struct xcy_request_row *rows,
                                  size_t n)
{
    struct xcy_error err;
    struct xcy_buf text;
    char *path = xcy_run_file(run_path, "requests.csv");
    xcy_buf_init(&text, 1 << 20);
    xcy_requests_header(&text);
    for (size_t r = 0; r < n; r++) {
        xcy_request_row_format(&rows[r], &text);
    }
    assert_ok(xcy_file_replace(path, xcy_buf_bytes(&text), 0644, &err), &err);
    xcy_buf_clear(&text);
    free(path);
}

/* Rows as xcy_requests_read gives them; owned by the caller. */
static inline struct xcy_requests *requests_of(const struct xcy_request_row *rows, size_t n)
{
    struct xcy_error err;
    struct xcy_requests *found = NULL;
    bool torn = false;
    char *path = folder_new();
    write_requests(path, rows, n);
    assert_ok(xcy_requests_read(path, &found, &torn, &err), &err);
    folder_free(path);
    return found;
}

#endif

/*
 * evaluations.c - a run as loadgen leaves it, and its evaluations in the queue as readers send them, many
 * more than functions on one machine make in a reasonable time: for scripts/bench/gather.
 *
 * evaluations run DIR ENDPOINT N      makes the run directory DIR of N requests
 * evaluations fill DIR ENDPOINT       puts the evaluations of the run DIR into its queue
 */

#include "common/aws/credentials.h"
#include "common/aws/request.h"
#include "common/aws/sqs.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/data/json.h"
#include "common/data/number.h"
#include "common/record/evaluation.h"
#include "common/run/folder.h"
#include "common/run/requests.h"
#include "common/run/sent.h"
#include "scripts/bench/manifest.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILLERS = 2, WRITERS = 20, READERS = 30, GAP_US = 1000, MAX_TEXT_BYTES = 1 << 30 };

/* An id that is the same whenever it is asked for. */
static void id_of(char to[XCY_ID_BYTES], int kind, int64_t i)
{
    snprintf(to, XCY_ID_BYTES, "%08x-0000-4000-8000-%012llx", (unsigned)kind,
             (unsigned long long)i);
}

/* Request i as it is in requests.csv: sent on time, answered after 50 ms. */
static struct xcy_request_row row_of(const struct xcy_manifest *m, int64_t i)
{
    int64_t due_us = m->started_us + i * GAP_US;
    struct xcy_request_row row = {.attempt = 1, .outcome = XCY_OUTCOME_OK, .http_status = 200};
    row.id.i = i;
    row.id.client_sent_at_s = (double)(due_us + 5) / 1e6;
    snprintf(row.id.key, sizeof row.id.key, "%09lldX", (long long)i);
    memcpy(row.id.run, m->run, sizeof row.id.run);
    id_of(row.exec, 1, i);
    id_of(row.writer_instance, 2, i % WRITERS);
    row.points.us[XCY_POINT_DUE] = due_us;
    row.points.us[XCY_POINT_SENT] = due_us + 10;
    row.points.us[XCY_POINT_ACKED] = due_us + 50000;
    row.points.us[XCY_POINT_START] = due_us + 1000;
    row.points.us[XCY_POINT_WROTE] = due_us + 9000;
    row.points.us[XCY_POINT_NOTED] = due_us + 9100;
    row.points.us[XCY_POINT_ENDED] = due_us + 12000;
    return row;
}

/* What its reader reports. Every tenth post was not there yet. */
static char *evaluation_of(const struct xcy_manifest *m, int64_t i)
{
    struct xcy_request_row row = row_of(m, i);
    int64_t due_us = row.points.us[XCY_POINT_DUE];
    bool found = i % 10 != 0;
    struct xcy_evaluation e = {
        .id = row.id,
        .has_xcy = true,
        .has_read = true,
        .found = found,
        .consistent_read = found,
        .notification_size_bytes = 637,
        .notification_to_reader_spent_ms = 90,
        .post_stored_bytes = found ? 1017 : 0,
        .points = row.points,
        .combination = m->combination,
    };
    memcpy(e.exec, row.exec, sizeof e.exec);
    memcpy(e.writer_instance, row.writer_instance, sizeof e.writer_instance);
    id_of(e.eval, 3, i);
    id_of(e.reader_instance, 4, i % READERS);
    e.points.us[XCY_POINT_DUE] = 0;
    e.points.us[XCY_POINT_SENT] = 0;
    e.points.us[XCY_POINT_ACKED] = 0;
    e.points.us[XCY_POINT_ENDED] = 0;
    e.points.us[XCY_POINT_SEEN] = due_us + 100000;
    e.points.us[XCY_POINT_READY] = due_us + 100000;
    e.points.us[XCY_POINT_ASKED] = due_us + 100100;
    e.points.us[XCY_POINT_READ] = due_us + 105000;
    e.points.us[XCY_POINT_REPORTED] = due_us + 106000;
    return xcy_evaluation_format(&e);
}

static enum xcy_status write_rows(const char *dir, const struct xcy_manifest *m,
                                  struct xcy_error *err)
{
    struct xcy_buf text;
    char *path = xcy_run_file(dir, "requests.csv");
    xcy_buf_init(&text, MAX_TEXT_BYTES);
    xcy_requests_header(&text);
    for (int64_t i = 0; i < m->planned; i++) {
        struct xcy_request_row row = row_of(m, i);
        xcy_request_row_format(&row, &text);
    }
    enum xcy_status status = xcy_file_replace(path, xcy_buf_bytes(&text), 0644, err);
    xcy_buf_clear(&text);
    free(path);
    return status;
}

static enum xcy_status write_sent(const char *dir, const struct xcy_manifest *m,
                                  struct xcy_error *err)
{
    struct xcy_sent *sent = NULL;
    enum xcy_status status = xcy_sent_create(dir, m->planned, &sent, err);
    for (int64_t i = 0; status == XCY_OK && i < m->planned; i++) {
        xcy_sent_set(sent, i, row_of(m, i).points.us[XCY_POINT_SENT]);
    }
    xcy_sent_close(sent);
    return status;
}

static enum xcy_status make_run(const char *dir, const char *endpoint, int64_t n,
                                struct xcy_error *err)
{
    struct xcy_manifest m = bench_manifest(endpoint, n, GAP_US);
    enum xcy_status status = mkdir(dir, 0755) == 0 ? XCY_OK : xcy_fail(err, XCY_EIO, "%s", dir);
    status = status == XCY_OK ? write_rows(dir, &m, err) : status;
    status = status == XCY_OK ? write_sent(dir, &m, err) : status;
    status = status == XCY_OK ? xcy_manifest_write(&m, dir, err) : status;
    xcy_manifest_clear(&m);
    return status;
}

/* One thread's share: every FILLERS-th batch. */
struct filler {
    const struct xcy_manifest *m;
    int64_t first;
    pthread_t thread;
    enum xcy_status status;
    struct xcy_error err;
};

static enum xcy_status send_batch(const struct xcy_aws *aws, const char *url,
                                  const struct xcy_manifest *m, int64_t first,
                                  struct xcy_error *err)
{
    struct xcy_json *input = xcy_json_new_object();
    struct xcy_json *answer = NULL;
    xcy_json_put_string(input, "QueueUrl", url);
    struct xcy_json *entries = xcy_json_put_array(input, "Entries");
    for (int64_t i = first; i < first + XCY_SQS_BATCH && i < m->planned; i++) {
        struct xcy_json *entry = xcy_json_append_object(entries);
        char id[24];
        char *body = evaluation_of(m, i);
        snprintf(id, sizeof id, "%lld", (long long)i);
        xcy_json_put_string(entry, "Id", id);
        xcy_json_put_string(entry, "MessageBody", body);
        free(body);
    }
    enum xcy_status status = xcy_aws_json_call(aws, "sqs", "AmazonSQS.SendMessageBatch",
                                               "application/x-amz-json-1.0", input, &answer, err);
    if (status == XCY_OK && xcy_json_size(xcy_json_get(answer, "Failed")) > 0) {
        status = xcy_fail(err, XCY_EREMOTE, "not all of a batch were taken");
    }
    xcy_json_free(answer);
    xcy_json_free(input);
    return status;
}

static void *fill_share(void *ctx)
{
    struct filler *f = ctx;
    struct xcy_credentials credentials = {0};
    char *url = NULL;
    f->status = xcy_credentials_load(f->m->endpoint, &credentials, &f->err);
    if (f->status != XCY_OK) {
        return NULL;
    }
    struct xcy_aws aws = {
        .http = xcy_http_open(NULL),
        .endpoint = f->m->endpoint,
        .region = f->m->combination.reader_region,
        .credentials = &credentials,
    };
    f->status = xcy_sqs_queue_url(&aws, f->m->queue_name, &url, &f->err);
    for (int64_t i = f->first; i < f->m->planned && f->status == XCY_OK;
         i += (int64_t)FILLERS * XCY_SQS_BATCH) {
        f->status = send_batch(&aws, url, f->m, i, &f->err);
    }
    free(url);
    xcy_http_close(aws.http);
    xcy_credentials_clear(&credentials);
    return NULL;
}

static enum xcy_status fill(const char *dir, const char *endpoint, struct xcy_error *err)
{
    struct xcy_manifest m = {0};
    struct filler fillers[FILLERS];
    enum xcy_status status = xcy_manifest_read(dir, &m, err);
    if (status != XCY_OK) {
        return status;
    }
    free(m.endpoint);
    m.endpoint = xcy_strdup(endpoint);
    for (int f = 0; f < FILLERS; f++) {
        fillers[f] = (struct filler){.m = &m, .first = (int64_t)f * XCY_SQS_BATCH};
        xcy_assert(pthread_create(&fillers[f].thread, NULL, fill_share, &fillers[f]) == 0);
    }
    for (int f = 0; f < FILLERS; f++) {
        pthread_join(fillers[f].thread, NULL);
        if (status == XCY_OK && fillers[f].status != XCY_OK) {
            status = fillers[f].status;
            *err = fillers[f].err;
        }
    }
    xcy_manifest_clear(&m);
    return status;
}

int main(int argc, char *argv[])
{
    struct xcy_error err;
    int64_t n = 0;
    enum xcy_status status;
    xcy_log_init("evaluations", XCY_LOG_INFO);
    if (argc == 5 && strcmp(argv[1], "run") == 0 && xcy_int64_parse(xcy_bytes_of(argv[4]), &n) &&
        n > 0) {
        status = make_run(argv[2], argv[3], n, &err);
    } else if (argc == 4 && strcmp(argv[1], "fill") == 0) {
        status = fill(argv[2], argv[3], &err);
    } else {
        status =
            xcy_fail(&err, XCY_EUSAGE, "usage: evaluations run DIR ENDPOINT N | fill DIR ENDPOINT");
    }
    return status == XCY_OK ? 0 : xcy_log_exit(&err);
}

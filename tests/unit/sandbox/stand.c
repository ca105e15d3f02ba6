#include "tests/unit/sandbox/stand.h"

#include "common/aws/sqs.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char writer_region[] = "eu-central-1";
static const char reader_region[] = "us-east-1";
static const char account[] = "000000000000";

static struct xcy_lag *lag_of(double ms)
{
    struct xcy_error err;
    struct xcy_lag *lag;
    struct xcy_delay delay = {.model = ms < 0 ? XCY_DELAY_GATE : XCY_DELAY_CONSTANT,
                              .a_ms = ms < 0 ? 0 : ms};
    assert_ok(xcy_lag_new(&delay, 1, 1, "stand", &lag, &err), &err);
    return lag;
}

static void deliver(void *ctx, const char *region, const char *function, struct xcy_bytes payload)
{
    struct stand *s = ctx;
    pthread_mutex_lock(&s->lock);
    if (s->n_deliveries < STAND_MAX_DELIVERIES) {
        s->delivered_at[s->n_deliveries] = xcy_mono_now();
        s->deliveries[s->n_deliveries++] =
            xcy_format("%s %s %.*s", region, function, (int)payload.len, payload.ptr);
    }
    pthread_cond_broadcast(&s->delivered);
    pthread_mutex_unlock(&s->lock);
}

void stand_wait_deliveries(struct stand *s, size_t n)
{
    pthread_mutex_lock(&s->lock);
    while (s->n_deliveries < n) {
        pthread_cond_wait(&s->delivered, &s->lock);
    }
    pthread_mutex_unlock(&s->lock);
}

static void open_s3(struct stand *s)
{
    snprintf(s->s3_folder, sizeof s->s3_folder, "/tmp/xcy-s3-XXXXXX");
    assert_non_null(mkdtemp(s->s3_folder));
    s->s3 = xcy_s3_service_new(&(struct xcy_s3_service_options){.timers = s->timers,
                                                                .truth = s->truth,
                                                                .folder = s->s3_folder,
                                                                .writer_leg = s->lags[0],
                                                                .reader_leg = s->lags[1],
                                                                .replication = s->lags[2],
                                                                .writer_region = writer_region,
                                                                .reader_region = reader_region});
    xcy_s3_service_add_buckets(s->s3, "posts-writer", "posts-reader");
    s->services[3] = (struct xcy_service){"s3", xcy_s3_service_handle, s->s3};
}

static void answer_nothing(void *service, struct xcy_call *call)
{
    (void)service;
    xcy_call_reply_text(call, 200, "application/json", NULL, 0, xcy_bytes_of("{}"));
}

void stand_fault(struct stand *s, enum xcy_fault fault, double setting)
{
    struct xcy_error err;
    struct xcy_json *change = xcy_json_new_object();
    struct xcy_json *scope = xcy_json_put_object(change, xcy_fault_rows[fault].scope);
    xcy_fault_put(scope, xcy_fault_rows[fault].name, fault, setting);
    assert_ok(xcy_faults_change(s->faults, change, &err), &err);
    xcy_json_free(change);
}

static void open_faults(struct stand *s)
{
    struct xcy_fault_settings none_on;
    xcy_fault_settings_preset(&none_on);
    s->faults = xcy_faults_new(7, &none_on);
}

static void open_services(struct stand *s)
{
    s->sqs =
        xcy_sqs_service_new(&(struct xcy_sqs_service_options){.timers = s->timers,
                                                              .account = account,
                                                              .faults = s->faults,
                                                              .truth = s->truth,
                                                              .evaluation_region = reader_region,
                                                              .evaluation_queue = "e"});
    s->sns = xcy_sns_service_new(&(struct xcy_sns_service_options){.timers = s->timers,
                                                                   .account = account,
                                                                   .deliver = deliver,
                                                                   .deliver_ctx = s,
                                                                   .delivery = s->lags[4],
                                                                   .truth = s->truth});
    s->dynamodb = xcy_dynamodb_service_new(
        &(struct xcy_dynamodb_service_options){.timers = s->timers,
                                               .truth = s->truth,
                                               .account = account,
                                               .writer_leg = s->lags[0],
                                               .reader_leg = s->lags[1],
                                               .replication = s->lags[2],
                                               .settle = s->lags[3],
                                               .writer_region = writer_region,
                                               .reader_region = reader_region});
    xcy_sqs_service_add_queue(s->sqs, reader_region, "q");
    xcy_sns_service_add_topic(s->sns, writer_region, "t");
    xcy_sns_service_subscribe(s->sns, writer_region, "t", reader_region, "reader");
    xcy_dynamodb_service_add_table(s->dynamodb, "posts", "key");
    s->services[0] = (struct xcy_service){"sqs", xcy_sqs_service_handle, s->sqs};
    s->services[1] = (struct xcy_service){"sns", xcy_sns_service_handle, s->sns};
    s->services[2] = (struct xcy_service){"dynamodb", xcy_dynamodb_service_handle, s->dynamodb};
    s->services[4] = (struct xcy_service){"lambda", answer_nothing, NULL};
    open_s3(s);
}

static void open_clients(struct stand *s)
{
    struct xcy_error err;
    snprintf(s->endpoint, sizeof s->endpoint, "http://127.0.0.1:%u", xcy_server_port(s->server));
    s->http = xcy_http_open(NULL);
    s->writer = (struct xcy_aws){.http = s->http,
                                 .endpoint = s->endpoint,
                                 .region = writer_region,
                                 .credentials = &s->credentials};
    s->reader = s->writer;
    s->reader.region = reader_region;
    assert_ok(xcy_sqs_queue_url(&s->reader, "q", &s->queue_url, &err), &err);
}

struct stand *stand_open(const struct stand_lags *lags)
{
    static const struct stand_lags none = {0};
    struct xcy_error err;
    struct stand *s = xcy_alloc(sizeof *s);
    lags = lags ? lags : &none;
    const double ms[STAND_LAGS] = {lags->writer_leg, lags->reader_leg, lags->replication,
                                   lags->settle, lags->delivery};
    for (size_t i = 0; i < STAND_LAGS; i++) {
        s->lags[i] = lag_of(ms[i]);
    }
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->delivered, NULL);
    snprintf(s->truth_path, sizeof s->truth_path, "/tmp/xcy-truth-XXXXXX");
    close(mkstemp(s->truth_path));
    assert_ok(xcy_truth_open(s->truth_path, &s->truth, &err), &err);
    s->credentials.access_key = xcy_strdup("XCYSANDBOXTESTKEY");
    s->credentials.secret_key = xcy_strdup("secret/of+tests");
    s->timers = xcy_timers_start();
    open_faults(s);
    open_services(s);
    s->front = xcy_front_new(
        &(struct xcy_front_options){.credentials = &s->credentials,
                                    .services = s->services,
                                    .n_services = 5,
                                    .faults = {.faults = s->faults, .truth = s->truth}});
    struct xcy_server_options options = {.handle = xcy_front_handle, .ctx = s->front};
    assert_ok(xcy_server_start(&options, &s->server, &err), &err);
    open_clients(s);
    return s;
}

void stand_close(struct stand *s)
{
    xcy_sqs_service_stop(s->sqs);
    xcy_sns_service_stop(s->sns);
    xcy_dynamodb_service_stop(s->dynamodb);
    xcy_s3_service_stop(s->s3);
    xcy_timers_stop(s->timers);
    xcy_server_stop(s->server);
    xcy_http_close(s->http);
    xcy_front_free(s->front);
    xcy_sqs_service_free(s->sqs);
    xcy_sns_service_free(s->sns);
    xcy_dynamodb_service_free(s->dynamodb);
    xcy_s3_service_free(s->s3);
    assert_false(xcy_file_exists(s->s3_folder)); /* it was empty */
    xcy_truth_close(s->truth);
    xcy_faults_free(s->faults);
    unlink(s->truth_path);
    for (size_t i = 0; i < STAND_LAGS; i++) {
        xcy_lag_free(s->lags[i]);
    }
    for (size_t i = 0; i < s->n_deliveries; i++) {
        free(s->deliveries[i]);
    }
    xcy_credentials_clear(&s->credentials);
    pthread_cond_destroy(&s->delivered);
    pthread_mutex_destroy(&s->lock);
    free(s->queue_url);
    free(s);
}

static enum xcy_status call(const struct xcy_aws *aws, const char *target, struct xcy_json *input,
                            struct xcy_json **answer, struct xcy_error *err)
{
    const char *service = strncmp(target, "AmazonSQS", 9) == 0 ? "sqs" : "dynamodb";
    enum xcy_status status =
        xcy_aws_json_call(aws, service, target, "application/x-amz-json-1.0", input, answer, err);
    xcy_json_free(input);
    return status;
}

struct xcy_json *stand_call(const struct xcy_aws *aws, const char *target, struct xcy_json *input)
{
    struct xcy_json *answer = NULL;
    struct xcy_error err;
    assert_ok(call(aws, target, input, &answer, &err), &err);
    return answer;
}

void stand_call_fails(const struct xcy_aws *aws, const char *target, struct xcy_json *input,
                      const char *code)
{
    struct xcy_json *answer = NULL;
    struct xcy_error err;
    enum xcy_status status = call(aws, target, input, &answer, &err);
    if (status == XCY_OK || !strstr(err.text, code)) {
        fail_msg("%s: expected %s, got: %s", target, code, status == XCY_OK ? "(ok)" : err.text);
    }
}

int stand_query(const struct xcy_aws *aws, const char *service, const char *form,
                struct xcy_buf *body)
{
    struct xcy_aws_request r;
    struct xcy_http_reply reply = {0};
    struct xcy_error err;
    xcy_aws_request_init(&r, aws, service, "POST", NULL);
    xcy_aws_request_set_body(&r, "application/x-www-form-urlencoded; charset=utf-8",
                             xcy_bytes_of(form));
    assert_ok(xcy_aws_request_finish(&r, &err), &err);
    assert_ok(xcy_http_call(aws->http, &r.http, false, &reply, &err), &err);
    int status = reply.status;
    xcy_buf_reset(body);
    xcy_buf_add(body, xcy_buf_bytes(&reply.body));
    xcy_http_reply_clear(&reply);
    xcy_aws_request_clear(&r);
    return status;
}

struct xcy_json *stand_json(const char *text)
{
    char *copy = xcy_strdup(text);
    for (char *at = copy; *at; at++) {
        if (*at == '\'') {
            *at = '"';
        }
    }
    struct xcy_json *root;
    struct xcy_error err;
    assert_ok(xcy_json_parse(xcy_bytes_of(copy), &root, &err), &err);
    free(copy);
    return root;
}

struct xcy_json *stand_truth(const struct stand *s, const char *op)
{
    struct xcy_error err;
    struct xcy_buf text;
    xcy_buf_init(&text, 64 << 20);
    assert_ok(xcy_file_read(s->truth_path, &text, &err), &err);
    struct xcy_json *lines = xcy_json_new_array();
    for (const char *at = text.ptr; *at;) {
        size_t len = strcspn(at, "\n");
        struct xcy_json *line;
        assert_ok(xcy_json_parse(xcy_bytes(at, len), &line, &err), &err);
        if (strcmp(xcy_json_get_string(line, "op", ""), op) == 0) {
            xcy_json_append(lines, line);
        } else {
            xcy_json_free(line);
        }
        at += len + 1;
    }
    xcy_buf_clear(&text);
    return lines;
}

void stand_assert_counts(const struct stand *s, int64_t visible, int64_t in_flight, int64_t delayed)
{
    struct xcy_sqs_counts counts;
    struct xcy_error err;
    assert_ok(xcy_sqs_counts(&s->reader, s->queue_url, &counts, &err), &err);
    assert_int_equal(counts.visible, visible);
    assert_int_equal(counts.in_flight, in_flight);
    assert_int_equal(counts.delayed, delayed);
}

#include "tests/unit/sandbox/lambda_stand.h"

#include "common/base/file.h"
#include "common/base/mem.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_TRUTH_BYTES = 1 << 20 };

static void handle(void *ctx, struct xcy_exchange *exchange)
{
    struct lambda_stand *f = ctx;
    if (strncmp(xcy_exchange_path(exchange), "/_runtime/", 10) == 0) {
        xcy_lambda_service_runtime(f->service, exchange);
        return;
    }
    struct xcy_call *call = xcy_call_new(exchange);
    snprintf(call->region, sizeof call->region, LAMBDA_REGION);
    snprintf(call->service, sizeof call->service, "lambda");
    call->protocol = XCY_PROTOCOL_REST;
    xcy_lambda_service_handle(f->service, call);
}

/* The program beside this test. */
static void find_fake_function(struct lambda_stand *f)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    assert_true(n > 0);
    self[n] = '\0';
    *strrchr(self, '/') = '\0';
    snprintf(f->executable, sizeof f->executable, "%.*s/fake_function", PATH_MAX - 20, self);
}

static void add_function(struct lambda_stand *f, const struct lambda_setting *setting)
{
    struct xcy_json *environment = xcy_json_new_object();
    xcy_json_put_string(environment, "FLAVOUR", "first");
    xcy_json_put_string(environment, "STORE", "");
    if (setting->variable) {
        xcy_json_put_string(environment, setting->variable, "1");
    }
    struct xcy_lambda_function_options options = {
        .region = LAMBDA_REGION,
        .name = "fake",
        .executable = f->executable,
        .timeout_ms = setting->timeout_ms ? setting->timeout_ms : 60000,
        .concurrency_limit = setting->concurrency ? setting->concurrency : 10,
        .slots = setting->slots ? setting->slots : 1,
        .faults = XCY_FAULT_WRITER,
        .clock_faults = XCY_FAULT_WRITER_CLOCK,
        .environment = environment};
    assert_ok(xcy_lambda_service_add_function(f->service, &options, &f->err), &f->err);
    xcy_json_free(environment);
}

static void make_faults(struct lambda_stand *f, const struct lambda_setting *setting)
{
    struct xcy_fault_settings faults;
    xcy_fault_settings_preset(&faults);
    for (size_t i = 0; i < sizeof setting->faults / sizeof *setting->faults; i++) {
        if (setting->faults[i].setting != 0) {
            faults.of[setting->faults[i].fault] = setting->faults[i].setting;
        }
    }
    f->faults = xcy_faults_new(1, &faults);
}

void lambda_stand_open(struct lambda_stand *f, const struct lambda_setting *setting)
{
    static const struct xcy_lambda_variable variables[] = {{"STORE", "127.0.0.1:1"}};
    memset(f, 0, sizeof *f);
    snprintf(f->folder, sizeof f->folder, "/tmp/xcy-lambda-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    find_fake_function(f);
    f->credentials.access_key = xcy_strdup("XCYSANDBOXTEST");
    f->credentials.secret_key = xcy_strdup("secret");
    f->timers = xcy_timers_start();
    f->supervisor = xcy_supervisor_start();
    snprintf(f->truth_path, sizeof f->truth_path, "%s/truth.jsonl", f->folder);
    assert_ok(xcy_truth_open(f->truth_path, &f->truth, &f->err), &f->err);
    make_faults(f, setting);
    struct xcy_server_options server = {.handle = handle, .ctx = f};
    assert_ok(xcy_server_start(&server, &f->server, &f->err), &f->err);
    snprintf(f->endpoint, sizeof f->endpoint, "http://127.0.0.1:%u",
             (unsigned)xcy_server_port(f->server));
    struct xcy_lambda_service_options options = {.timers = f->timers,
                                                 .truth = f->truth,
                                                 .faults = f->faults,
                                                 .supervisor = f->supervisor,
                                                 .credentials = &f->credentials,
                                                 .account = LAMBDA_ACCOUNT,
                                                 .endpoint = f->endpoint,
                                                 .time_scale = 0.001,
                                                 .idle_s = setting->idle_s ? setting->idle_s : 60,
                                                 .init_timeout_ms = setting->init_timeout_ms,
                                                 .update_ms = 1,
                                                 .host_variables = variables,
                                                 .n_host_variables = 1};
    struct xcy_lambda_service *service;
    assert_ok(xcy_lambda_service_new(&options, &service, &f->err), &f->err);
    f->service = service;
    add_function(f, setting);
    f->http = xcy_http_open(NULL);
}

void lambda_stand_close(struct lambda_stand *f)
{
    xcy_http_reply_clear(&f->reply);
    xcy_http_close(f->http);
    xcy_lambda_service_stop(f->service);
    xcy_timers_stop(f->timers);
    xcy_supervisor_stop(f->supervisor, 0);
    xcy_server_stop(f->server);
    xcy_lambda_service_free(f->service);
    xcy_truth_close(f->truth);
    xcy_faults_free(f->faults);
    xcy_credentials_clear(&f->credentials);
    assert_ok(xcy_dir_remove(f->folder, &f->err), &f->err);
}

/* path: below /2015-03-31/functions. */
int lambda_request(struct lambda_stand *f, const char *method, const char *path, const char *type,
                   struct xcy_bytes body)
{
    char *url = xcy_format("%s/2015-03-31/functions%s", f->endpoint, path);
    struct xcy_http_request r = {.method = method, .url = url, .body = body};
    if (type) {
        r.headers[r.n_headers++] = (struct xcy_http_header){"X-Amz-Invocation-Type", type};
    }
    xcy_http_reply_clear(&f->reply);
    assert_ok(xcy_http_call(f->http, &r, false, &f->reply, &f->err), &f->err);
    assert_int_equal(f->reply.result, XCY_HTTP_DONE);
    free(url);
    return f->reply.status;
}

int lambda_invoke(struct lambda_stand *f, const char *payload)
{
    return lambda_request(f, "POST", "/fake/invocations", NULL, xcy_bytes_of(payload));
}

void lambda_assert_header(const struct lambda_stand *f, const char *name, const char *expected)
{
    char value[256] = "(none)";
    xcy_http_reply_header(&f->reply, name, value, sizeof value);
    assert_string_equal(value, expected);
}

void lambda_assert_body(const struct lambda_stand *f, const char *expected)
{
    assert_string_equal(f->reply.body.ptr, expected);
}

void lambda_assert_body_has(const struct lambda_stand *f, const char *part)
{
    if (!strstr(f->reply.body.ptr, part)) {
        fail_msg("'%s' is not in: %s", part, f->reply.body.ptr);
    }
}

/* A number of the status of the only function: "throttled" or "ended.ok". */
int64_t lambda_counter(struct lambda_stand *f, const char *group, const char *name)
{
    struct xcy_json *status = xcy_lambda_service_status(f->service);
    const struct xcy_json *object = xcy_json_at(status, 0);
    int64_t value = xcy_json_get_int64(group ? xcy_json_get(object, group) : object, name, -1);
    xcy_json_free(status);
    return value;
}

void lambda_await_counter(struct lambda_stand *f, const char *group, const char *name,
                          int64_t value)
{
    while (lambda_counter(f, group, name) != value) {
        usleep(1000);
    }
}

static void keep_answer(void *ctx, const struct xcy_http_reply *reply)
{
    struct lambda_answers *answers = ctx;
    answers->statuses[answers->n] = reply->status;
    snprintf(answers->bodies[answers->n++], 256, "%.250s", reply->body.ptr);
    if (reply->status == 429) {
        xcy_http_reply_header(reply, "Retry-After", answers->retry_after,
                              sizeof answers->retry_after);
    }
}

void lambda_start(struct lambda_stand *f, const char *payload, struct lambda_answers *answers)
{
    char *url = xcy_format("%s/2015-03-31/functions/fake/invocations", f->endpoint);
    struct xcy_http_request r = {.method = "POST", .url = url, .body = xcy_bytes_of(payload)};
    assert_ok(xcy_http_start(f->http, &r, NULL, keep_answer, answers, &f->err), &f->err);
    free(url);
}

void lambda_run_until(struct lambda_stand *f, const struct lambda_answers *answers, size_t n)
{
    while (answers->n < n) {
        xcy_http_run(f->http, xcy_mono_add(xcy_mono_now(), XCY_NS_PER_S), -1, true);
    }
}

/* A FIFO that invocations wait at, and the payload that makes them wait. */
void lambda_make_gate(const struct lambda_stand *f, char path[128], char payload[256])
{
    snprintf(path, 128, "%s/gate", f->folder);
    snprintf(payload, 256, "{\"do\":\"hold\",\"file\":\"%s\"}", path);
    assert_int_equal(mkfifo(path, 0600), 0);
}

void lambda_open_gate(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK); /* stays open: all come through */
    assert_true(fd >= 0);
}

struct xcy_json *lambda_truth(const struct lambda_stand *f, const char *op)
{
    struct xcy_buf text;
    struct xcy_error err;
    xcy_buf_init(&text, MAX_TRUTH_BYTES);
    assert_ok(xcy_file_read(f->truth_path, &text, &err), &err);
    struct xcy_json *lines = xcy_json_new_array();
    for (const char *at = text.ptr, *end; at && (end = strchr(at, '\n')); at = end + 1) {
        struct xcy_json *line = NULL;
        assert_ok(xcy_json_parse(xcy_bytes(at, (size_t)(end - at)), &line, &err), &err);
        if (strcmp(xcy_json_get_string(line, "op", ""), op) == 0) {
            xcy_json_append(lines, line);
        } else {
            xcy_json_free(line);
        }
    }
    xcy_buf_clear(&text);
    return lines;
}

struct xcy_fault_count lambda_faults(const struct lambda_stand *f, enum xcy_fault fault)
{
    return xcy_faults_count(f->faults, fault);
}

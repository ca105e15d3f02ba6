#include "tests/support/unit.h"

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/net/http.h"
#include "sandbox/services/lambda.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define REGION  "eu-central-1"
#define ACCOUNT "123456789012"

enum { MAX_FILE_BYTES = 1 << 20, MAX_ANSWERS = 8 };

/* The service behind a real server, without the front: nothing is signed here. */
struct fixture {
    struct xcy_lambda_service *service;
    struct xcy_supervisor *supervisor;
    struct xcy_timers *timers;
    struct xcy_truth *truth;
    struct xcy_server *server;
    struct xcy_credentials credentials;
    struct xcy_http *http;
    struct xcy_http_reply reply; /* the last one */
    char folder[64];
    char endpoint[64];
    char executable[PATH_MAX];
    struct xcy_error err;
};

static void handle(void *ctx, struct xcy_exchange *exchange)
{
    struct fixture *f = ctx;
    if (strncmp(xcy_exchange_path(exchange), "/_runtime/", 10) == 0) {
        xcy_lambda_service_runtime(f->service, exchange);
        return;
    }
    struct xcy_call *call = xcy_call_new(exchange);
    snprintf(call->region, sizeof call->region, REGION);
    snprintf(call->service, sizeof call->service, "lambda");
    call->protocol = XCY_PROTOCOL_REST;
    xcy_lambda_service_handle(f->service, call);
}

/* The program beside this test. */
static void find_fake_function(struct fixture *f)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    assert_true(n > 0);
    self[n] = '\0';
    *strrchr(self, '/') = '\0';
    snprintf(f->executable, sizeof f->executable, "%.*s/fake_function", PATH_MAX - 20, self);
}

struct setting {
    int64_t timeout_ms;
    int64_t concurrency;
    int64_t slots;
    int64_t init_timeout_ms;
    int64_t idle_s;
    const char *variable; /* set to "1" in the function's environment */
};

static void add_function(struct fixture *f, const struct setting *setting)
{
    struct xcy_json *environment = xcy_json_new_object();
    xcy_json_put_string(environment, "FLAVOUR", "first");
    xcy_json_put_string(environment, "STORE", "");
    if (setting->variable) {
        xcy_json_put_string(environment, setting->variable, "1");
    }
    struct xcy_lambda_function_options options = {
        .region = REGION,
        .name = "fake",
        .executable = f->executable,
        .timeout_ms = setting->timeout_ms ? setting->timeout_ms : 60000,
        .concurrency_limit = setting->concurrency ? setting->concurrency : 10,
        .slots = setting->slots ? setting->slots : 1,
        .environment = environment};
    assert_ok(xcy_lambda_service_add_function(f->service, &options, &f->err), &f->err);
    xcy_json_free(environment);
}

static void open_fixture(struct fixture *f, const struct setting *setting)
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
    assert_ok(xcy_truth_open(NULL, &f->truth, &f->err), &f->err);
    struct xcy_server_options server = {.handle = handle, .ctx = f};
    assert_ok(xcy_server_start(&server, &f->server, &f->err), &f->err);
    snprintf(f->endpoint, sizeof f->endpoint, "http://127.0.0.1:%u",
             (unsigned)xcy_server_port(f->server));
    struct xcy_lambda_service_options options = {.timers = f->timers,
                                                 .truth = f->truth,
                                                 .supervisor = f->supervisor,
                                                 .credentials = &f->credentials,
                                                 .account = ACCOUNT,
                                                 .endpoint = f->endpoint,
                                                 .time_scale = 0.001,
                                                 .idle_s = setting->idle_s ? setting->idle_s : 60,
                                                 .init_timeout_ms = setting->init_timeout_ms,
                                                 .update_ms = 1,
                                                 .host_variables = variables,
                                                 .n_host_variables = 1};
    assert_ok(xcy_lambda_service_new(&options, &f->service, &f->err), &f->err);
    add_function(f, setting);
    f->http = xcy_http_open(NULL);
}

static void close_fixture(struct fixture *f)
{
    xcy_http_reply_clear(&f->reply);
    xcy_http_close(f->http);
    xcy_lambda_service_stop(f->service);
    xcy_timers_stop(f->timers);
    xcy_supervisor_stop(f->supervisor, 0);
    xcy_server_stop(f->server);
    xcy_lambda_service_free(f->service);
    xcy_truth_close(f->truth);
    xcy_credentials_clear(&f->credentials);
    assert_ok(xcy_dir_remove(f->folder, &f->err), &f->err);
}

/* path: below /2015-03-31/functions. */
static int request(struct fixture *f, const char *method, const char *path, const char *type,
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

static int invoke(struct fixture *f, const char *payload)
{
    return request(f, "POST", "/fake/invocations", NULL, xcy_bytes_of(payload));
}

static void assert_header(const struct fixture *f, const char *name, const char *expected)
{
    char value[256] = "(none)";
    xcy_http_reply_header(&f->reply, name, value, sizeof value);
    assert_string_equal(value, expected);
}

static void assert_body(const struct fixture *f, const char *expected)
{
    assert_string_equal(f->reply.body.ptr, expected);
}

static void assert_body_has(const struct fixture *f, const char *part)
{
    if (!strstr(f->reply.body.ptr, part)) {
        fail_msg("'%s' is not in: %s", part, f->reply.body.ptr);
    }
}

/* A number of the status of the only function: "throttled" or "ended.ok". */
static int64_t counter(struct fixture *f, const char *group, const char *name)
{
    struct xcy_json *status = xcy_lambda_service_status(f->service);
    const struct xcy_json *object = xcy_json_at(status, 0);
    int64_t value = xcy_json_get_int64(group ? xcy_json_get(object, group) : object, name, -1);
    xcy_json_free(status);
    return value;
}

static void await_counter(struct fixture *f, const char *group, const char *name, int64_t value)
{
    while (counter(f, group, name) != value) {
        usleep(1000);
    }
}

static void a_synchronous_invocation_is_answered_by_the_function(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, &(struct setting){0});
    assert_int_equal(invoke(&f, "{\"do\":\"env\",\"name\":\"FLAVOUR\"}"), 200);
    assert_body(&f, "\"first\"");
    assert_header(&f, "X-Amz-Executed-Version", "$LATEST");
    assert_header(&f, "X-Amz-Function-Error", "(none)");
    await_counter(&f, NULL, "idle_slots", 1);
    assert_int_equal(invoke(&f, "{\"do\":\"headers\"}"), 200);
    assert_body_has(&f, "arn:aws:lambda:" REGION ":" ACCOUNT ":function:fake");
    assert_int_equal(counter(&f, NULL, "instances_started"), 1); /* the second was warm */
    assert_int_equal(counter(&f, "ended", "ok"), 2);
    close_fixture(&f);
}

static void a_process_finds_its_surroundings(void **state)
{
    (void)state;
    static const char *const expected[][2] = {{"AWS_LAMBDA_FUNCTION_NAME", "fake"},
                                              {"AWS_REGION", REGION},
                                              {"AWS_ACCESS_KEY_ID", "XCYSANDBOXTEST"},
                                              {"XCY_SLOTS", "1"},
                                              {"_HANDLER", "bootstrap"},
                                              {"STORE", "127.0.0.1:1"},
                                              {"HOME", "(none)"}};
    struct fixture f;
    open_fixture(&f, &(struct setting){0});
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        char payload[128];
        char body[128];
        snprintf(payload, sizeof payload, "{\"do\":\"env\",\"name\":\"%s\"}", expected[i][0]);
        snprintf(body, sizeof body, "\"%s\"", expected[i][1]);
        assert_int_equal(invoke(&f, payload), 200);
        assert_body(&f, body);
    }
    close_fixture(&f);
}

static void a_function_error_is_a_200_that_says_so(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, &(struct setting){0});
    assert_int_equal(invoke(&f, "{\"do\":\"error\"}"), 200);
    assert_header(&f, "X-Amz-Function-Error", "Unhandled");
    assert_body(&f, "{\"errorMessage\":\"as told\",\"errorType\":\"Told\"}");
    assert_int_equal(counter(&f, "ended", "function_error"), 1);
    close_fixture(&f);
}

static void a_process_that_ends_fails_its_invocation_and_is_replaced(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, &(struct setting){0});
    assert_int_equal(invoke(&f, "{\"do\":\"exit\"}"), 200);
    assert_header(&f, "X-Amz-Function-Error", "Unhandled");
    assert_body_has(&f, "Runtime exited with error: exit status 3");
    assert_body_has(&f, "Runtime.ExitError");
    assert_int_equal(invoke(&f, "{\"do\":\"pid\"}"), 200);
    assert_header(&f, "X-Amz-Function-Error", "(none)");
    assert_int_equal(counter(&f, NULL, "instances_started"), 2);
    close_fixture(&f);
}

static void an_invocation_past_its_time_is_ended_with_its_process(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, &(struct setting){.timeout_ms = 300});
    assert_int_equal(invoke(&f, "{\"do\":\"hang\"}"), 200);
    assert_header(&f, "X-Amz-Function-Error", "Unhandled");
    assert_body_has(&f, "Task timed out after 0.30 seconds");
    await_counter(&f, NULL, "instances", 0);
    assert_int_equal(counter(&f, "ended", "timed_out"), 1);
    close_fixture(&f);
}

static void a_failed_start_is_a_function_error(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, &(struct setting){.variable = "FAIL_INIT"});
    assert_int_equal(invoke(&f, "{}"), 200);
    assert_header(&f, "X-Amz-Function-Error", "Unhandled");
    assert_body(&f, "{\"errorMessage\":\"no luck\",\"errorType\":\"Init\"}");
    close_fixture(&f);
}

static void a_start_without_end_is_cut_off(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, &(struct setting){.variable = "SILENT", .init_timeout_ms = 50});
    assert_int_equal(invoke(&f, "{}"), 200);
    assert_body_has(&f, "Init timed out");
    close_fixture(&f);
}

static void idle_processes_are_ended(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, &(struct setting){.idle_s = 1});
    assert_int_equal(invoke(&f, "{\"do\":\"pid\"}"), 200);
    assert_int_equal(counter(&f, NULL, "instances"), 1);
    await_counter(&f, NULL, "instances", 0);
    close_fixture(&f);
}

static void a_dry_run_runs_nothing(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, &(struct setting){0});
    assert_int_equal(request(&f, "POST", "/fake/invocations", "DryRun", xcy_bytes_of("{}")), 204);
    assert_int_equal(counter(&f, NULL, "instances_started"), 0);
    close_fixture(&f);
}

static void names_and_arns_are_understood_and_others_not_found(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        int status;
    } cases[] = {
        {"/fake/invocations", 200},
        {"/fake/invocations?Qualifier=%24LATEST", 200},
        {"/fake:$LATEST/invocations", 200},
        {"/arn%3Aaws%3Alambda%3A" REGION "%3A" ACCOUNT "%3Afunction%3Afake/invocations", 200},
        {"/" ACCOUNT ":function:fake/invocations", 200},
        {"/fake/invocations?Qualifier=7", 404},
        {"/arn:aws:lambda:us-east-1:" ACCOUNT ":function:fake/invocations", 404},
        {"/nobody/invocations", 404},
        {"/a%20b/invocations", 400},
        {"/fake/nothing", 404},
    };
    struct fixture f;
    open_fixture(&f, &(struct setting){0});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int status = request(&f, "POST", cases[i].path, NULL, xcy_bytes_of("{\"do\":\"pid\"}"));
        if (status != cases[i].status) {
            fail_msg("%s: %d %s", cases[i].path, status, f.reply.body.ptr);
        }
    }
    assert_int_equal(request(&f, "POST", "/nobody/invocations", NULL, xcy_bytes_of("{}")), 404);
    assert_header(&f, "x-amzn-ErrorType", "ResourceNotFoundException");
    assert_body_has(&f,
                    "Function not found: arn:aws:lambda:" REGION ":" ACCOUNT ":function:nobody");
    close_fixture(&f);
}

static void too_large_and_malformed_payloads_are_refused(void **state)
{
    (void)state;
    struct fixture f;
    size_t size = (size_t)7 << 20;
    char *big = xcy_alloc(size);
    memset(big, '1', size);
    open_fixture(&f, &(struct setting){0});
    const char *path = "/fake/invocations";
    assert_int_equal(request(&f, "POST", path, NULL, xcy_bytes(big, size)), 413);
    assert_header(&f, "x-amzn-ErrorType", "RequestTooLargeException");
    assert_int_equal(request(&f, "POST", path, "Event", xcy_bytes(big, 1024 * 1024 + 1)), 413);
    assert_int_equal(request(&f, "POST", path, NULL, xcy_bytes_of("{nonsense")), 400);
    assert_header(&f, "x-amzn-ErrorType", "InvalidRequestContentException");
    assert_int_equal(request(&f, "POST", path, "Sometimes", xcy_bytes_of("{}")), 400);
    assert_int_equal(invoke(&f, "{\"do\":\"big\"}"), 200);
    assert_body_has(&f, "Function.ResponseSizeTooLarge");
    free(big);
    close_fixture(&f);
}

/* Several invocations on the way at once. */
struct answers {
    int statuses[MAX_ANSWERS];
    char bodies[MAX_ANSWERS][256];
    char retry_after[16]; /* of the last one throttled */
    size_t n;
};

static void keep_answer(void *ctx, const struct xcy_http_reply *reply)
{
    struct answers *answers = ctx;
    answers->statuses[answers->n] = reply->status;
    snprintf(answers->bodies[answers->n++], 256, "%.250s", reply->body.ptr);
    if (reply->status == 429) {
        xcy_http_reply_header(reply, "Retry-After", answers->retry_after,
                              sizeof answers->retry_after);
    }
}

static void start_invoke(struct fixture *f, const char *payload, struct answers *answers)
{
    char *url = xcy_format("%s/2015-03-31/functions/fake/invocations", f->endpoint);
    struct xcy_http_request r = {.method = "POST", .url = url, .body = xcy_bytes_of(payload)};
    assert_ok(xcy_http_start(f->http, &r, NULL, keep_answer, answers, &f->err), &f->err);
    free(url);
}

static void run_until(struct fixture *f, const struct answers *answers, size_t n)
{
    while (answers->n < n) {
        xcy_http_run(f->http, xcy_mono_add(xcy_mono_now(), XCY_NS_PER_S), -1, true);
    }
}

/* A FIFO that invocations wait at, and the payload that makes them wait. */
static void make_gate(const struct fixture *f, char path[128], char payload[256])
{
    snprintf(path, 128, "%s/gate", f->folder);
    snprintf(payload, 256, "{\"do\":\"hold\",\"file\":\"%s\"}", path);
    assert_int_equal(mkfifo(path, 0600), 0);
}

static void open_gate(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK); /* stays open: all come through */
    assert_true(fd >= 0);
}

static void beyond_the_concurrency_limit_the_answer_is_429(void **state)
{
    (void)state;
    struct fixture f;
    struct answers answers = {.n = 0};
    char path[128];
    char payload[256];
    open_fixture(&f, &(struct setting){.concurrency = 2});
    make_gate(&f, path, payload);
    start_invoke(&f, payload, &answers);
    start_invoke(&f, payload, &answers);
    start_invoke(&f, payload, &answers);
    run_until(&f, &answers, 1); /* the third, whichever that is */
    assert_int_equal(answers.statuses[0], 429);
    assert_non_null(strstr(answers.bodies[0], "ReservedFunctionConcurrentInvocationLimitExceeded"));
    assert_string_equal(answers.retry_after, "1");
    open_gate(path);
    run_until(&f, &answers, 3);
    assert_int_equal(answers.statuses[1], 200);
    assert_int_equal(answers.statuses[2], 200);
    assert_int_equal(counter(&f, NULL, "throttled"), 1);
    close_fixture(&f);
}

static void one_process_serves_as_many_as_it_has_slots(void **state)
{
    (void)state;
    enum { N = 6 };
    struct fixture f;
    struct answers answers = {.n = 0};
    char path[128];
    char payload[256];
    open_fixture(&f, &(struct setting){.slots = 3});
    make_gate(&f, path, payload);
    for (size_t i = 0; i < N; i++) {
        start_invoke(&f, payload, &answers);
    }
    while (counter(&f, NULL, "in_flight") < N) {
        xcy_http_run(f.http, xcy_mono_add(xcy_mono_now(), XCY_NS_PER_MS), -1, false);
    }
    open_gate(path);
    run_until(&f, &answers, N);
    assert_int_equal(counter(&f, NULL, "instances_started"), 2);
    close_fixture(&f);
}

static void events_are_accepted_and_tried_three_times(void **state)
{
    (void)state;
    struct fixture f;
    struct xcy_buf text;
    char path[128];
    char payload[256];
    open_fixture(&f, &(struct setting){0});
    snprintf(path, sizeof path, "%s/tries", f.folder);
    snprintf(payload, sizeof payload, "{\"do\":\"try\",\"file\":\"%s\"}", path);
    assert_int_equal(request(&f, "POST", "/fake/invocations", "Event", xcy_bytes_of(payload)), 202);
    assert_body(&f, "");
    await_counter(&f, NULL, "events_dropped", 1);
    xcy_buf_init(&text, MAX_FILE_BYTES);
    assert_ok(xcy_file_read(path, &text, &f.err), &f.err);
    assert_int_equal(text.len, 3 * 37); /* three request ids, and all the same */
    assert_memory_equal(text.ptr, text.ptr + 37, 37);
    assert_memory_equal(text.ptr, text.ptr + 74, 37);
    assert_int_equal(counter(&f, NULL, "events_retried"), 2);
    assert_int_equal(counter(&f, NULL, "events_waiting"), 0);
    xcy_buf_clear(&text);
    close_fixture(&f);
}

static void throttled_events_are_run_later(void **state)
{
    (void)state;
    struct fixture f;
    struct answers answers = {.n = 0};
    char path[128];
    char payload[256];
    open_fixture(&f, &(struct setting){.concurrency = 1});
    make_gate(&f, path, payload);
    start_invoke(&f, payload, &answers);
    while (counter(&f, NULL, "in_flight") < 1) {
        xcy_http_run(f.http, xcy_mono_add(xcy_mono_now(), XCY_NS_PER_MS), -1, false);
    }
    xcy_lambda_service_invoke_event(f.service, REGION, "fake", xcy_bytes_of("{\"do\":\"pid\"}"));
    while (counter(&f, NULL, "throttled") < 2) {
        usleep(1000);
    }
    assert_int_equal(counter(&f, NULL, "events_waiting"), 1);
    open_gate(path);
    run_until(&f, &answers, 1);
    await_counter(&f, NULL, "events_waiting", 0);
    assert_int_equal(counter(&f, "ended", "ok"), 2);
    close_fixture(&f);
}

static void put_configuration(struct fixture *f, const char *body, int expected)
{
    int status = request(f, "PUT", "/fake/configuration", NULL, xcy_bytes_of(body));
    if (status != expected) {
        fail_msg("%s: %d %s", body, status, f->reply.body.ptr);
    }
}

static void await_updated(struct fixture *f)
{
    do {
        assert_int_equal(request(f, "GET", "/fake/configuration", NULL, xcy_bytes_of("")), 200);
    } while (!strstr(f->reply.body.ptr, "\"LastUpdateStatus\":\"Successful\""));
}

static void after_an_update_only_the_new_configuration_runs(void **state)
{
    (void)state;
    struct fixture f;
    struct answers answers = {.n = 0};
    char path[128];
    char payload[256];
    open_fixture(&f, &(struct setting){0});
    make_gate(&f, path, payload);
    start_invoke(&f, payload, &answers); /* in the hands of an old process all the while */
    while (counter(&f, NULL, "in_flight") < 1) {
        xcy_http_run(f.http, xcy_mono_add(xcy_mono_now(), XCY_NS_PER_MS), -1, false);
    }
    put_configuration(&f, "{\"Environment\":{\"Variables\":{\"FLAVOUR\":\"second\"}}}", 200);
    await_updated(&f);
    assert_body_has(&f, "\"FLAVOUR\":\"second\"");
    for (int i = 0; i < 5; i++) {
        assert_int_equal(invoke(&f, "{\"do\":\"env\",\"name\":\"FLAVOUR\"}"), 200);
        assert_body(&f, "\"second\"");
    }
    open_gate(path);
    run_until(&f, &answers, 1);
    assert_int_equal(answers.statuses[0], 200); /* the old one finished what it had */
    await_counter(&f, NULL, "in_flight", 0);
    close_fixture(&f);
}

static void wrong_updates_change_nothing(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, &(struct setting){0});
    put_configuration(&f, "nonsense", 400);
    put_configuration(&f, "{\"Timeout\":0}", 400);
    put_configuration(&f, "{\"Environment\":{\"Variables\":{\"AWS_REGION\":\"x\"}}}", 400);
    assert_body_has(&f, "Reserved keys used in this request: AWS_REGION");
    put_configuration(&f, "{\"Environment\":{\"Variables\":{\"A B\":\"x\"}}}", 400);
    put_configuration(&f, "{\"RevisionId\":\"another\",\"Timeout\":7}", 412);
    assert_int_equal(request(&f, "GET", "/fake", NULL, xcy_bytes_of("")), 200);
    assert_body_has(&f, "\"FLAVOUR\":\"first\"");
    assert_body_has(&f, "\"Timeout\":60");
    assert_int_equal(request(&f, "GET", "/", NULL, xcy_bytes_of("")), 200);
    assert_body_has(&f, "{\"Functions\":[{\"FunctionName\":\"fake\"");
    close_fixture(&f);
}

static void the_runtime_api_is_for_our_processes_only(void **state)
{
    (void)state;
    static const char *const tokens[] = {"0-00000000000000000000000000000000", "0-", "7-x", "x"};
    struct fixture f;
    open_fixture(&f, &(struct setting){0});
    assert_int_equal(invoke(&f, "{\"do\":\"pid\"}"), 200); /* instance 0 is there */
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        char *url =
            xcy_format("%s/_runtime/%s/2018-06-01/runtime/invocation/next", f.endpoint, tokens[i]);
        struct xcy_http_request r = {.method = "GET", .url = url};
        xcy_http_reply_clear(&f.reply);
        assert_ok(xcy_http_call(f.http, &r, false, &f.reply, &f.err), &f.err);
        assert_int_equal(f.reply.status, 403);
        free(url);
    }
    close_fixture(&f);
}

static void stopping_answers_what_is_under_way(void **state)
{
    (void)state;
    struct fixture f;
    struct answers answers = {.n = 0};
    open_fixture(&f, &(struct setting){0});
    start_invoke(&f, "{\"do\":\"hang\"}", &answers);
    while (counter(&f, NULL, "in_flight") < 1) {
        xcy_http_run(f.http, xcy_mono_add(xcy_mono_now(), XCY_NS_PER_MS), -1, false);
    }
    xcy_lambda_service_stop(f.service);
    run_until(&f, &answers, 1);
    assert_int_equal(answers.statuses[0], 503);
    assert_int_equal(invoke(&f, "{}"), 503);
    close_fixture(&f);
}

/* What goes to stderr between two calls, in a file. */
static int divert_stderr(const char *path)
{
    int kept = dup(STDERR_FILENO);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(kept >= 0 && fd >= 0 && dup2(fd, STDERR_FILENO) >= 0);
    close(fd);
    return kept;
}

static void restore_stderr(int kept)
{
    dup2(kept, STDERR_FILENO);
    close(kept);
}

/* Stops a service whose process then says its last words and ends with the code. */
static void stop_with_last_words(const char *exit_code, struct xcy_buf *said)
{
    struct fixture f;
    char path[128];
    char *payload = xcy_format("{\"do\":\"last_words\",\"code\":%s}", exit_code);
    open_fixture(&f, &(struct setting){0});
    snprintf(path, sizeof path, "%s/stderr", f.folder);
    assert_int_equal(invoke(&f, payload), 200);
    int kept = divert_stderr(path);
    xcy_log_set_level(XCY_LOG_INFO);
    xcy_lambda_service_stop(f.service);
    xcy_timers_stop(f.timers);
    xcy_supervisor_stop(f.supervisor, 60 * XCY_NS_PER_S);
    xcy_log_set_level(XCY_LOG_ERROR);
    restore_stderr(kept);
    f.timers = NULL;
    f.supervisor = NULL;
    enum xcy_status status = xcy_file_read(path, said, &f.err);
    free(payload);
    close_fixture(&f);
    assert_ok(status, &f.err);
}

static void what_is_said_amid_the_end_is_not_shown(void **state)
{
    (void)state;
    struct xcy_buf said;
    xcy_buf_init(&said, MAX_FILE_BYTES);
    stop_with_last_words("0", &said);
    assert_string_equal(said.ptr ? said.ptr : "", "");
    xcy_buf_clear(&said);
}

static void a_process_that_fails_amid_the_end_is_told_of_with_its_words(void **state)
{
    (void)state;
    struct xcy_buf said;
    xcy_buf_init(&said, MAX_FILE_BYTES);
    stop_with_last_words("66", &said);
    assert_non_null(strstr(said.ptr, "failed while it was being ended (exit status 66)"));
    assert_non_null(strstr(said.ptr, "fake: last words"));
    xcy_buf_clear(&said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_synchronous_invocation_is_answered_by_the_function),
        cmocka_unit_test(a_process_finds_its_surroundings),
        cmocka_unit_test(a_function_error_is_a_200_that_says_so),
        cmocka_unit_test(a_process_that_ends_fails_its_invocation_and_is_replaced),
        cmocka_unit_test(an_invocation_past_its_time_is_ended_with_its_process),
        cmocka_unit_test(a_failed_start_is_a_function_error),
        cmocka_unit_test(a_start_without_end_is_cut_off),
        cmocka_unit_test(idle_processes_are_ended),
        cmocka_unit_test(a_dry_run_runs_nothing),
        cmocka_unit_test(names_and_arns_are_understood_and_others_not_found),
        cmocka_unit_test(too_large_and_malformed_payloads_are_refused),
        cmocka_unit_test(beyond_the_concurrency_limit_the_answer_is_429),
        cmocka_unit_test(one_process_serves_as_many_as_it_has_slots),
        cmocka_unit_test(events_are_accepted_and_tried_three_times),
        cmocka_unit_test(throttled_events_are_run_later),
        cmocka_unit_test(after_an_update_only_the_new_configuration_runs),
        cmocka_unit_test(wrong_updates_change_nothing),
        cmocka_unit_test(the_runtime_api_is_for_our_processes_only),
        cmocka_unit_test(stopping_answers_what_is_under_way),
        cmocka_unit_test(what_is_said_amid_the_end_is_not_shown),
        cmocka_unit_test(a_process_that_fails_amid_the_end_is_told_of_with_its_words),
    };
    xcy_log_init("lambda_service_test", XCY_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

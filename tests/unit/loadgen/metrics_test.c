#include "common/base/file.h"
#include "common/base/log.h"
#include "common/data/json.h"
#include "common/data/number.h"
#include "common/net/http.h"
#include "loadgen/report/exposition.h"
#include "loadgen/report/metrics.h"
#include "tests/support/unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

enum { MAX_TEXT_BYTES = 1 << 20 };

/* A run of 10 s at 1000/s, 4 s after its start. */
struct fixture {
    struct xcy_plan plan;
    struct xcy_tally total;
    struct xcy_view view;
    struct xcy_metrics_facts facts;
    struct xcy_buf out;
};

static void setup(struct fixture *f)
{
    struct xcy_error err;
    struct xcy_schedule_options options = {.rate_per_s = 1000, .duration_ns = 10 * XCY_NS_PER_S};
    *f = (struct fixture){.plan = {.run = "the-run"}};
    assert_ok(xcy_schedule_build(&options, &f->plan.schedule, &err), &err);
    xcy_tally_init(&f->total);
    xcy_buf_init(&f->out, MAX_TEXT_BYTES);
    f->total.measured.sent = 4001;
    f->total.measured.late = 5;
    f->total.measured.retries = 6;
    f->total.measured.skipped[XCY_SKIP_IN_FLIGHT] = 7;
    f->total.measured.outcomes[XCY_OUTCOME_SKIPPED] = 7;
    f->total.measured.outcomes[XCY_OUTCOME_OK] = 3900;
    f->total.measured.outcomes[XCY_OUTCOME_THROTTLED] = 67;
    f->total.warmup.outcomes[XCY_OUTCOME_OK] = 3;
    f->total.busiest_cpu_share = 0.25;
    f->view = (struct xcy_view){
        .plan = &f->plan, .total = &f->total, .elapsed_ns = 4 * XCY_NS_PER_S, .in_flight = 34};
    f->facts = (struct xcy_metrics_facts){
        .engine = "http", .endpoint = "http://127.0.0.1/", .started = {1700000000500000000}};
}

static void teardown(struct fixture *f)
{
    xcy_schedule_free(f->plan.schedule);
    xcy_tally_clear(&f->total);
    xcy_buf_clear(&f->out);
}

static void format(struct fixture *f)
{
    xcy_buf_reset(&f->out);
    xcy_metrics_format(&f->facts, &f->view, &f->out);
    assert_false(f->out.overflowed);
}

static void assert_has(const char *text, const char *line)
{
    char whole[256];
    snprintf(whole, sizeof whole, "\n%s\n", line);
    if (!strstr(text, whole)) {
        fail_msg("no line '%s' in:\n%s", line, text);
    }
}

/* The sample's value, or -1. */
static double value_of(const char *text, const char *sample)
{
    char head[256];
    double value = -1;
    int n = snprintf(head, sizeof head, "\n%s ", sample);
    const char *at = strstr(text, head);
    if (at) {
        at += n;
        assert_true(xcy_double_parse(xcy_bytes(at, strcspn(at, "\n")), &value));
    }
    return value;
}

static void each_figure_of_a_view_is_a_sample(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "xcybench_loadgen_start_time_seconds 1700000000.5",
        "xcybench_loadgen_elapsed_seconds 4.0",
        "xcybench_loadgen_schedule_seconds 10.0",
        "xcybench_loadgen_planned_requests 10000.0",
        "xcybench_loadgen_asked_requests_per_second 1000.0",
        "xcybench_loadgen_in_flight_requests 34.0",
        "xcybench_loadgen_busiest_cpu_ratio 0.25",
        "xcybench_loadgen_sent_requests_total{phase=\"measured\"} 4001",
        "xcybench_loadgen_sent_requests_total{phase=\"warmup\"} 0",
        "xcybench_loadgen_late_requests_total{phase=\"measured\"} 5",
        "xcybench_loadgen_retries_total{phase=\"measured\"} 6",
        "xcybench_loadgen_skipped_requests_total{phase=\"measured\",reason=\"in_flight\"} 7",
        "xcybench_loadgen_requests_total{phase=\"warmup\",outcome=\"ok\"} 3",
        "xcybench_loadgen_requests_total{phase=\"measured\",outcome=\"ok\"} 3900",
        "xcybench_loadgen_requests_total{phase=\"measured\",outcome=\"throttled\"} 67",
        "xcybench_loadgen_requests_total{phase=\"measured\",outcome=\"skipped\"} 7",
        "xcybench_loadgen_requests_total{phase=\"measured\",outcome=\"dns\"} 0",
        "# TYPE xcybench_loadgen_requests_total counter",
        "# TYPE xcybench_loadgen_response_seconds histogram",
        "# TYPE xcybench_loadgen_in_flight_requests gauge",
    };
    struct fixture f;
    setup(&f);
    format(&f);
    for (size_t l = 0; l < sizeof lines / sizeof lines[0]; l++) {
        assert_has(f.out.ptr, lines[l]);
    }
    teardown(&f);
}

static void nothing_is_asked_before_the_start_after_the_end_and_when_stopping(void **state)
{
    (void)state;
    static const char asked[] = "xcybench_loadgen_asked_requests_per_second";
    struct fixture f;
    setup(&f);
    f.view.elapsed_ns = -1;
    format(&f);
    assert_true(value_of(f.out.ptr, asked) == 0);
    assert_true(value_of(f.out.ptr, "xcybench_loadgen_elapsed_seconds") == 0);
    f.view.elapsed_ns = 10 * XCY_NS_PER_S;
    format(&f);
    assert_true(value_of(f.out.ptr, asked) == 0);
    f.view.elapsed_ns = XCY_NS_PER_S;
    f.view.is_stopping = true;
    format(&f);
    assert_true(value_of(f.out.ptr, asked) == 0);
    teardown(&f);
}

static void a_histogram_counts_what_lies_at_or_below_each_bound(void **state)
{
    (void)state;
    static const int64_t values_ns[] = {20000, 450000, 450000, 9000000, 2000000000, 90000000000};
    static const struct {
        const char *le;
        double count;
    } cases[] = {
        {"0.00005", 1}, {"0.00025", 1}, {"0.0005", 3}, {"0.007", 3}, {"0.01", 4},
        {"1.5", 4},     {"3", 5},       {"60", 5},     {"+Inf", 6},
    };
    struct fixture f;
    setup(&f);
    for (size_t i = 0; i < sizeof values_ns / sizeof values_ns[0]; i++) {
        xcy_latency_add(&f.total.latency[XCY_OUTCOME_OK], XCY_LAG, values_ns[i]);
    }
    format(&f);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sample[128];
        snprintf(sample, sizeof sample,
                 "xcybench_loadgen_lag_seconds_bucket{outcome=\"ok\",le=\"%s\"}", cases[i].le);
        assert_true(value_of(f.out.ptr, sample) == cases[i].count);
    }
    assert_has(f.out.ptr, "xcybench_loadgen_lag_seconds_count{outcome=\"ok\"} 6");
    double sum = value_of(f.out.ptr, "xcybench_loadgen_lag_seconds_sum{outcome=\"ok\"}");
    assert_true(sum > 92.00991999 && sum < 92.00992001);
    teardown(&f);
}

static void an_outcome_has_latencies_once_it_has_values_but_ok_always(void **state)
{
    (void)state;
    static const char ok[] = "xcybench_loadgen_response_seconds_count{outcome=\"ok\"}";
    static const char reset[] = "xcybench_loadgen_response_seconds_count{outcome=\"reset\"}";
    struct fixture f;
    setup(&f);
    format(&f);
    assert_true(value_of(f.out.ptr, ok) == 0);
    assert_true(value_of(f.out.ptr, reset) == -1);
    assert_has(f.out.ptr, "xcybench_loadgen_start_lag_seconds_count 0");
    xcy_latency_add(&f.total.latency[XCY_OUTCOME_RESET], XCY_RESPONSE, 1000000);
    format(&f);
    assert_true(value_of(f.out.ptr, reset) == 1);
    teardown(&f);
}

/* What xcy_hist refuses is still a request that took its time. */
static void a_value_beyond_the_histogram_counts_as_infinite(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    xcy_hist_add(f.total.start_lag, INT64_MAX);
    xcy_hist_add(f.total.start_lag, 1000);
    format(&f);
    assert_has(f.out.ptr, "xcybench_loadgen_start_lag_seconds_bucket{le=\"60\"} 1");
    assert_has(f.out.ptr, "xcybench_loadgen_start_lag_seconds_bucket{le=\"+Inf\"} 2");
    assert_has(f.out.ptr, "xcybench_loadgen_start_lag_seconds_count 2");
    teardown(&f);
}

static void what_a_label_may_not_hold_is_escaped(void **state)
{
    (void)state;
    struct xcy_buf out;
    xcy_buf_init(&out, 1024);
    xcy_exposition_label("a", "C:\\x \"y\"\nz \xC3\xA9 \xFF", false, &out);
    xcy_exposition_label("b", NULL, true, &out);
    assert_string_equal(out.ptr, "a=\"C:\\\\x \\\"y\\\"\\nz \xC3\xA9 \xEF\xBF\xBD\",b=\"\"");
    xcy_buf_clear(&out);
}

/* The name of a family, or of the buckets of a histogram. */
static bool is_exported(const char *text, struct xcy_bytes name)
{
    static const char bucket[] = "_bucket";
    char head[160];
    size_t n = sizeof bucket - 1;
    snprintf(head, sizeof head, "\n# TYPE %.*s ", (int)name.len, name.ptr);
    if (strstr(text, head)) {
        return true;
    }
    if (name.len < n || memcmp(name.ptr + name.len - n, bucket, n) != 0) {
        return false;
    }
    snprintf(head, sizeof head, "\n# TYPE %.*s histogram\n", (int)(name.len - n), name.ptr);
    return strstr(text, head) != NULL;
}

static void the_dashboard_is_json_and_asks_only_for_what_is_served(void **state)
{
    (void)state;
    static const char prefix[] = "xcybench_loadgen_";
    struct fixture f;
    struct xcy_buf dashboard;
    struct xcy_json *o = NULL;
    struct xcy_error err;
    size_t n_names = 0;
    setup(&f);
    format(&f);
    xcy_buf_init(&dashboard, MAX_TEXT_BYTES);
    assert_ok(xcy_file_read("../../../samples/grafana-loadgen.json", &dashboard, &err), &err);
    assert_ok(xcy_json_parse(xcy_buf_bytes(&dashboard), &o, &err), &err);
    assert_true(xcy_json_size(xcy_json_get(o, "panels")) >= 6);
    for (const char *at = dashboard.ptr; (at = strstr(at, prefix)); n_names++) {
        size_t n = strspn(at, "abcdefghijklmnopqrstuvwxyz_");
        if (!is_exported(f.out.ptr, xcy_bytes(at, n))) {
            fail_msg("/metrics has no %.*s", (int)n, at);
        }
        at += n;
    }
    assert_true(n_names >= 15);
    xcy_json_free(o);
    xcy_buf_clear(&dashboard);
    teardown(&f);
}

/* The status, and the body in f->out. */
static int ask(struct fixture *f, uint16_t port, const char *method, const char *path)
{
    char url[128];
    struct xcy_error err;
    struct xcy_http_reply reply;
    snprintf(url, sizeof url, "http://127.0.0.1:%u%s", (unsigned)port, path);
    struct xcy_http_request request = {
        .method = method, .url = url, .total_timeout_ns = 60 * XCY_NS_PER_S};
    struct xcy_http *http = xcy_http_open(NULL);
    assert_ok(xcy_http_call(http, &request, false, &reply, &err), &err);
    assert_int_equal(reply.result, XCY_HTTP_DONE);
    xcy_buf_reset(&f->out);
    xcy_buf_add(&f->out, xcy_buf_bytes(&reply.body));
    int status = reply.status;
    xcy_http_reply_clear(&reply);
    xcy_http_close(http);
    return status;
}

static struct xcy_metrics *start(void)
{
    struct xcy_metrics *metrics = NULL;
    struct xcy_error err;
    assert_ok(xcy_metrics_start("localhost:0", &metrics, &err), &err);
    return metrics;
}

static void what_was_published_last_is_served(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    struct xcy_metrics *metrics = start();
    uint16_t port = xcy_metrics_port(metrics);
    assert_int_equal(ask(&f, port, "GET", "/metrics"), 200);
    assert_int_equal(f.out.len, 0);
    xcy_metrics_describe(metrics, "null", "a \"quoted\" place");
    xcy_metrics_publish(metrics, &f.view);
    f.total.measured.sent = 4002; /* not yet published */
    assert_int_equal(ask(&f, port, "GET", "/metrics"), 200);
    assert_has(f.out.ptr, "xcybench_loadgen_sent_requests_total{phase=\"measured\"} 4001");
    assert_has(f.out.ptr, "xcybench_loadgen_run_info{run=\"the-run\",arrivals=\"constant\","
                          "engine=\"null\",endpoint=\"a \\\"quoted\\\" place\","
                          "version=\"" XCY_VERSION "\"} 1");
    double started = value_of(f.out.ptr, "xcybench_loadgen_start_time_seconds");
    xcy_metrics_publish(metrics, &f.view);
    assert_int_equal(ask(&f, port, "GET", "/metrics?x=1"), 200);
    assert_has(f.out.ptr, "xcybench_loadgen_sent_requests_total{phase=\"measured\"} 4002");
    assert_true(value_of(f.out.ptr, "xcybench_loadgen_start_time_seconds") == started);
    xcy_metrics_stop(metrics);
    teardown(&f);
}

struct publisher {
    struct fixture *f;
    struct xcy_metrics *metrics;
    atomic_bool is_over;
};

static void *publish_without_end(void *ctx)
{
    struct publisher *p = ctx;
    while (!atomic_load(&p->is_over)) {
        p->f->total.measured.sent++;
        p->f->total.measured.retries++;
        xcy_metrics_publish(p->metrics, &p->f->view);
    }
    return NULL;
}

/* Two counters that are always 3995 apart where they are published, and the last family is there. */
static void a_scrape_between_two_publications_sees_one_of_them_whole(void **state)
{
    (void)state;
    struct fixture f;
    struct fixture reader = {.plan = {.schedule = NULL}};
    pthread_t thread;
    setup(&f);
    xcy_buf_init(&reader.out, MAX_TEXT_BYTES);
    struct publisher p = {.f = &f, .metrics = start()};
    xcy_metrics_publish(p.metrics, &f.view);
    assert_int_equal(pthread_create(&thread, NULL, publish_without_end, &p), 0);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(ask(&reader, xcy_metrics_port(p.metrics), "GET", "/metrics"), 200);
        const char *text = reader.out.ptr;
        double sent = value_of(text, "xcybench_loadgen_sent_requests_total{phase=\"measured\"}");
        double retries = value_of(text, "xcybench_loadgen_retries_total{phase=\"measured\"}");
        assert_true(sent - retries == 3995);
        assert_has(text, "xcybench_loadgen_start_lag_seconds_count 0");
    }
    atomic_store(&p.is_over, true);
    pthread_join(thread, NULL);
    xcy_metrics_stop(p.metrics);
    xcy_buf_clear(&reader.out);
    teardown(&f);
}

static void other_paths_and_methods_are_refused_with_a_hint(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    struct xcy_metrics *metrics = start();
    uint16_t port = xcy_metrics_port(metrics);
    assert_int_equal(ask(&f, port, "GET", "/"), 404);
    assert_non_null(strstr(f.out.ptr, "/metrics"));
    assert_int_equal(ask(&f, port, "POST", "/metrics"), 405);
    assert_non_null(strstr(f.out.ptr, "GET"));
    xcy_metrics_stop(metrics);
    teardown(&f);
}

static void an_address_that_is_none_is_refused_with_what_would_be_right(void **state)
{
    (void)state;
    static const char *const wrong[] = {"9464",         ":9464",           "127.0.0.1",
                                        "127.0.0.1:",   "127.0.0.1:65536", "127.0.0.1:-1",
                                        "127.0.0.1:9x", "example.org:9464"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct xcy_metrics *metrics = NULL;
        struct xcy_error err;
        assert_status(xcy_metrics_start(wrong[i], &metrics, &err), XCY_EUSAGE, &err);
        assert_non_null(strstr(err.text, "--metrics"));
        assert_null(metrics);
    }
}

static void a_port_in_use_is_named(void **state)
{
    (void)state;
    struct xcy_metrics *first = start();
    struct xcy_metrics *second = NULL;
    struct xcy_error err;
    char address[32];
    snprintf(address, sizeof address, "127.0.0.1:%u", (unsigned)xcy_metrics_port(first));
    assert_status(xcy_metrics_start(address, &second, &err), XCY_ENET, &err);
    assert_non_null(strstr(err.text, address));
    assert_non_null(strstr(err.text, "--metrics"));
    xcy_metrics_stop(first);
    xcy_metrics_stop(NULL);
}

int main(void)
{
    xcy_log_init("metrics_test", XCY_LOG_ERROR);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_figure_of_a_view_is_a_sample),
        cmocka_unit_test(nothing_is_asked_before_the_start_after_the_end_and_when_stopping),
        cmocka_unit_test(a_histogram_counts_what_lies_at_or_below_each_bound),
        cmocka_unit_test(an_outcome_has_latencies_once_it_has_values_but_ok_always),
        cmocka_unit_test(a_value_beyond_the_histogram_counts_as_infinite),
        cmocka_unit_test(what_a_label_may_not_hold_is_escaped),
        cmocka_unit_test(the_dashboard_is_json_and_asks_only_for_what_is_served),
        cmocka_unit_test(what_was_published_last_is_served),
        cmocka_unit_test(a_scrape_between_two_publications_sees_one_of_them_whole),
        cmocka_unit_test(other_paths_and_methods_are_refused_with_a_hint),
        cmocka_unit_test(an_address_that_is_none_is_refused_with_what_would_be_right),
        cmocka_unit_test(a_port_in_use_is_named),
    };
    return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}

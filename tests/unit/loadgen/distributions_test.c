#include "common/data/json.h"
#include "common/stats/stream.h"
#include "loadgen/record/distributions.h"
#include "tests/support/folder.h"
#include "tests/unit/loadgen/played.h"

#include <string.h>

static void assert_same_hist(const struct xcy_hist *a, const struct xcy_hist *b)
{
    if (!a || !b) {
        assert_true(a == b);
        return;
    }
    struct xcy_hist_facts fa;
    struct xcy_hist_facts fb;
    struct xcy_hist_bucket in_a;
    struct xcy_hist_bucket in_b;
    size_t at_a = 0;
    size_t at_b = 0;
    xcy_hist_get_facts(a, &fa);
    xcy_hist_get_facts(b, &fb);
    assert_string_equal(fa.sum, fb.sum);
    assert_true(fa.min == fb.min && fa.max == fb.max && fa.outside == fb.outside);
    assert_int_equal(xcy_hist_count(a), xcy_hist_count(b));
    while (xcy_hist_next(a, &at_a, &in_a)) {
        assert_true(xcy_hist_next(b, &at_b, &in_b));
        assert_true(in_a.lowest == in_b.lowest && in_a.count == in_b.count);
    }
    assert_false(xcy_hist_next(b, &at_b, &in_b));
}

static void assert_same_latencies(const struct xcy_tally *a, const struct xcy_tally *b)
{
    assert_same_hist(a->start_lag, b->start_lag);
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        for (size_t kind = 0; kind < XCY_N_LATENCIES; kind++) {
            assert_same_hist(a->latency[i].of[kind], b->latency[i].of[kind]);
        }
    }
}

static void add_random(struct xcy_stream *stream, struct xcy_tally *one, struct xcy_tally *two)
{
    double u = xcy_stream_uniform(stream);
    size_t outcome = (size_t)(u * u * XCY_OUTCOME_SKIPPED);
    enum xcy_latency_kind kind =
        (enum xcy_latency_kind)(xcy_stream_uniform(stream) * XCY_N_LATENCIES);
    int64_t ns = (int64_t)xcy_stream_lognormal(stream, 2e6, 4e9) - 1000;
    xcy_latency_add(&one->latency[outcome], kind, ns);
    xcy_latency_add(&two->latency[outcome], kind, ns);
    xcy_hist_add(one->start_lag, ns / 100);
    xcy_hist_add(two->start_lag, ns / 100);
}

/* Random values dealt to a few shards, each written, and all read into one: it is the histogram of all
 * values, to the last count and nanosecond. */
static void shards_read_back_add_up_to_the_whole(void **state)
{
    struct xcy_stream *stream = xcy_stream_new(5, "distributions");
    for (int set = 0; set < 12; set++) {
        struct xcy_error err;
        struct xcy_tally whole;
        struct xcy_tally merged;
        xcy_tally_init(&whole);
        xcy_tally_init(&merged);
        for (int shard = 0; shard < 1 + set % 4; shard++) {
            struct xcy_tally part;
            xcy_tally_init(&part);
            for (int n = 0; n < set * 20; n++) {
                add_random(stream, &part, &whole);
            }
            assert_ok(xcy_distributions_write(&part, *state, &err), &err);
            assert_ok(xcy_distributions_read(*state, &merged, &err), &err);
            xcy_tally_clear(&part);
        }
        assert_same_latencies(&merged, &whole);
        xcy_tally_clear(&whole);
        xcy_tally_clear(&merged);
    }
    xcy_stream_free(stream);
}

static void why_slots_were_skipped_and_the_instants_come_back_too(void **state)
{
    struct xcy_error err;
    struct xcy_tally t;
    struct xcy_tally back;
    xcy_tally_init(&t);
    xcy_tally_init(&back);
    play(&t, (struct play){0, 10, 11, 20, XCY_OUTCOME_OK, 1, false});
    play(&t, (struct play){1, 30, 31, 90, XCY_OUTCOME_OK, 1, false});
    xcy_tally_skip(&t, XCY_SKIP_LATE, false);
    xcy_tally_skip(&t, XCY_SKIP_STOPPED, true);
    assert_ok(xcy_distributions_write(&t, *state, &err), &err);
    back.first_sent = (struct xcy_mono){5000};
    assert_ok(xcy_distributions_read(*state, &back, &err), &err);
    assert_int_equal(back.measured.skipped[XCY_SKIP_LATE], 1);
    assert_int_equal(back.measured.skipped[XCY_SKIP_IN_FLIGHT], 0);
    assert_int_equal(back.warmup.skipped[XCY_SKIP_STOPPED], 1);
    assert_int_equal(back.last_sent.ns, 5000 + 20 * XCY_NS_PER_MS);
    assert_int_equal(back.last_acked.ns, 5000 + 79 * XCY_NS_PER_MS);
    xcy_tally_reset(&back);
    assert_ok(xcy_distributions_read(*state, &back, &err), &err);
    assert_int_equal(back.last_sent.ns, 0);
    xcy_tally_clear(&t);
    xcy_tally_clear(&back);
}

static char *read_file(const char *folder, const char *name)
{
    struct xcy_buf text;
    struct xcy_error err;
    char *path = xcy_format("%s/%s", folder, name);
    xcy_buf_init(&text, 1 << 20);
    assert_ok(xcy_file_read(path, &text, &err), &err);
    free(path);
    return xcy_buf_take(&text);
}

static bool has_file(const char *folder, const char *name)
{
    char *path = xcy_format("%s/%s", folder, name);
    bool found = xcy_file_exists(path);
    free(path);
    return found;
}

static const char two_plays[] =
    "{\"format_version\": 1, \"unit\": \"ns\", \"bits\": 8, \"max\": 140737488355328,\n"
    " \"skipped\": {\"measured\": {\"late\": 0, \"in_flight\": 1, \"stopped\": 0}, "
    "\"warmup\": {\"late\": 0, \"in_flight\": 0, \"stopped\": 0}},\n"
    " \"last_sent\": 1000000, \"last_acked\": 3000000,\n"
    " \"start_lag\": {\"count\": 2, \"outside\": 0, \"min\": 0, \"max\": 0, \"sum\": \"0\", "
    "\"buckets\": [[0, 2]]},\n"
    " \"latency\": {\n"
    "  \"ok\": {\n"
    "   \"response\": {\"count\": 1, \"outside\": 0, \"min\": 2000000, \"max\": 2000000, "
    "\"sum\": \"2000000\", \"buckets\": [[1998848, 1]]},\n"
    "   \"service\": {\"count\": 1, \"outside\": 0, \"min\": 2000000, \"max\": 2000000, "
    "\"sum\": \"2000000\", \"buckets\": [[1998848, 1]]},\n"
    "   \"lag\": {\"count\": 1, \"outside\": 0, \"min\": 0, \"max\": 0, \"sum\": \"0\", "
    "\"buckets\": [[0, 1]]}},\n"
    "  \"connect\": {\n"
    "   \"response\": {\"count\": 1, \"outside\": 0, \"min\": 1000000, \"max\": 1000000, "
    "\"sum\": \"1000000\", \"buckets\": [[999424, 1]]}}}}\n";

/* 2 ms = 2000000 lies in [2^20, 2^21), whose 256 buckets are 4096 wide: 488 * 4096 = 1998848; 1 ms in
 * [2^19, 2^20), 2048 wide: 488 * 2048 = 999424. */
static void the_file_is_as_documented(void **state)
{
    struct xcy_error err;
    struct xcy_tally t;
    xcy_tally_init(&t);
    play(&t, (struct play){0, 0, 0, 2, XCY_OUTCOME_OK, 1, false});
    play(&t, (struct play){1, 2, -1, 3, XCY_OUTCOME_CONNECT, 1, false});
    xcy_tally_skip(&t, XCY_SKIP_IN_FLIGHT, false);
    t.last_sent = at_ms(1);
    assert_ok(xcy_distributions_write(&t, *state, &err), &err);
    char *text = read_file(*state, "latency.json");
    assert_string_equal(text, two_plays);
    struct xcy_json *root = NULL;
    assert_ok(xcy_json_parse(xcy_bytes_of(text), &root, &err), &err);
    xcy_json_free(root);
    free(text);
    xcy_tally_clear(&t);
}

static void a_percentile_file_stands_for_ok_and_what_else_has_values(void **state)
{
    struct xcy_error err;
    struct xcy_tally t;
    xcy_tally_init(&t);
    play(&t, (struct play){0, 0, 0, 2, XCY_OUTCOME_RESET, 1, false});
    play(&t, (struct play){1, 0, -1, 2, XCY_OUTCOME_CONNECT, 1, false});
    assert_ok(xcy_distributions_write(&t, *state, &err), &err);
    static const char *const there[] = {
        "response.hgrm",        "service.hgrm",       "lag.hgrm",
        "response-reset.hgrm",  "service-reset.hgrm", "lag-reset.hgrm",
        "response-connect.hgrm"};
    for (size_t i = 0; i < sizeof there / sizeof there[0]; i++) {
        assert_true(has_file(*state, there[i]));
    }
    assert_false(has_file(*state, "service-connect.hgrm"));
    assert_false(has_file(*state, "response-throttled.hgrm"));
    assert_false(has_file(*state, "response-ok.hgrm"));
    char *text = read_file(*state, "response-reset.hgrm");
    assert_non_null(strstr(text, "\n    2.000000     1.000000            1          inf\n"));
    free(text);
    xcy_tally_clear(&t);
}

static void put_text(const char *folder, const char *text)
{
    struct xcy_error err;
    char *path = xcy_format("%s/latency.json", folder);
    assert_ok(xcy_file_replace(path, xcy_bytes_of(text), 0644, &err), &err);
    free(path);
}

static char *with(const char *text, const char *old, const char *new)
{
    const char *at = strstr(text, old);
    assert_non_null(at);
    return xcy_format("%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
}

static void what_is_no_latency_file_is_refused_and_nothing_is_added(void **state)
{
    static const struct {
        const char *old;
        const char *new;
        const char *words;
    } cases[] = {
        {"\"format_version\": 1", "\"format_version\": 2", "format_version 2"},
        {"\"bits\": 8", "\"bits\": 7", "bits"},
        {"\"unit\": \"ns\"", "\"unit\": \"us\"", "unit"},
        {"\"max\": 140737488355328", "\"max\": 5", "max"},
        {"\"in_flight\": 1", "\"in_flight\": -1", "'in_flight'"},
        {"\"last_sent\": 1000000, ", "", "'last_sent'"},
        {"\"count\": 2", "\"count\": 3", "start_lag: its buckets count 2, not 3"},
        {"\"count\": 2", "\"count\": 1", "start_lag: bucket 1"},
        {"[[0, 2]]", "[[0, 2.5]]", "start_lag: bucket 1"},
        {"[[0, 2]]", "[[0, 1], [0, 0], [0, 1]]", "start_lag: bucket 2"},
        {"[[0, 2]]", "[[0, 2, 1]]", "start_lag: bucket 1"},
        {"[[0, 2]]", "[[0, 1], [-5, 1]]", "start_lag: bucket 2"},
        {"[[0, 2]]", "7", "start_lag: its buckets count 0"},
        {"\"ok\"", "\"fine\"", "'fine' is no outcome"},
        {"\"connect\"", "\"ok\"", "ok: 'response'"},
        {"\"service\"", "\"slowness\"", "ok: 'slowness'"},
        {"\"service\"", "\"response\"", "ok: 'response'"},
        {"\"min\": 2000000", "\"min\": 1", "ok: response: its buckets"},
        {"\"sum\": \"2000000\"", "\"sum\": \"1\"", "ok: response: its buckets"},
        {"\"sum\": \"2000000\"", "\"sum\": 2000000", "ok: response: its buckets"},
        {"}}}}\n", "", "latency.json"},
        {two_plays, "", "latency.json"},
        {two_plays, "[]", "format_version 0"},
    };
    struct xcy_tally back;
    struct xcy_tally empty;
    xcy_tally_init(&back);
    xcy_tally_init(&empty);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct xcy_error err;
        char *text = with(two_plays, cases[i].old, cases[i].new);
        put_text(*state, text);
        assert_status(xcy_distributions_read(*state, &back, &err), XCY_EPARSE, &err);
        assert_non_null(strstr(err.text, cases[i].words));
        assert_non_null(strstr(err.text, *state));
        assert_same_latencies(&back, &empty);
        free(text);
    }
    xcy_tally_clear(&back);
    xcy_tally_clear(&empty);
}

static void a_file_that_is_not_there_is_named(void **state)
{
    struct xcy_error err;
    struct xcy_tally t;
    xcy_tally_init(&t);
    assert_status(xcy_distributions_read(*state, &t, &err), XCY_ENOTFOUND, &err);
    assert_non_null(strstr(err.text, "latency.json"));
    assert_int_not_equal(xcy_distributions_write(&t, "/nowhere/at/all", &err), XCY_OK);
    assert_non_null(strstr(err.text, "/nowhere/at/all/"));
    xcy_tally_clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(shards_read_back_add_up_to_the_whole),
        WITH_FOLDER(why_slots_were_skipped_and_the_instants_come_back_too),
        WITH_FOLDER(the_file_is_as_documented),
        WITH_FOLDER(a_percentile_file_stands_for_ok_and_what_else_has_values),
        WITH_FOLDER(what_is_no_latency_file_is_refused_and_nothing_is_added),
        WITH_FOLDER(a_file_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests_name("distributions", tests, NULL, NULL);
}

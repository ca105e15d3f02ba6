#include "scratch.h"

#include "common/run/manifest.h"

static struct xcy_manifest sample_manifest(void)
{
    struct xcy_manifest m = {.format_version = 1,
                             .tag = xcy_strdup("eu-us__10__delay-0ms"),
                             .state = XCY_RUN_INTERRUPTED,
                             .seed = 42,
                             .engine = xcy_strdup("lambda"),
                             .endpoint = xcy_strdup("http://127.0.0.1:4566"),
                             .deployment = xcy_strdup("it's: #odd"),
                             .queue_name = xcy_strdup("evaluations"),
                             .writer_function = xcy_strdup("writer"),
                             .reader_function = xcy_strdup("reader"),
                             .time_scale = 0.1,
                             .is_async = true,
                             .planned = 10,
                             .rate_per_s = 0.01,
                             .peak_rate_per_s = 0.02,
                             .arrivals = xcy_strdup("ramp:0.01..0.02"),
                             .warmup_slots = 3,
                             .shard_index = 1,
                             .shard_count = 4,
                             .retries_allowed = 2,
                             .retries = 5,
                             .readers_at_a_time = 6,
                             .wall_minus_mono_ns = INT64_C(1763720123456789012),
                             .start_lag_p99_us = 17.5,
                             .version = xcy_strdup("0.1.0"),
                             .host = xcy_strdup("null"),
                             .verdict = XCY_VERDICT_TARGET_LIMITED,
                             .verdict_reason = xcy_strdup("2 throttled"),
                             .lag_p99_us = 123.456};
    strcpy(m.run, "0123456789abcdef");
    strcpy(m.boot_id, "unknown");
    m.combination.consistency = XCY_CONSISTENCY_ANTIPODE;
    m.combination.visibility = XCY_VISIBILITY_SAMPLE;
    m.combination.visibility_share = 0.25;
    strcpy(m.combination.writer_region, "eu-central-1");
    strcpy(m.combination.reader_region, "us-east-1");
    m.outcomes[XCY_OUTCOME_OK] = 5;
    m.warmup_outcomes[XCY_OUTCOME_OK] = 3;
    m.outcomes[XCY_OUTCOME_THROTTLED] = 2;
    return m;
}

static void a_manifest_reads_back_as_written(void **state)
{
    struct xcy_error err;
    struct xcy_manifest m = sample_manifest();
    assert_ok(xcy_manifest_write(&m, *state, &err), &err);
    struct xcy_manifest got = {0};
    assert_ok(xcy_manifest_read(*state, &got, &err), &err);
    assert_string_equal(got.run, m.run);
    assert_string_equal(got.deployment, m.deployment);
    assert_string_equal(got.host, "null");
    assert_int_equal(got.state, XCY_RUN_INTERRUPTED);
    assert_int_equal(got.verdict, XCY_VERDICT_TARGET_LIMITED);
    assert_true(got.is_async);
    assert_int_equal(got.readers_at_a_time, 6);
    assert_int_equal(got.wall_minus_mono_ns, INT64_C(1763720123456789012));
    assert_true(got.lag_p99_us == 123.456 && got.rate_per_s == 0.01 && got.time_scale == 0.1);
    assert_true(xcy_combination_equal(&got.combination, &m.combination));
    assert_string_equal(got.arrivals, "ramp:0.01..0.02");
    assert_true(got.peak_rate_per_s == 0.02 && got.start_lag_p99_us == 17.5);
    assert_int_equal(got.planned, 10);
    assert_int_equal(got.warmup_slots, 3);
    assert_int_equal(got.shard_index, 1);
    assert_int_equal(got.shard_count, 4);
    assert_int_equal(got.retries_allowed, 2);
    assert_int_equal(got.retries, 5);
    assert_memory_equal(got.outcomes, m.outcomes, sizeof m.outcomes);
    assert_memory_equal(got.warmup_outcomes, m.warmup_outcomes, sizeof m.warmup_outcomes);
    xcy_manifest_clear(&got);
    xcy_manifest_clear(&m);
}

/* What run.yml holds, as lines. */
static struct xcy_buf text_of(const char *folder, const struct xcy_manifest *m)
{
    struct xcy_error err;
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 20);
    assert_ok(xcy_manifest_write(m, folder, &err), &err);
    char *path = xcy_run_file(folder, "run.yml");
    assert_ok(xcy_file_read(path, &text, &err), &err);
    free(path);
    return text;
}

/* Cuts the line of a key, and what is indented below it, out of a manifest. */
static void cut_key(struct xcy_buf *text, const char *key)
{
    char *head = xcy_format("\n%s:", key);
    char *line = strstr(text->ptr, head);
    assert_non_null(line);
    line++;
    char *end = line;
    do {
        end = strchr(end, '\n') + 1;
    } while (*end == ' ');
    memmove(line, end, strlen(end) + 1);
    text->len = strlen(text->ptr);
    free(head);
}

static const char *const newer_keys[] = {
    "engine",          "arrivals",        "warmup_slots", "shard_index",      "shard_count",
    "peak_rate_per_s", "retries_allowed", "retries",      "start_lag_p99_us", "warmup_outcomes"};

static void a_manifest_of_the_release_before_has_what_it_did_not_write(void **state)
{
    struct xcy_error err;
    struct xcy_manifest m = sample_manifest();
    struct xcy_manifest got = {0};
    m.planned = 7; /* it knew no warm-up */
    m.warmup_slots = 0;
    m.warmup_outcomes[XCY_OUTCOME_OK] = 0;
    struct xcy_buf text = text_of(*state, &m);
    for (size_t k = 0; k < sizeof newer_keys / sizeof *newer_keys; k++) {
        cut_key(&text, newer_keys[k]);
    }
    put_file(*state, "run.yml", &text);
    assert_ok(xcy_manifest_read(*state, &got, &err), &err);
    assert_string_equal(got.engine, "lambda");
    assert_string_equal(got.arrivals, "constant");
    assert_int_equal(got.shard_index, 0);
    assert_int_equal(got.shard_count, 1);
    assert_int_equal(got.warmup_slots, 0);
    assert_int_equal(got.retries_allowed, 0);
    assert_true(got.peak_rate_per_s == got.rate_per_s);
    assert_int_equal(got.planned, 7);
    xcy_manifest_clear(&got);
    cut_key(&text, "planned");
    put_file(*state, "run.yml", &text);
    assert_status(xcy_manifest_read(*state, &got, &err), XCY_EUSAGE, &err);
    assert_non_null(strstr(err.text, "key 'planned' is missing"));
    xcy_buf_clear(&text);
    xcy_manifest_clear(&m);
}

static void a_later_format_is_refused_before_its_keys_are(void **state)
{
    struct xcy_error err;
    struct xcy_manifest got = {0};
    struct xcy_buf text;
    xcy_buf_init(&text, 1000);
    xcy_buf_add_text(&text, "format_version: 2\nphase_of_moon: full\n");
    put_file(*state, "run.yml", &text);
    assert_status(xcy_manifest_read(*state, &got, &err), XCY_EUSAGE, &err);
    assert_non_null(strstr(err.text, "format_version is 2; this release reads 1"));
    xcy_buf_clear(&text);
}

static void outcomes_that_do_not_add_up_to_the_slots_are_refused(void **state)
{
    static const struct {
        const char *from;
        const char *to;
    } changes[] = {{"planned: 10", "planned: 11"},
                   {"warmup_slots: 3", "warmup_slots: 2"},
                   {"  ok: 5", "  ok: 6"},
                   {"  ok: 3", "  ok: 2"}};
    struct xcy_error err;
    struct xcy_manifest m = sample_manifest();
    for (size_t c = 0; c < sizeof changes / sizeof *changes; c++) {
        struct xcy_manifest got = {0};
        struct xcy_buf text = text_of(*state, &m);
        char *at = strstr(text.ptr, changes[c].from);
        assert_non_null(at);
        memcpy(at, changes[c].to, strlen(changes[c].to));
        put_file(*state, "run.yml", &text);
        assert_status(xcy_manifest_read(*state, &got, &err), XCY_EINVALID, &err);
        assert_non_null(strstr(err.text, "slots were planned"));
        xcy_buf_clear(&text);
    }
    xcy_manifest_clear(&m);
}

static void a_run_that_runs_need_not_add_up_nor_know_its_slots(void **state)
{
    struct xcy_error err;
    struct xcy_manifest got = {0};
    struct xcy_manifest m = sample_manifest();
    m.state = XCY_RUN_RUNNING;
    m.planned = 0;
    assert_ok(xcy_manifest_write(&m, *state, &err), &err);
    assert_ok(xcy_manifest_read(*state, &got, &err), &err);
    assert_false(xcy_manifest_knows_planned(&got));
    got.state = XCY_RUN_COMPLETE; /* ended before its first slot */
    assert_true(xcy_manifest_knows_planned(&got));
    got.state = XCY_RUN_RUNNING;
    got.planned = 1;
    assert_true(xcy_manifest_knows_planned(&got));
    xcy_manifest_clear(&got);
    xcy_manifest_clear(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(a_manifest_reads_back_as_written),
        WITH_FOLDER(a_manifest_of_the_release_before_has_what_it_did_not_write),
        WITH_FOLDER(a_later_format_is_refused_before_its_keys_are),
        WITH_FOLDER(outcomes_that_do_not_add_up_to_the_slots_are_refused),
        WITH_FOLDER(a_run_that_runs_need_not_add_up_nor_know_its_slots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

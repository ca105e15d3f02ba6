#include "tests/unit/plotconf/scratch.h"

#include "plotconf/sweep.h"

#include <math.h>

static struct xcy_pair pairs[] = {{XCY_POST_CACHE, XCY_NOTIFICATION_SNS},
                                  {XCY_POST_DYNAMO, XCY_NOTIFICATION_SNS},
                                  {XCY_POST_CACHE, XCY_NOTIFICATION_MQ}};
static const struct xcy_arguments arguments = {.pairs = pairs,
                                               .n_pairs = 3,
                                               .writer_region = (char[]){"eu"},
                                               .reader_region = (char[]){"us"},
                                               .num_requests = 100};

/* A run whose directory's name holds so many requests, with so many results. */
static struct xcy_gathered run_of(char *path, int64_t inconsistent, int64_t got, int64_t asked)
{
    return (struct xcy_gathered){.path = path,
                                 .n_results = got,
                                 .n_asked = asked,
                                 .inconsistent_share = (double)inconsistent / (double)got};
}

struct fixture {
    struct xcy_sweep sweep;
    struct xcy_notes notes;
};

static struct fixture fixture_of(void)
{
    struct fixture f = {.sweep = {0}};
    xcy_notes_init(&f.notes);
    return f;
}

static void add(struct fixture *f, size_t pair, const char *name, int64_t inconsistent, int64_t got,
                int64_t asked)
{
    char *path = xcy_strdup(name);
    struct xcy_gathered g = run_of(path, inconsistent, got, asked);
    xcy_sweep_add(&f->sweep, &arguments, pair, &g, &f->notes);
    free(path);
}

/* Computes, gives the JSON of the published points (or the others), and the notes behind it. */
static char *finish(struct fixture *f, bool is_published)
{
    xcy_sweep_compute(&f->sweep);
    xcy_sweep_note(&f->sweep, &f->notes);
    struct xcy_json *rows = xcy_sweep_to_json(&f->sweep, is_published);
    struct xcy_json *notes = xcy_notes_take(&f->notes);
    char *a = xcy_json_text(rows);
    char *b = xcy_json_text(notes);
    char *both = xcy_format("%s%s", a, b);
    free(a);
    free(b);
    xcy_json_free(rows);
    xcy_json_free(notes);
    return both;
}

static void names_are_taken_apart_as_the_reference_makes_them(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        bool ok;
        int64_t n;
        int64_t delay_ms;
    } cases[] = {
        {"gather/cache-sns/eu-us__1000__delay-250ms-20210912134647", true, 1000, 250},
        {"eu-us__85__delay-0ms-20210912134647-2", true, 85, 0},
        {"eu-us__10__delay-5ms", true, 10, 5},
        {"antipode__eu-us__10__delay-5ms", false, 0, 0},
        {"eu-sg__10__delay-5ms", false, 0, 0},
        {"eu-us____delay-5ms", false, 0, 0},
        {"eu-us__10__delay-ms", false, 0, 0},
        {"eu-us__10__delay-5", false, 0, 0},
        {"eu-us__10__delay-5ms/other", false, 0, 0},
        {"eu-us__99999999999999999999__delay-5ms", false, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t n = 0;
        int64_t delay_ms = 0;
        assert_int_equal(xcy_sweep_parse_name(cases[i].path, "eu", "us", &n, &delay_ms),
                         cases[i].ok);
        assert_true(!cases[i].ok || (n == cases[i].n && delay_ms == cases[i].delay_ms));
    }
}

/* 3 of 100 and 9 of 100: published 3 %, together 12 of 200. The exact interval of 12 of 200 is where
 * the binomial's tails are 2.5 %, found by bisection. */
static void the_least_of_the_rounds_is_published_and_all_of_them_are_pooled(void **state)
{
    (void)state;
    struct fixture f = fixture_of();
    add(&f, 0, "eu-us__100__delay-50ms-1", 9, 100, 100);
    add(&f, 0, "eu-us__100__delay-50ms-2", 3, 100, 100);
    char *json = finish(&f, true);
    assert_has(json, "{\"delay_ms\":50,\"per_inconsistencies\":0.03,\"combination\":\"Redis\"");
    assert_has(json, "\"events\":12,\"n\":200,\"share\":0.06");
    assert_has(json, "\"share\":0.09,\"events\":9,\"n\":100,\"is_published\":true}");
    assert_has(json, "}][]"); /* nothing to note */
    const struct xcy_sweep_point *point = &f.sweep.points[0];
    assert_true(fabs(point->pooled.exact.low - 0.0313840) < 1e-6);
    assert_true(fabs(point->pooled.exact.high - 0.1024618) < 1e-6);
    free(json);
    xcy_sweep_clear(&f.sweep);
}

static void points_stand_by_label_then_by_delay(void **state)
{
    (void)state;
    struct fixture f = fixture_of();
    add(&f, 0, "eu-us__100__delay-1000ms-1", 0, 100, 100);
    add(&f, 0, "eu-us__100__delay-50ms-1", 0, 100, 100);
    add(&f, 2, "eu-us__100__delay-50ms-1", 1, 100, 100);
    add(&f, 1, "eu-us__100__delay-200ms-1", 0, 100, 100);
    xcy_sweep_compute(&f.sweep);
    static const struct {
        size_t pair;
        int64_t delay_ms;
    } expected[] = {{1, 200}, {0, 50}, {2, 50}, {0, 1000}};
    assert_int_equal(f.sweep.n_points, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(f.sweep.points[i].pair_index, expected[i].pair);
        assert_int_equal(f.sweep.points[i].delay_ms, expected[i].delay_ms);
    }
    char *json = finish(&f, true);
    assert_has(json, "Redis at 50 ms: of several notification storages");
    free(json);
    xcy_sweep_clear(&f.sweep);
}

/* 85 of 100 came: the reference calls the directory 85 and leaves it out. */
static void a_run_with_failures_is_drawn_and_not_published(void **state)
{
    (void)state;
    struct fixture f = fixture_of();
    add(&f, 0, "eu-us__85__delay-50ms-1", 17, 85, 85);
    add(&f, 0, "eu-us__60__delay-50ms-1", 3, 60, 100); /* NUM_RESULTS says that 100 were asked */
    add(&f, 0, "eu-us__79__delay-50ms-1", 79, 79, 79); /* another experiment */
    add(&f, 0, "eu-us__1000__delay-50ms-1", 9, 1000, 1000);
    char *json = finish(&f, false);
    assert_has(json, "{\"delay_ms\":50,\"per_inconsistencies\":null,");
    assert_has(json, "\"events\":20,\"n\":145,");
    assert_has(json, "\"is_published\":false");
    assert_has(json, "is of 85 requests, num_requests is 100");
    assert_has(json, "2 runs are left out");
    free(json);
    assert_int_equal(f.sweep.n_points, 1);
    xcy_sweep_clear(&f.sweep);
}

static void what_tags_do_not_tell_is_noted(void **state)
{
    (void)state;
    struct fixture f = fixture_of();
    char path[] = "eu-us__100__delay-50ms-1";
    struct xcy_gathered g = {.path = path, .inconsistent_share = 0.25};
    xcy_sweep_add(&f.sweep, &arguments, 0, &g, &f.notes); /* no NUM_RESULTS */
    g.inconsistent_share = NAN;
    xcy_sweep_add(&f.sweep, &arguments, 0, &g, &f.notes);
    g = run_of(path, 1, 100, 100);
    g.side = XCY_SIDE_ANTIPODE;
    xcy_sweep_add(&f.sweep, &arguments, 0, &g, &f.notes);
    char *json = finish(&f, true);
    assert_has(json, "\"per_inconsistencies\":0.01");
    assert_has(json, "\"events\":1,\"n\":100,");
    assert_has(json, "NUM_RESULTS does not tell how many 0.25 are of");
    assert_has(json, "no key %_INCONSISTENCIES");
    assert_has(json, "is of Antipode, among runs without");
    free(json);
    xcy_sweep_clear(&f.sweep);
}

/* -5 of 100 and 102 of 100 are no counts: the pooled share is of the other round alone. */
static void a_share_that_is_no_count_takes_no_part_in_the_pooled_one(void **state)
{
    (void)state;
    struct fixture f = fixture_of();
    add(&f, 0, "eu-us__100__delay-50ms-1", 25, 100, 100);
    add(&f, 0, "eu-us__100__delay-50ms-2", -5, 100, 100);
    add(&f, 0, "eu-us__100__delay-50ms-3", 102, 100, 100);
    add(&f, 0, "eu-us__100__delay-60ms-1", 250, 100, 100);
    char *json = finish(&f, true);
    assert_has(json, "\"events\":25,\"n\":100,\"share\":0.25");
    assert_has(json, "\"share\":-0.05,\"events\":null,\"n\":null");
    assert_has(json, "\"events\":0,\"n\":0,\"share\":null");
    assert_has(json, "how many 1.02 are of: it is not in the pooled share");
    free(json);
    xcy_sweep_clear(&f.sweep);
}

/* A log axis has no 0: it stands apart, behind a break, and no line leads there. */
static void a_delay_of_0_has_a_place_of_its_own(void **state)
{
    (void)state;
    struct xcy_buf text;
    struct fixture f = fixture_of();
    xcy_buf_init(&text, 1 << 16);
    add(&f, 0, "eu-us__100__delay-0ms-1", 50, 100, 100);
    add(&f, 0, "eu-us__100__delay-100ms-1", 5, 100, 100);
    free(finish(&f, true));
    xcy_sweep_script(&f.sweep, &text);
    assert_has(text.ptr, "set xtics add ('0' 44.6684)");
    assert_has(text.ptr, "set arrow from ");
    assert_has(text.ptr, "($1 > 0 ? at($1, 0) : NaN):(100 * $2) with lines");
    assert_null(strstr(text.ptr, "'10 ms'")); /* nor a tic of the log axis in its place */
    xcy_buf_clear(&text);
    xcy_sweep_clear(&f.sweep);
}

static void a_sweep_of_0_alone_needs_no_log_axis(void **state)
{
    (void)state;
    struct xcy_buf text;
    struct fixture f = fixture_of();
    xcy_buf_init(&text, 1 << 16);
    add(&f, 0, "eu-us__100__delay-0ms-1", 0, 100, 100);
    free(finish(&f, true));
    xcy_sweep_script(&f.sweep, &text);
    assert_null(strstr(text.ptr, "logscale"));
    assert_null(strstr(text.ptr, "inf"));
    xcy_buf_reset(&text);
    xcy_sweep_data(&f.sweep, &text);
    assert_has(text.ptr, "\n0\t0\t0\t0.0362");
    xcy_buf_clear(&text);
    xcy_sweep_clear(&f.sweep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_taken_apart_as_the_reference_makes_them),
        cmocka_unit_test(the_least_of_the_rounds_is_published_and_all_of_them_are_pooled),
        cmocka_unit_test(points_stand_by_label_then_by_delay),
        cmocka_unit_test(a_run_with_failures_is_drawn_and_not_published),
        cmocka_unit_test(what_tags_do_not_tell_is_noted),
        cmocka_unit_test(a_share_that_is_no_count_takes_no_part_in_the_pooled_one),
        cmocka_unit_test(a_delay_of_0_has_a_place_of_its_own),
        cmocka_unit_test(a_sweep_of_0_alone_needs_no_log_axis),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

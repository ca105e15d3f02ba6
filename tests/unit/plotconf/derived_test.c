#include "tests/unit/plotconf/scratch_run.h"

#include "plotconf/sweep.h"

#include <math.h>

/* A run of 100 reads without delay: 40 found nothing, the m-th of them missed at m ms and saw the post a
 * millisecond later. */
enum { READS = 100, MISSES = 40, MS = 1000 };

static struct xcy_pair pairs[] = {{XCY_POST_CACHE, XCY_NOTIFICATION_SNS}};
static char eu[] = "eu";
static char us[] = "us";
static const struct xcy_arguments arguments = {
    .pairs = pairs, .n_pairs = 1, .writer_region = eu, .reader_region = us, .num_requests = READS};

static struct xcy_record record_of(int64_t i, bool is_polled)
{
    const int64_t asked_us = 1790002407000000 + i * 1000000;
    struct xcy_record r = {.i = i, .attempts = 1, .klass = XCY_CLASS_CONSISTENT};
    memcpy(r.writer_instance, "writer", sizeof "writer");
    memcpy(r.reader_instance, "reader", sizeof "reader");
    r.points.us[XCY_POINT_ASKED] = asked_us;
    r.points.us[XCY_POINT_READ] = asked_us + 100;
    if (i < MISSES) {
        r.klass = XCY_CLASS_INCONSISTENT;
        if (is_polled) {
            r.flags = XCY_FLAG_POLLED;
            r.points.us[XCY_POINT_MISSED] = asked_us + i * MS;
            r.points.us[XCY_POINT_VISIBLE] = asked_us + (i + 1) * MS;
        }
    }
    return r;
}

static void write_run(const char *folder, int64_t delay_ms, bool is_polled)
{
    struct xcy_record records[READS];
    for (int64_t i = 0; i < READS; i++) {
        records[i] = record_of(i, is_polled);
    }
    scratch_run(folder, delay_ms, records, READS);
}

struct fixture {
    char *folder;
    struct xcy_sweep sweep;
    struct xcy_notes notes;
};

static struct fixture fixture_of(void)
{
    struct fixture f = {.folder = folder_new()};
    xcy_notes_init(&f.notes);
    return f;
}

/* One that the sweep has; with files of its own where it is ours. */
static void add(struct fixture *f, const char *name, int64_t inconsistent, bool is_ours,
                bool is_polled)
{
    char *path = xcy_format("%s/%s", f->folder, name);
    scratch_dir(f->folder, name);
    if (is_ours) {
        int64_t n = 0;
        int64_t delay_ms = 0;
        assert_true(xcy_sweep_parse_name(path, eu, us, &n, &delay_ms));
        write_run(path, delay_ms, is_polled);
    }
    struct xcy_gathered g = {.path = path,
                             .inconsistent_share = (double)inconsistent / READS,
                             .n_results = READS,
                             .n_asked = READS};
    xcy_sweep_add(&f->sweep, &arguments, 0, &g, &f->notes);
    free(path);
}

static void derive(struct fixture *f)
{
    xcy_sweep_compute(&f->sweep);
    xcy_sweep_derive(&f->sweep, 0, &f->notes);
}

/* The notes, as text. */
static char *finish(struct fixture *f)
{
    struct xcy_json *notes = xcy_notes_take(&f->notes);
    char *text = xcy_json_text(notes);
    xcy_json_free(notes);
    xcy_sweep_clear(&f->sweep);
    folder_free(f->folder);
    return text;
}

static const struct xcy_derived_row *row_at(const struct xcy_derived *d, double delay_ms)
{
    for (size_t i = 0; i < d->n_rows; i++) {
        if (fabs(d->rows[i].delay_ms - delay_ms) < 1e-9) {
            return &d->rows[i];
        }
    }
    fail_msg("no row at %g ms", delay_ms);
    return NULL;
}

/* Behind 20 ms those of the misses 20 to 39 are left, at either end; at 10 ms 30. */
static void a_sweep_that_is_what_its_first_run_says_agrees(void **state)
{
    (void)state;
    struct fixture f = fixture_of();
    add(&f, "eu-us__100__delay-0ms-1", MISSES, true, true);
    add(&f, "eu-us__100__delay-20ms-1", 21, false, false);
    derive(&f);
    assert_int_equal(f.sweep.n_curves, 1);
    const struct xcy_derived *d = f.sweep.curves[0].derived;
    assert_true(row_at(d, 0)->at.share.low == 0.4 && row_at(d, 0)->at.share.high == 0.4);
    assert_true(fabs(row_at(d, 10)->at.share.low - 0.3) < 1e-12);
    assert_true(fabs(row_at(d, 20)->at.share.high - 0.2) < 1e-12);
    assert_true(row_at(d, 20)->at.band.high > 0.3 && row_at(d, 20)->at.band.low < 0.1);
    assert_int_equal(d->n_checks, 1);
    assert_true(d->checks[0].delay_ms == 20 && d->checks[0].check.agrees);
    struct xcy_json *rows = xcy_sweep_curves_to_json(&f.sweep);
    char *json = xcy_json_text(rows);
    assert_has(json, "[{\"combination\":\"Redis\",\"notification_storage\":\"sns\",\"path\":");
    assert_has(json, "\"basis\":\"whole\",\"n\":100,\"inconsistent\":40,\"polled\":40,");
    assert_has(json, "\"agrees\":true,\"statement\":\"sweep and derived curve agree: ");
    free(json);
    xcy_json_free(rows);
    char *notes = finish(&f);
    assert_string_equal(notes, "[]");
    free(notes);
}

/* Behind 20 ms, of those whose writer ran once 10 of 50 are left, as the curve has it; of all 60 of 100. */
static void what_the_curve_leaves_out_is_left_out_of_the_sweep(void **state)
{
    (void)state;
    struct fixture f = fixture_of();
    struct xcy_record records[READS];
    add(&f, "eu-us__100__delay-0ms-1", MISSES, true, true);
    add(&f, "eu-us__100__delay-20ms-1", 60, true, true);
    for (int64_t i = 0; i < READS; i++) {
        bool ran_twice = i >= READS / 2;
        records[i] = record_of(i, true);
        records[i].klass = ran_twice || i < 10 ? XCY_CLASS_INCONSISTENT : XCY_CLASS_CONSISTENT;
        records[i].flags |= ran_twice ? XCY_FLAG_MANY_EXECS : 0;
    }
    char *path = xcy_format("%s/eu-us__100__delay-20ms-1", f.folder);
    scratch_run(path, 20, records, READS);
    free(path);
    derive(&f);
    const struct xcy_delay_check *check = &f.sweep.curves[0].derived->checks[0].check;
    assert_true(check->agrees);
    assert_int_equal(check->reads.share.events, 10);
    assert_int_equal(check->reads.share.n, READS / 2);
    assert_int_equal(check->reads.many_execs, READS / 2);
    free(finish(&f));
}

/* 80 of 100 where 20 were to be left. */
static void a_delay_that_did_something_else_is_noted(void **state)
{
    (void)state;
    struct xcy_buf text;
    struct fixture f = fixture_of();
    xcy_buf_init(&text, 1 << 20);
    add(&f, "eu-us__100__delay-0ms-1", MISSES, true, true);
    add(&f, "eu-us__100__delay-10ms-1", 30, false, false);
    add(&f, "eu-us__100__delay-20ms-1", 80, false, false);
    derive(&f);
    xcy_sweep_script(&f.sweep, &text);
    assert_has(text.ptr, "the sweep disagrees with Redis, SNS (1 of 2 delays)");
    xcy_buf_reset(&text);
    xcy_sweep_print(&f.sweep, &text);
    assert_has(text.ptr, "Redis, SNS: sweep and derived curve disagree: of 2 delays 1 lies");
    xcy_buf_clear(&text);
    char *notes = finish(&f);
    assert_has(notes, "\"kind\":\"disagrees\"");
    assert_has(notes, "Redis, SNS: 1 of 2 delays are not what the curve of ");
    free(notes);
}

/* The curve lies under the points: one block of data more, and no line between the points. */
static void the_curve_is_drawn_in_place_of_a_line(void **state)
{
    (void)state;
    struct xcy_buf text;
    struct fixture f = fixture_of();
    xcy_buf_init(&text, 1 << 20);
    add(&f, "eu-us__100__delay-0ms-1", MISSES, true, true);
    add(&f, "eu-us__100__delay-20ms-1", 20, false, false);
    derive(&f);
    xcy_sweep_data(&f.sweep, &text);
    assert_has(text.ptr, "\n\n\n# cache-sns, derived from ");
    assert_has(text.ptr, "\n0\t0.4\t0.4\t0.26418");
    xcy_buf_reset(&text);
    xcy_sweep_script(&f.sweep, &text);
    assert_has(text.ptr, "$data index 2 using ($1 > 0 ? at($1, 0) : NaN):(100 * $4):(100 * $5) "
                         "with filledcurves");
    assert_null(strstr(text.ptr, "$data index 0 using ($1 > 0 ? at($1, 0) : NaN)"));
    assert_has(text.ptr, "; the sweep agrees with it'");
    xcy_buf_clear(&text);
    free(finish(&f));
}

static void one_run_without_a_sweep_shows_all_delays(void **state)
{
    (void)state;
    struct xcy_buf text;
    struct fixture f = fixture_of();
    xcy_buf_init(&text, 1 << 20);
    add(&f, "eu-us__100__delay-0ms-1", MISSES, true, true);
    derive(&f);
    const struct xcy_derived *d = f.sweep.curves[0].derived;
    assert_true(d->rows[d->n_rows - 1].delay_ms == 40 && d->rows[d->n_rows - 1].at.share.high == 0);
    xcy_sweep_script(&f.sweep, &text);
    assert_has(text.ptr, "set logscale x");
    assert_has(text.ptr, "derived from one run'"); /* and nothing to agree with it */
    xcy_buf_clear(&text);
    char *notes = finish(&f);
    assert_string_equal(notes, "[]");
    free(notes);
}

/* Its margins are those beyond its own delay: behind 70 ms the misses from 20 ms on are left. */
static void a_run_with_a_delay_gives_the_curve_from_there_on(void **state)
{
    (void)state;
    struct fixture f = fixture_of();
    add(&f, "eu-us__100__delay-0ms-1", 90, false, false);
    add(&f, "eu-us__100__delay-50ms-1", MISSES, true, true);
    add(&f, "eu-us__100__delay-70ms-1", 20, false, false);
    derive(&f);
    const struct xcy_derived *d = f.sweep.curves[0].derived;
    assert_true(d->rows[0].delay_ms == 50 && d->rows[0].at.share.low == 0.4);
    assert_true(d->rows[1].delay_ms > 50);
    assert_true(fabs(row_at(d, 70)->at.share.low - 0.2) < 1e-12);
    assert_int_equal(d->n_checks, 1);
    assert_true(d->checks[0].delay_ms == 70 && d->checks[0].check.agrees);
    free(finish(&f));
}

static void the_first_round_that_gives_a_curve_is_taken(void **state)
{
    (void)state;
    struct fixture f = fixture_of();
    add(&f, "eu-us__100__delay-0ms-1", MISSES, false, false); /* the reference's */
    add(&f, "eu-us__100__delay-0ms-2", MISSES, true, false);  /* not polled */
    add(&f, "eu-us__100__delay-0ms-3", MISSES, true, true);
    add(&f, "eu-us__100__delay-0ms-4", MISSES, true, true);
    derive(&f);
    assert_int_equal(f.sweep.n_curves, 1);
    assert_has(f.sweep.curves[0].derived->path, "delay-0ms-3");
    free(finish(&f));
}

static void why_there_is_no_curve_is_noted(void **state)
{
    (void)state;
    struct fixture f = fixture_of();
    add(&f, "eu-us__100__delay-0ms-1", MISSES, true, false);
    add(&f, "eu-us__100__delay-20ms-1", 20, true, true); /* a longer delay gives no curve of 0 */
    derive(&f);
    assert_int_equal(f.sweep.n_curves, 0);
    char *notes = finish(&f);
    assert_has(notes, "\"kind\":\"no_curve\"");
    assert_has(notes, "none of its inconsistent reads was polled (visibility off)");
    free(notes);
}

static void of_the_references_runs_there_is_no_curve_and_nothing_to_say(void **state)
{
    (void)state;
    struct fixture f = fixture_of();
    add(&f, "eu-us__100__delay-0ms-1", MISSES, false, false);
    add(&f, "eu-us__100__delay-20ms-1", 20, false, false);
    derive(&f);
    assert_int_equal(f.sweep.n_curves, 0);
    char *notes = finish(&f);
    assert_string_equal(notes, "[]");
    free(notes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sweep_that_is_what_its_first_run_says_agrees),
        cmocka_unit_test(what_the_curve_leaves_out_is_left_out_of_the_sweep),
        cmocka_unit_test(a_delay_that_did_something_else_is_noted),
        cmocka_unit_test(the_curve_is_drawn_in_place_of_a_line),
        cmocka_unit_test(one_run_without_a_sweep_shows_all_delays),
        cmocka_unit_test(a_run_with_a_delay_gives_the_curve_from_there_on),
        cmocka_unit_test(the_first_round_that_gives_a_curve_is_taken),
        cmocka_unit_test(why_there_is_no_curve_is_noted),
        cmocka_unit_test(of_the_references_runs_there_is_no_curve_and_nothing_to_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

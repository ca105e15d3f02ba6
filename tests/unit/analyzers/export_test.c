/* export_test.c - single rows with known values; whole runs are in tests/cli/export.t. */

#include "tests/support/folder.h"

#include "analyzers/export/hists.h"
#include "analyzers/export/rows.h"
#include "analyzers/moved.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/stop.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_TEXT_BYTES = 1 << 16 };

struct world {
    char *path;
    struct xcy_metric_set metrics;
    struct xcy_export_columns columns;
    struct xcy_cell *cells;
    struct xcy_buf scratch;
    struct xcy_record record;
};

/* The post was acknowledged at 1.1 s, asked for at 1.2 s and not there; its reply came at 1.21 s. */
static struct xcy_record inconsistent_record(void)
{
    struct xcy_record r = {.i = 7, .attempts = 1, .klass = XCY_CLASS_INCONSISTENT};
    r.points.us[XCY_POINT_SENT] = 900000;
    r.points.us[XCY_POINT_START] = 1000000;
    r.points.us[XCY_POINT_WROTE] = 1100000;
    r.points.us[XCY_POINT_ENDED] = 1150000;
    r.points.us[XCY_POINT_ACKED] = 1160500;
    r.points.us[XCY_POINT_SEEN] = 1180000;
    r.points.us[XCY_POINT_ASKED] = 1200000;
    r.points.us[XCY_POINT_READ] = 1210000;
    r.points.us[XCY_POINT_MISSED] = 1300001;
    r.points.us[XCY_POINT_VISIBLE] = 1350000;
    snprintf(r.writer_instance, sizeof r.writer_instance, "w");
    snprintf(r.reader_instance, sizeof r.reader_instance, "r");
    return r;
}

static int set_up(void **state)
{
    struct world *w = xcy_alloc(sizeof *w);
    struct xcy_error err;
    w->path = xcy_strdup("/tmp/xcy-export-XXXXXX");
    int fd = mkstemp(w->path);
    assert_true(fd >= 0 && close(fd) == 0);
    assert_ok(xcy_metric_set_read(NULL, &w->metrics, &err), &err);
    assert_ok(xcy_export_columns_make(&w->metrics, &w->columns, &err), &err);
    w->cells = xcy_alloc_array(w->columns.n, sizeof *w->cells);
    xcy_buf_init(&w->scratch, MAX_TEXT_BYTES);
    w->record = inconsistent_record();
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    unlink(w->path);
    free(w->path);
    free(w->cells);
    xcy_buf_clear(&w->scratch);
    xcy_export_columns_clear(&w->columns);
    xcy_metric_set_clear(&w->metrics);
    free(w);
    return 0;
}

static void fill(struct world *w, enum xcy_consistency consistency)
{
    struct xcy_clocks *clocks = xcy_clocks_new(&w->record, 1, false, 0);
    struct xcy_clocks_view view;
    xcy_clocks_look(clocks, &w->record, &view);
    xcy_export_fill_record(&w->columns, &view, consistency, &w->scratch, w->cells);
    xcy_clocks_free(clocks);
}

static const struct xcy_cell *cell_of(const struct world *w, const char *column)
{
    for (size_t c = 0; c < w->columns.n; c++) {
        if (strcmp(w->columns.items[c].name, column) == 0) {
            return &w->cells[c];
        }
    }
    fail_msg("no column %s", column);
    return NULL;
}

static void assert_real(const struct world *w, const char *column, double expected)
{
    const struct xcy_cell *cell = cell_of(w, column);
    assert_true(cell->is_known);
    if (cell->real != expected) {
        fail_msg("%s is %g, not %g", column, cell->real, expected);
    }
}

static void assert_word(const struct world *w, const char *column, const char *expected)
{
    assert_true(cell_of(w, column)->is_known);
    assert_string_equal(cell_of(w, column)->text, expected);
}

static void assert_unknown(const struct world *w, const char *column)
{
    assert_false(cell_of(w, column)->is_known);
}

static void an_interval_has_two_ends(void **state)
{
    struct world *w = *state;
    fill(w, XCY_CONSISTENCY_NONE);
    assert_real(w, "window_low_ms", 200.001);
    assert_real(w, "window_high_ms", 250);
    assert_word(w, "window_censored", "interval");
    assert_real(w, "race_margin_low_ms", 100.001);
    assert_real(w, "write_latency_ms", 100);
    assert_unknown(w, "barrier_cost_low_ms");
    assert_unknown(w, "barrier_cost_censored");
    assert_unknown(w, "notification_latency_ms");
    assert_unknown(w, "post_stored_bytes");
}

static void a_censored_end_is_not_known_and_its_side_is_told(void **state)
{
    struct world *w = *state;
    w->record.points.us[XCY_POINT_VISIBLE] = 0;
    fill(w, XCY_CONSISTENCY_NONE);
    assert_real(w, "window_low_ms", 200.001);
    assert_unknown(w, "window_high_ms");
    assert_unknown(w, "window_clock_high_ms");
    assert_word(w, "window_censored", "right");
    w->record.klass = XCY_CLASS_CONSISTENT;
    fill(w, XCY_CONSISTENCY_NONE);
    assert_real(w, "window_low_ms", 0);
    assert_real(w, "window_high_ms", 110);
    assert_word(w, "window_censored", "left");
    assert_unknown(w, "race_margin_low_ms");
    assert_real(w, "race_margin_high_ms", 0);
    assert_word(w, "race_margin_censored", "left");
}

static void a_barrier_that_gave_up_censors_what_spans_it(void **state)
{
    struct world *w = *state;
    w->record.points.us[XCY_POINT_READY] = 1190000;
    fill(w, XCY_CONSISTENCY_ANTIPODE);
    assert_real(w, "barrier_cost_high_ms", 10);
    assert_word(w, "barrier_cost_censored", "none");
    w->record.flags = XCY_FLAG_BARRIER_TIMEOUT;
    fill(w, XCY_CONSISTENCY_ANTIPODE);
    assert_real(w, "barrier_cost_low_ms", 10);
    assert_unknown(w, "barrier_cost_high_ms");
    assert_word(w, "barrier_cost_censored", "right");
}

/* By causality, with 3 us for the stamps of each bound, the writer's clock is ahead by ended - acked
 * - 3 = -10503 us at least, and the reader's by seen - sent + 3 = 280003 us at most; nothing bounds
 * the latter from below. What the reader's clock is ahead, and the writer's is behind, a difference
 * from the writer to the reader is too long, with 3 us for its own stamps. */
static void across_clocks_each_end_says_how_wrong_it_may_be(void **state)
{
    struct world *w = *state;
    fill(w, XCY_CONSISTENCY_NONE);
    assert_real(w, "window_clock_low_ms", -290.509);
    assert_unknown(w, "window_clock_high_ms");
}

/* Whole microseconds, so that a bound that drift makes a broken number of is not made narrower. */
static void what_clocks_allow_is_rounded_outwards(void **state)
{
    const struct world *w = *state;
    struct xcy_record r = w->record;
    r.flags = XCY_FLAG_GOT_LIVE;
    r.points.us[XCY_POINT_NOTED] = 1110000;
    r.points.us[XCY_POINT_REPORTED] = 1360000;
    r.points.us[XCY_POINT_GOT] = 1370000;
    const struct xcy_metric *metric = xcy_metric_find("notification_latency");
    struct xcy_clocks *clocks = xcy_clocks_new(&r, 1, false, XCY_DEFAULT_DRIFT_PPM);
    struct xcy_clock_bound by = xcy_clocks_correction(clocks, &r, metric->from, metric->to);
    struct xcy_clocks_view view;
    struct xcy_value value;
    xcy_clocks_look(clocks, &r, &view);
    assert_true(xcy_metric_of(metric, &r, XCY_CONSISTENCY_NONE, &value));
    struct xcy_moved moved = xcy_value_move(metric, &view, &value);
    assert_true(by.low_us != floor(by.low_us) && by.high_us != floor(by.high_us));
    assert_true(moved.least_us == 70000 + floor(by.low_us));
    assert_true(moved.most_us == 70000 + ceil(by.high_us));
    xcy_clocks_free(clocks);
}

static void bytes_of_a_record_are_whole_numbers(void **state)
{
    struct world *w = *state;
    w->record.post_stored_bytes = 1017;
    fill(w, XCY_CONSISTENCY_NONE);
    assert_int_equal(cell_of(w, "post_stored_bytes")->whole, 1017);
    assert_true(cell_of(w, "post_metadata_bytes")->is_known);
    assert_unknown(w, "notification_bytes");
}

/* The row in this form; free with free(). */
static char *row_of(struct world *w, const struct xcy_export_form *form)
{
    const struct xcy_export_to to = {w->path, "its name", &w->columns};
    struct xcy_error err;
    void *state = NULL;
    assert_ok(form->begin(&to, &state, &err), &err);
    assert_ok(form->add_row(state, w->cells, &err), &err);
    assert_ok(form->end(state, &err), &err);
    form->free_state(state);
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_TEXT_BYTES);
    assert_ok(xcy_file_read(w->path, &text, &err), &err);
    return xcy_buf_take(&text);
}

static void assert_has(const char *text, const char *words)
{
    if (!strstr(text, words)) {
        fail_msg("'%s' is not in: %s", words, text);
    }
}

static void texts_are_quoted_as_each_form_wants_it(void **state)
{
    struct world *w = *state;
    snprintf(w->record.class_reason, sizeof w->record.class_reason, "a \"b\",\nc");
    w->record.flags = XCY_FLAG_LATE | XCY_FLAG_WARMUP;
    fill(w, XCY_CONSISTENCY_NONE);
    char *csv = row_of(w, &xcy_export_csv);
    assert_has(csv, ",7,0,inconsistent,\"a \"\"b\"\",\nc\",ok,0,1,late+warm-up,1,,w,r,");
    free(csv);
    char *json = row_of(w, &xcy_export_jsonl);
    assert_has(json,
               "\"i\":7,\"k\":0,\"class\":\"inconsistent\",\"class_reason\":\"a \\\"b\\\",\\nc\",");
    assert_has(json, "\"flags\":\"late+warm-up\",\"is_warmup\":true,\"due_us\":null,");
    free(json);
}

static void censored_ends_are_empty_or_null(void **state)
{
    struct world *w = *state;
    w->record.points.us[XCY_POINT_VISIBLE] = 0;
    fill(w, XCY_CONSISTENCY_NONE);
    char *csv = row_of(w, &xcy_export_csv);
    assert_has(csv, ",200.001,,right,-290.509,,100.001,,right,");
    free(csv);
    char *json = row_of(w, &xcy_export_jsonl);
    assert_has(json,
               "\"window_low_ms\":200.001,\"window_high_ms\":null,\"window_censored\":\"right\","
               "\"window_clock_low_ms\":-290.509,\"window_clock_high_ms\":null,");
    free(json);
}

static void a_full_disk_is_told_by_every_form_that_streams(void **state)
{
    struct world *w = *state;
    enum { N_FORMS = 2 };
    const struct xcy_export_form *const forms[N_FORMS] = {&xcy_export_csv, &xcy_export_jsonl};
    const struct xcy_export_to to = {"/dev/full", "its name", &w->columns};
    struct xcy_error err;
    fill(w, XCY_CONSISTENCY_NONE);
    for (size_t i = 0; i < N_FORMS; i++) {
        void *made = NULL;
        assert_ok(forms[i]->begin(&to, &made, &err), &err);
        assert_ok(forms[i]->add_row(made, w->cells, &err), &err);
        assert_status(forms[i]->end(made, &err), XCY_EFULL, &err);
        assert_has(err.text, "its name: No space left");
        forms[i]->free_state(made);
    }
}

static void a_metric_that_would_make_a_column_twice_is_refused(void **state)
{
    struct world *w = *state;
    static const char *const configs[] = {
        "metrics: [{name: window_low, from: start, to: wrote}]\n",
        "metrics: [{name: delay, from: start, to: wrote}]\n",
    };
    static const char *const columns[] = {"window_low_ms", "delay_ms"};
    for (size_t i = 0; i < sizeof configs / sizeof *configs; i++) {
        struct xcy_error err;
        struct xcy_metric_set set;
        struct xcy_export_columns made;
        assert_ok(xcy_file_replace(w->path, xcy_bytes_of(configs[i]), 0644, &err), &err);
        assert_ok(xcy_metric_set_read(w->path, &set, &err), &err);
        assert_status(xcy_export_columns_make(&set, &made, &err), XCY_EUSAGE, &err);
        assert_has(err.text, columns[i]);
        xcy_metric_set_clear(&set);
    }
}

static void write_records(const char *folder, const struct xcy_record *records, size_t n)
{
    struct xcy_buf text;
    struct xcy_error err;
    xcy_buf_init(&text, MAX_TEXT_BYTES);
    xcy_records_header(&text);
    for (size_t i = 0; i < n; i++) {
        xcy_record_format(&records[i], &text);
    }
    char *path = xcy_format("%s/records.csv", folder);
    assert_ok(xcy_file_replace(path, xcy_buf_bytes(&text), 0644, &err), &err);
    free(path);
    xcy_buf_clear(&text);
}

static const struct xcy_metric_hist *hist_of(const struct xcy_hists *hists, const char *metric)
{
    const struct xcy_metric *found = xcy_metric_find(metric);
    assert_non_null(found);
    return &hists->items[found - xcy_metrics];
}

static void histograms_have_upper_ends_and_count_what_they_cannot_say(void **state)
{
    struct world *w = *state;
    struct xcy_record records[4] = {w->record, w->record, w->record, w->record};
    records[1].points.us[XCY_POINT_VISIBLE] = 0;          /* right-censored: more than 200.001 ms */
    records[2].flags = XCY_FLAG_WARMUP;                   /* in no figure */
    records[3].points.us[XCY_POINT_WROTE] = 1350000 + 10; /* by clocks that differ */
    char *folder = folder_new();
    write_records(folder, records, 4);
    struct xcy_error err;
    struct xcy_hists hists;
    assert_ok(xcy_hists_read(folder, &w->metrics, XCY_CONSISTENCY_NONE, &hists, &err), &err);
    const struct xcy_metric_hist *window = hist_of(&hists, "window");
    assert_int_equal(xcy_hist_count(window->hist), 3);
    assert_int_equal(xcy_hist_max(window->hist), 250000000);
    assert_int_equal(xcy_hist_min(window->hist), 0);
    assert_true(xcy_hist_mean(window->hist) == (250000000 + 200001000 + 0) / 3.0);
    assert_int_equal(window->n_right, 1);
    assert_int_equal(window->n_below, 1);
    assert_int_equal(hist_of(&hists, "service")->n_right, 0);
    assert_null(hist_of(&hists, "context")->hist);
    xcy_hists_clear(&hists);
    folder_free(folder);
}

/* The last one: a stop stays asked for. */
static void a_stop_leaves_the_old_file_and_no_other(void **state)
{
    struct world *w = *state;
    static const char *const runs[] = {"../../golden/export/plain"};
    const struct xcy_export_settings settings = {runs, 1, &w->metrics, 0, w->path};
    struct xcy_error err;
    int64_t n_rows = -1;
    assert_ok(xcy_file_replace(w->path, xcy_bytes_of("old"), 0644, &err), &err);
    xcy_stop_watch();
    xcy_stop_ask();
    enum xcy_status status = xcy_rows_export(&settings, &xcy_export_csv, &n_rows, &err);
    assert_status(status, XCY_ESTOPPED, &err);
    assert_int_equal(n_rows, -1);
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_TEXT_BYTES);
    assert_ok(xcy_file_read(w->path, &text, &err), &err);
    assert_string_equal(text.ptr, "old");
    xcy_buf_clear(&text);
    char *beside = xcy_file_beside(w->path);
    assert_false(xcy_file_exists(beside));
    free(beside);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(an_interval_has_two_ends),
        WITH_WORLD(a_censored_end_is_not_known_and_its_side_is_told),
        WITH_WORLD(a_barrier_that_gave_up_censors_what_spans_it),
        WITH_WORLD(across_clocks_each_end_says_how_wrong_it_may_be),
        WITH_WORLD(what_clocks_allow_is_rounded_outwards),
        WITH_WORLD(bytes_of_a_record_are_whole_numbers),
        WITH_WORLD(texts_are_quoted_as_each_form_wants_it),
        WITH_WORLD(censored_ends_are_empty_or_null),
        WITH_WORLD(a_full_disk_is_told_by_every_form_that_streams),
        WITH_WORLD(a_metric_that_would_make_a_column_twice_is_refused),
        WITH_WORLD(histograms_have_upper_ends_and_count_what_they_cannot_say),
        WITH_WORLD(a_stop_leaves_the_old_file_and_no_other),
    };
    return cmocka_run_group_tests_name("export", tests, NULL, NULL);
}

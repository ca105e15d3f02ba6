#include "tests/unit/loadgen/trial.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "loadgen/record/series.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_FILE_BYTES = 1 << 20, MAX_WAITING_BYTES = 1 << 20, N_FIELDS = 11 };

void trial_init(struct trial *t)
{
    *t = (struct trial){
        .schedule = {.rate_per_s = 1000, .requests = 40, .seed = 1},
        .plan = {.run = "a-run",
                 .seed = 1,
                 .shard_count = 1,
                 .threads = 2,
                 .max_in_flight = 100,
                 .connect_timeout_ns = TRIAL_LONG_NS,
                 .total_timeout_ns = TRIAL_LONG_NS,
                 .grace_ns = TRIAL_LONG_NS},
    };
}

static struct xcy_journal *journal_in(const char *folder, const char *name,
                                      void (*add_header)(struct xcy_buf *out))
{
    struct xcy_journal *journal = NULL;
    struct xcy_error err;
    struct xcy_buf header;
    char *path = xcy_format("%s/%s", folder, name);
    xcy_buf_init(&header, MAX_FILE_BYTES);
    add_header(&header);
    assert_ok(xcy_journal_create(path, xcy_buf_bytes(&header), MAX_WAITING_BYTES, &journal, &err),
              &err);
    xcy_buf_clear(&header);
    free(path);
    return journal;
}

static void read_second(const char *line, struct trial_second *s)
{
    double fields[N_FIELDS];
    for (size_t i = 0; i < N_FIELDS; i++) {
        char *end = NULL;
        fields[i] = strtod(line, &end);
        assert_true(end != line && *end == ',');
        line = end + 1;
    }
    *s = (struct trial_second){.number = (int64_t)fields[0],
                               .is_warmup = fields[2] != 0,
                               .asked_per_s = fields[3],
                               .sent = (int64_t)fields[4],
                               .ok = (int64_t)fields[5],
                               .failed = (int64_t)fields[6],
                               .skipped = (int64_t)fields[7],
                               .late = (int64_t)fields[8],
                               .retries = (int64_t)fields[9],
                               .in_flight = (int64_t)fields[10]};
}

static void read_seconds(struct trial *t, const char *folder)
{
    struct xcy_error err;
    struct xcy_buf text;
    char *path = xcy_format("%s/series.csv", folder);
    xcy_buf_init(&text, MAX_FILE_BYTES);
    assert_ok(xcy_file_read(path, &text, &err), &err);
    for (const char *line = strchr(text.ptr, '\n') + 1; *line; line = strchr(line, '\n') + 1) {
        assert_true(t->n_seconds < TRIAL_MAX_SECONDS);
        read_second(line, &t->seconds[t->n_seconds++]);
    }
    xcy_buf_clear(&text);
    free(path);
}

static void finish(struct xcy_journal *journal)
{
    struct xcy_error err;
    assert_ok(xcy_journal_finish(journal, &err), &err);
    xcy_journal_close(journal);
}

static void run_load(struct trial *t, struct xcy_journal *journal, struct xcy_journal *series)
{
    struct xcy_load_setting setting = {.plan = &t->plan,
                                       .engine = t->engine,
                                       .engine_setting = {.plan = &t->plan, .target = &t->target},
                                       .anchor = xcy_anchor_now(),
                                       .sent = t->sent,
                                       .journal = journal,
                                       .series = series,
                                       .look = t->look,
                                       .ctx = t->ctx};
    struct xcy_load *load = xcy_load_open(&setting);
    struct xcy_mono start = xcy_mono_add(xcy_mono_now(), -t->begun_ago_ns);
    assert_status(xcy_load_run(load, start, &t->total, &t->err), t->expected, &t->err);
    t->n_slots = xcy_load_slots(load);
    xcy_load_close(load);
}

void trial_run(struct trial *t, const char *folder)
{
    struct xcy_error err;
    bool torn = false;
    if (!t->plan.schedule) {
        assert_ok(xcy_schedule_build(&t->schedule, &t->plan.schedule, &err), &err);
    }
    struct xcy_journal *journal = journal_in(folder, "requests.csv", xcy_requests_header);
    struct xcy_journal *series = journal_in(folder, "series.csv", xcy_series_header);
    assert_ok(xcy_sent_create(folder, xcy_schedule_slots(t->plan.schedule), &t->sent, &err), &err);
    xcy_tally_init(&t->total);
    run_load(t, journal, series);
    finish(journal);
    finish(series);
    assert_ok(xcy_requests_read(folder, &t->rows, &torn, &err), &err);
    assert_false(torn);
    read_seconds(t, folder);
    t->all = t->total.measured;
    xcy_counts_add(&t->all, &t->total.warmup);
}

void trial_clear(struct trial *t)
{
    xcy_requests_free(t->rows);
    xcy_tally_clear(&t->total);
    xcy_sent_close(t->sent);
    xcy_schedule_free(t->plan.schedule);
    xcy_target_clear(&t->target);
}

static void assert_rows(const struct trial *t)
{
    int64_t n = t->n_slots;
    int64_t *attempts = xcy_alloc_array((size_t)n + 1, sizeof *attempts);
    int64_t *first_sent_us = xcy_alloc_array((size_t)n + 1, sizeof *first_sent_us);
    int64_t n_with_rows = 0;
    for (size_t r = 0; r < xcy_requests_count(t->rows); r++) {
        const struct xcy_request_row *row = xcy_requests_at(t->rows, r);
        assert_in_range(row->id.i, 0, n - 1);
        assert_int_equal(row->attempt, ++attempts[row->id.i]);
        n_with_rows += row->attempt == 1;
        if (first_sent_us[row->id.i] == 0) {
            first_sent_us[row->id.i] = row->points.us[XCY_POINT_SENT];
        }
    }
    for (int64_t slot = 0; slot < n; slot++) {
        assert_int_equal(xcy_sent_get(t->sent, slot), first_sent_us[slot]);
    }
    assert_int_equal(n_with_rows, n - t->all.outcomes[XCY_OUTCOME_SKIPPED]);
    assert_int_equal(xcy_requests_count(t->rows), n_with_rows + t->all.retries);
    free(attempts);
    free(first_sent_us);
}

static void assert_seconds(const struct trial *t)
{
    struct trial_second sum = {0};
    for (size_t i = 0; i < t->n_seconds; i++) {
        const struct trial_second *s = &t->seconds[i];
        assert_int_equal(s->number, i);
        sum.sent += s->sent;
        sum.ok += s->ok;
        sum.failed += s->failed;
        sum.skipped += s->skipped;
        sum.late += s->late;
        sum.retries += s->retries;
    }
    assert_int_equal(sum.sent, t->all.sent);
    assert_int_equal(sum.ok, t->all.outcomes[XCY_OUTCOME_OK]);
    assert_int_equal(sum.failed, xcy_counts_failed(&t->all));
    assert_int_equal(sum.skipped, t->all.outcomes[XCY_OUTCOME_SKIPPED]);
    assert_int_equal(sum.late, t->all.late);
    assert_int_equal(sum.retries, t->all.retries);
    if (t->n_seconds > 0) {
        assert_int_equal(t->seconds[t->n_seconds - 1].in_flight, 0);
    }
}

void trial_assert_sums(const struct trial *t)
{
    int64_t skipped = 0;
    for (size_t why = 0; why < XCY_N_SKIPS; why++) {
        skipped += t->all.skipped[why];
    }
    assert_int_equal(skipped, t->all.outcomes[XCY_OUTCOME_SKIPPED]);
    assert_int_equal(xcy_counts_slots(&t->all), t->n_slots);
    assert_rows(t);
    assert_seconds(t);
}

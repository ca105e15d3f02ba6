#include "common/run/folder.h"
#include "common/run/sent.h"
#include "loadgen/record/account.h"
#include "loadgen/record/distributions.h"
#include "loadgen/record/merged.h"
#include "tests/support/folder.h"
#include "tests/unit/loadgen/played.h"

#include <string.h>
#include <unistd.h>

enum { N_SHARDS = 3, SLOTS_EACH = 20, WARMUP_EACH = 5 };

static struct xcy_manifest manifest_of(int64_t shard)
{
    struct xcy_manifest m = {.format_version = 1,
                             .state = XCY_RUN_COMPLETE,
                             .arrivals = xcy_strdup("constant"),
                             .planned = SLOTS_EACH,
                             .warmup_slots = WARMUP_EACH,
                             .shard_index = shard,
                             .shard_count = N_SHARDS,
                             .rate_per_s = 50,
                             .peak_rate_per_s = 60,
                             .threads = 2,
                             .started_us = 1700000000000000,
                             .ended_us = 1700000001000000 + shard,
                             .verdict = XCY_VERDICT_VALID,
                             .verdict_reason = xcy_strdup("")};
    m.combination.delay_ms = 100;
    return m;
}

/* Slot j of a shard is due at (j * N_SHARDS + shard) ms, sent then, and answered shard + j ms later;
 * of shard 1 the last is reset, of shard 2 skipped. */
static void play_shard(struct xcy_tally *t, int64_t shard, struct xcy_sent *sent)
{
    for (int64_t j = 0; j < SLOTS_EACH; j++) {
        int64_t due = j * N_SHARDS + shard;
        bool is_last = j == SLOTS_EACH - 1;
        enum xcy_outcome outcome = is_last && shard == 1 ? XCY_OUTCOME_RESET : XCY_OUTCOME_OK;
        if (is_last && shard == 2) {
            xcy_tally_skip(t, XCY_SKIP_IN_FLIGHT, false);
            continue;
        }
        play(t, (struct play){j, due, due, due + shard + j, outcome, 1, j < WARMUP_EACH});
        if (sent) {
            xcy_sent_set(sent, j, xcy_wall_us(xcy_wall_at(anchor, at_ms(due))));
        }
    }
}

/* The run directory of a shard as it stands after the run; `change` may alter the manifest. */
static char *write_shard(const char *root, int64_t shard, void (*change)(struct xcy_manifest *m))
{
    struct xcy_error err;
    struct xcy_sent *sent = NULL;
    struct xcy_manifest m = manifest_of(shard);
    struct xcy_tally t;
    char *path = xcy_format("%s/shard-%d", root, (int)shard);
    assert_ok(xcy_dir_make(path, 0755, &err), &err);
    assert_ok(xcy_sent_create(path, SLOTS_EACH, &sent, &err), &err);
    xcy_tally_init(&t);
    play_shard(&t, shard, sent);
    xcy_account_end(&m, &t);
    if (change) {
        change(&m);
    }
    assert_ok(xcy_manifest_write(&m, path, &err), &err);
    assert_ok(xcy_distributions_write(&t, path, &err), &err);
    xcy_tally_clear(&t);
    xcy_manifest_clear(&m);
    xcy_sent_close(sent);
    return path;
}

static void assert_same_figures(const struct xcy_tally *a, const struct xcy_tally *b)
{
    assert_memory_equal(&a->measured, &b->measured, sizeof a->measured);
    assert_memory_equal(a->warmup.outcomes, b->warmup.outcomes, sizeof a->warmup.outcomes);
    for (size_t kind = 0; kind < XCY_N_LATENCIES; kind++) {
        const struct xcy_hist *ha = a->latency[XCY_OUTCOME_OK].of[kind];
        const struct xcy_hist *hb = b->latency[XCY_OUTCOME_OK].of[kind];
        for (int pct = 0; pct <= 100; pct++) {
            assert_int_equal(xcy_hist_percentile(ha, pct), xcy_hist_percentile(hb, pct));
        }
        assert_true(xcy_hist_mean(ha) == xcy_hist_mean(hb));
    }
    assert_true(xcy_tally_achieved_rate(a) == xcy_tally_achieved_rate(b));
    assert_true(xcy_tally_throughput(a) == xcy_tally_throughput(b));
}

/* One generator that had played all slots itself would have counted the same. */
static void shards_together_are_as_one_run(void **state)
{
    struct xcy_error err;
    struct xcy_merged merged = {0};
    struct xcy_tally whole;
    char *paths[N_SHARDS];
    xcy_tally_init(&whole);
    for (int64_t shard = 0; shard < N_SHARDS; shard++) {
        paths[N_SHARDS - 1 - shard] = write_shard(*state, shard, NULL);
        play_shard(&whole, shard, NULL);
    }
    assert_ok(xcy_merged_read((const char *const *)paths, N_SHARDS, &merged, &err), &err);
    const struct xcy_manifest *m = &merged.manifest;
    assert_same_figures(&merged.total, &whole);
    assert_int_equal(m->planned, N_SHARDS * SLOTS_EACH);
    assert_int_equal(m->warmup_slots, N_SHARDS * WARMUP_EACH);
    assert_int_equal(m->outcomes[XCY_OUTCOME_RESET], 1);
    assert_int_equal(m->outcomes[XCY_OUTCOME_SKIPPED], 1);
    assert_int_equal(m->sent, whole.measured.sent);
    assert_true(m->rate_per_s == 150 && m->peak_rate_per_s == 180);
    assert_int_equal(m->threads, 6);
    assert_int_equal(m->started_us, 1700000000000000);
    assert_int_equal(m->ended_us, 1700000001000002);
    assert_int_equal(m->shard_count, 1);
    assert_int_equal(m->state, XCY_RUN_COMPLETE);
    assert_int_equal(m->verdict, XCY_VERDICT_VALID);
    assert_true(xcy_manifest_adds_up(m));
    assert_int_equal(merged.n_missing, 0);
    assert_int_equal(merged.first_missing, N_SHARDS);
    for (int64_t shard = 0; shard < N_SHARDS; shard++) {
        free(paths[shard]);
    }
    xcy_tally_clear(&whole);
    xcy_merged_clear(&merged);
    xcy_merged_clear(&merged);
}

static void missing_shards_are_counted(void **state)
{
    struct xcy_error err;
    struct xcy_merged merged = {0};
    char *path = write_shard(*state, 1, NULL);
    assert_ok(xcy_merged_read((const char *const *)&path, 1, &merged, &err), &err);
    assert_int_equal(merged.n_missing, 2);
    assert_int_equal(merged.first_missing, 0);
    assert_int_equal(merged.n_shards, N_SHARDS);
    assert_int_equal(merged.manifest.planned, SLOTS_EACH);
    xcy_merged_clear(&merged);
    free(path);
}

static void limit_target(struct xcy_manifest *m)
{
    m->verdict = XCY_VERDICT_TARGET_LIMITED;
    free(m->verdict_reason);
    m->verdict_reason = xcy_strdup("3 throttled");
}

static void limit_generator(struct xcy_manifest *m)
{
    limit_target(m);
    m->verdict = XCY_VERDICT_GENERATOR_LIMITED;
    m->state = XCY_RUN_INTERRUPTED;
}

static void the_worst_verdict_is_that_of_the_whole_and_names_its_shard(void **state)
{
    struct xcy_error err;
    struct xcy_merged merged = {0};
    char *paths[] = {write_shard(*state, 0, limit_target), write_shard(*state, 1, limit_generator),
                     write_shard(*state, 2, NULL)};
    assert_ok(xcy_merged_read((const char *const *)paths, 1, &merged, &err), &err);
    assert_int_equal(merged.manifest.verdict, XCY_VERDICT_TARGET_LIMITED);
    xcy_merged_clear(&merged);
    assert_ok(xcy_merged_read((const char *const *)paths, N_SHARDS, &merged, &err), &err);
    char *reason = xcy_format("%s: 3 throttled", paths[1]);
    assert_int_equal(merged.manifest.verdict, XCY_VERDICT_GENERATOR_LIMITED);
    assert_string_equal(merged.manifest.verdict_reason, reason);
    assert_int_equal(merged.manifest.state, XCY_RUN_INTERRUPTED);
    free(reason);
    for (size_t i = 0; i < N_SHARDS; i++) {
        free(paths[i]);
    }
    xcy_merged_clear(&merged);
}

static void run_on(struct xcy_manifest *m)
{
    m->state = XCY_RUN_RUNNING;
}

static void delay_less(struct xcy_manifest *m)
{
    m->combination.delay_ms = 99;
}

static void arrive_otherwise(struct xcy_manifest *m)
{
    free(m->arrivals);
    m->arrivals = xcy_strdup("poisson");
}

static void be_one_of_four(struct xcy_manifest *m)
{
    m->shard_count = 4;
}

static void be_the_first(struct xcy_manifest *m)
{
    m->shard_index = 0;
}

static void be_beyond_the_last(struct xcy_manifest *m)
{
    m->shard_index = N_SHARDS;
}

static void be_async(struct xcy_manifest *m)
{
    m->is_async = true;
}

static void ask_for_more(struct xcy_manifest *m)
{
    m->rate_per_s += 1;
}

static void start_later(struct xcy_manifest *m)
{
    m->started_us += 1;
}

static void count_more_ok(struct xcy_manifest *m)
{
    m->outcomes[XCY_OUTCOME_OK]++;
    m->outcomes[XCY_OUTCOME_RESET]--;
}

static void send_more_than_there_were(struct xcy_manifest *m)
{
    m->sent = SLOTS_EACH;
}

static void what_is_no_other_shard_of_the_load_is_refused(void **state)
{
    static const struct {
        void (*change)(struct xcy_manifest *m);
        const char *words;
    } cases[] = {
        {run_on, "did not end"},
        {delay_less, "differ in the combination"},
        {arrive_otherwise, "differ in the arrivals"},
        {be_one_of_four, "differ in the number of shards"},
        {be_the_first, "are both shard 1/3"},
        {be_beyond_the_last, "do not agree"},
        {be_async, "differ in sync or async"},
        {ask_for_more, "differ in the rate"},
        {start_later, "differ in the start"},
        {count_more_ok, "do not count the same requests"},
        {send_more_than_there_were, "do not agree"},
    };
    char *first = write_shard(*state, 0, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct xcy_error err;
        struct xcy_merged merged = {0};
        char *second = write_shard(*state, 1, cases[i].change);
        const char *const paths[] = {first, second};
        assert_int_not_equal(xcy_merged_read(paths, 2, &merged, &err), XCY_OK);
        assert_non_null(strstr(err.text, cases[i].words));
        assert_non_null(strstr(err.text, second));
        assert_null(strchr(err.text, '\n'));
        assert_int_equal(merged.manifest.planned, 0);
        assert_ok(xcy_dir_remove(second, &err), &err);
        free(second);
    }
    free(first);
}

static void a_shard_that_still_runs_is_refused(void **state)
{
    struct xcy_error err;
    struct xcy_merged merged = {0};
    struct xcy_sent *sent = NULL;
    char *path = write_shard(*state, 0, run_on);
    char *file = xcy_run_file(path, "sent.bin");
    assert_int_equal(unlink(file), 0);
    assert_ok(xcy_sent_create(path, SLOTS_EACH, &sent, &err), &err);
    assert_int_not_equal(xcy_merged_read((const char *const *)&path, 1, &merged, &err), XCY_OK);
    assert_non_null(strstr(err.text, "still runs"));
    xcy_sent_close(sent);
    free(file);
    free(path);
}

static void seed_otherwise(struct xcy_manifest *m)
{
    arrive_otherwise(m);
    m->seed = 8;
}

static void random_shards_of_two_seeds_are_refused(void **state)
{
    struct xcy_error err;
    struct xcy_merged merged = {0};
    char *first = write_shard(*state, 0, arrive_otherwise);
    char *second = write_shard(*state, 1, seed_otherwise);
    const char *const paths[] = {first, second};
    assert_int_not_equal(xcy_merged_read(paths, 2, &merged, &err), XCY_OK);
    assert_non_null(strstr(err.text, "differ in the seed"));
    free(second);
    free(first);
}

static void the_same_folder_twice_is_refused(void **state)
{
    struct xcy_error err;
    struct xcy_merged merged = {0};
    char *path = write_shard(*state, 2, NULL);
    const char *const paths[] = {path, path};
    assert_int_not_equal(xcy_merged_read(paths, 2, &merged, &err), XCY_OK);
    assert_non_null(strstr(err.text, "are both shard 3/3"));
    free(path);
}

static void a_shard_without_its_files_is_named(void **state)
{
    static const char *const files[] = {"run.yml", "latency.json", "sent.bin"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct xcy_error err;
        struct xcy_merged merged = {0};
        char *path = write_shard(*state, 0, NULL);
        char *file = xcy_run_file(path, files[i]);
        assert_int_equal(unlink(file), 0);
        assert_status(xcy_merged_read((const char *const *)&path, 1, &merged, &err), XCY_ENOTFOUND,
                      &err);
        assert_non_null(strstr(err.text, file));
        assert_ok(xcy_dir_remove(path, &err), &err);
        free(file);
        free(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(shards_together_are_as_one_run),
        WITH_FOLDER(missing_shards_are_counted),
        WITH_FOLDER(the_worst_verdict_is_that_of_the_whole_and_names_its_shard),
        WITH_FOLDER(what_is_no_other_shard_of_the_load_is_refused),
        WITH_FOLDER(a_shard_that_still_runs_is_refused),
        WITH_FOLDER(random_shards_of_two_seeds_are_refused),
        WITH_FOLDER(the_same_folder_twice_is_refused),
        WITH_FOLDER(a_shard_without_its_files_is_named),
    };
    return cmocka_run_group_tests_name("merged", tests, NULL, NULL);
}

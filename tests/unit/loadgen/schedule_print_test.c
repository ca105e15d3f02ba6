#include "common/base/buf.h"
#include "loadgen/schedule/print.h"
#include "tests/unit/loadgen/scheduled.h"

enum { MAX_TEXT = 8 << 20 };

struct paper {
    struct xcy_buf text;
    int n_parts;
    size_t longest;
    int fails_at; /* 0: never */
};

static bool take(void *ctx, struct xcy_bytes text)
{
    struct paper *paper = ctx;
    paper->n_parts++;
    paper->longest = text.len > paper->longest ? text.len : paper->longest;
    xcy_buf_add(&paper->text, text);
    return paper->n_parts != paper->fails_at;
}

static struct paper printed(struct xcy_schedule_options options)
{
    struct paper paper = {.n_parts = 0};
    struct xcy_schedule *schedule = scheduled(options);
    xcy_buf_init(&paper.text, MAX_TEXT);
    assert_true(xcy_schedule_print(schedule, options.seed, take, &paper));
    xcy_schedule_free(schedule);
    return paper;
}

static void a_schedule_is_printed_with_its_head_and_slots(void **state)
{
    (void)state;
    struct paper paper = printed((struct xcy_schedule_options){.arrivals = "steps:1,2",
                                                               .rate_per_s = 1,
                                                               .duration_ns = 3 * second_ns,
                                                               .warmup_ns = second_ns});
    assert_string_equal(paper.text.ptr, "# arrivals: steps:1,2\n"
                                        "# slots: 6, of them 1 warm-up\n"
                                        "# length_s: 4.000000000, of them 1.000000000 warm-up\n"
                                        "# rate_per_s: mean 1.5, peak 2\n"
                                        "slot,global_slot,due_s,warmup\n"
                                        "0,0,0.000000000,1\n"
                                        "1,1,1.000000000,0\n"
                                        "2,2,2.000000000,0\n"
                                        "3,3,2.750000000,0\n"
                                        "4,4,3.250000000,0\n"
                                        "5,5,3.750000000,0\n");
    xcy_buf_clear(&paper.text);
}

static void a_shard_and_a_seed_stand_in_the_head(void **state)
{
    (void)state;
    struct paper paper = printed((struct xcy_schedule_options){.arrivals = "poisson",
                                                               .rate_per_s = 30,
                                                               .requests = 3,
                                                               .seed = 8,
                                                               .shard_index = 1,
                                                               .shard_count = 3});
    assert_non_null(strstr(paper.text.ptr, "# slots: 1, of them 0 warm-up\n"));
    assert_non_null(strstr(paper.text.ptr, "# rate_per_s: mean 10, peak 10\n"));
    assert_non_null(strstr(paper.text.ptr, "# shard: 2/3\n# seed: 8\nslot,"));
    assert_non_null(strstr(paper.text.ptr, "\n0,1,0."));
    xcy_buf_clear(&paper.text);
}

static void a_closed_loop_has_only_a_head(void **state)
{
    (void)state;
    struct paper paper = printed((struct xcy_schedule_options){
        .arrivals = "closed:4", .rate_per_s = 1, .duration_ns = 3 * second_ns});
    assert_string_equal(paper.text.ptr, "# arrivals: closed:4\n"
                                        "# slots: as many as there is time for\n"
                                        "# length_s: 3.000000000, of them 0.000000000 warm-up\n"
                                        "# in flight: 4, the next when one ends\n");
    xcy_buf_clear(&paper.text);
}

static void a_long_schedule_is_printed_in_parts(void **state)
{
    (void)state;
    struct paper paper =
        printed((struct xcy_schedule_options){.rate_per_s = 1000, .requests = 30000});
    assert_true(paper.n_parts > 5 && paper.longest <= 65536);
    assert_non_null(strstr(paper.text.ptr, "\n29999,29999,29.999000000,0\n"));
    xcy_buf_clear(&paper.text);
}

static void printing_ends_when_it_cannot_be_written(void **state)
{
    (void)state;
    struct paper paper = {.fails_at = 2};
    struct xcy_schedule *schedule =
        scheduled((struct xcy_schedule_options){.rate_per_s = 1000, .requests = 30000});
    xcy_buf_init(&paper.text, MAX_TEXT);
    assert_false(xcy_schedule_print(schedule, 0, take, &paper));
    assert_int_equal(paper.n_parts, 2);
    xcy_buf_clear(&paper.text);
    xcy_schedule_free(schedule);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_schedule_is_printed_with_its_head_and_slots),
        cmocka_unit_test(a_shard_and_a_seed_stand_in_the_head),
        cmocka_unit_test(a_closed_loop_has_only_a_head),
        cmocka_unit_test(a_long_schedule_is_printed_in_parts),
        cmocka_unit_test(printing_ends_when_it_cannot_be_written),
    };
    return cmocka_run_group_tests_name("schedule_print", tests, NULL, NULL);
}

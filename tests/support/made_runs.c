/* made_runs.c - `made_runs ROOT`: the runs of known truth that docs/compare.md compares. */

#include "common/base/mem.h"
#include "tests/support/made_run.h"

#include <stdio.h>
#include <stdlib.h>

enum { REQUESTS = 200 };

/* The store replicates a post within 0 to 100 ms of the notification, in three of five cases; a write
 * takes a median of 10 ms. */
static const struct made_run plain = {
    .n = REQUESTS,
    .post_bytes = 1000,
    .rate_per_s = 100,
    .write_p50_us = 10000,
    .inconsistent = 0.6,
    .margin_us = 100000,
    .is_live = true,
};

static struct made_run slower(void)
{
    struct made_run run = plain;
    run.write_shift_us = 4000;
    return run;
}

static struct made_run delayed(int64_t delay_ms)
{
    struct made_run run = plain;
    run.delay_ms = delay_ms;
    return run;
}

static struct made_run behind_a_barrier(void)
{
    struct made_run run = plain;
    run.consistency = XCY_CONSISTENCY_ANTIPODE;
    run.context_bytes = 60;
    return run;
}

/* In two of five requests it does not let the reader go on. */
static struct made_run behind_a_barrier_that_gives_up(void)
{
    struct made_run run = behind_a_barrier();
    run.failed = 0.4;
    return run;
}

int main(int argc, char *argv[])
{
    const struct {
        const char *name;
        int rounds;
        struct made_run run;
    } sets[] = {
        {"versions/before", 5, plain},
        {"versions/after", 5, slower()},
        {"remedies/none", 3, plain},
        {"remedies/delay50", 3, delayed(50)},
        {"remedies/delay100", 3, delayed(100)},
        {"remedies/antipode", 3, behind_a_barrier()},
        {"giving_up/none", 3, plain},
        {"giving_up/antipode", 3, behind_a_barrier_that_gives_up()},
    };
    if (argc != 2 || argv[1][0] == '-') {
        fprintf(stderr, "usage: made_runs ROOT\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        struct xcy_stream *stream = xcy_stream_new(i + 1, "made");
        for (int round = 1; round <= sets[i].rounds; round++) {
            char *name = xcy_format("%s-%d", sets[i].name, round);
            made_run_write(&sets[i].run, stream, argv[1], name);
            free(name);
        }
        xcy_stream_free(stream);
    }
    return 0;
}

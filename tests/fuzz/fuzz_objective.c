/* fuzz_objective.c - objectives that are accepted print to texts that mean the same, and can be judged;
 * of those refused nothing is left. */

#include "common/base/mem.h"
#include "loadgen/judge/objective.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

static void check_one(const struct xcy_objective *o)
{
    struct xcy_error err;
    struct xcy_objectives again = {0};
    enum xcy_status status = xcy_objectives_parse("--slo", o->text, &again, &err);
    xcy_assert(status == XCY_OK && again.n == 1);
    const struct xcy_objective *same = &again.items[0];
    xcy_assert(strcmp(same->text, o->text) == 0 && same->metric == o->metric);
    xcy_assert(same->statistic == o->statistic && same->op == o->op);
    xcy_assert(same->value == o->value && same->is_share == o->is_share);
    xcy_assert(same->percentile == o->percentile && o->value >= 0);
    xcy_objectives_clear(&again);
}

/* Some of everything, so that each metric finds a value. */
static void fill(struct xcy_tally *t)
{
    xcy_tally_init(t);
    for (int64_t i = 0; i < 20; i++) {
        for (int kind = 0; kind < XCY_N_LATENCIES; kind++) {
            xcy_latency_add(&t->latency[XCY_OUTCOME_OK], (enum xcy_latency_kind)kind, 1 << i);
        }
        xcy_hist_add(t->start_lag, 1 << i);
    }
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        t->measured.outcomes[i] = (int64_t)i;
    }
    t->measured.outcomes[XCY_OUTCOME_OK] = 20;
    t->measured.sent = 20;
    t->first_sent = (struct xcy_mono){1};
    t->last_sent = (struct xcy_mono){1000};
    t->last_acked = (struct xcy_mono){2000};
}

static void check_judged(const struct xcy_objectives *list)
{
    struct xcy_tally total;
    struct xcy_buf words;
    fill(&total);
    xcy_buf_init(&words, 1 << 20);
    for (size_t i = 0; i < list->n; i++) {
        check_one(&list->items[i]);
        enum xcy_objective_state state = xcy_objective_judge(&list->items[i], &total, &words);
        xcy_assert(xcy_objective_judge(&list->items[i], &total, NULL) == state);
    }
    xcy_assert(xcy_objectives_need(list) >= 1);
    xcy_buf_clear(&words);
    xcy_tally_clear(&total);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xcy_error err = {0};
    struct xcy_objectives list = {0};
    char *text = xcy_strndup((const char *)data, size);
    if (xcy_objectives_parse("--slo", text, &list, &err) == XCY_OK) {
        xcy_assert(list.n > 0);
        check_judged(&list);
    } else {
        xcy_assert(err.status == XCY_EUSAGE && err.text[0] != '\0' && list.n == 0);
    }
    xcy_objectives_clear(&list);
    free(text);
    return 0;
}

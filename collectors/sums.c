#include "collectors/sums.h"

#include <stdio.h>

enum { MAX_SUM_BYTES = 1024 };

static void add_term(struct xcy_sum *sum, const char *name, int64_t count)
{
    xcy_assert(sum->n < XCY_SUM_TERMS);
    sum->terms[sum->n] = name;
    sum->counts[sum->n++] = count;
}

struct xcy_sum xcy_sum_of_requests(const struct xcy_joined *joined)
{
    struct xcy_sum sum = {.name = "planned", .total = joined->n};
    if (joined->n_warmup != 0) {
        add_term(&sum, "warm-up", joined->n_warmup);
    }
    for (size_t c = 0; c < XCY_N_CLASSES; c++) {
        add_term(&sum, xcy_class_names[c], joined->counts[c]);
    }
    return sum;
}

struct xcy_sum xcy_sum_of_messages(const struct xcy_tally *tally)
{
    struct xcy_sum sum = {.name = "received", .total = tally->received};
    for (size_t k = 0; k < XCY_N_MESSAGE_KINDS; k++) {
        add_term(&sum, xcy_message_kind_names[k], tally->counts[k]);
    }
    return sum;
}

struct xcy_sum xcy_sum_of_queue(const struct xcy_receive_result *result)
{
    struct xcy_sum sum = {.name = "taken", .total = result->n_received};
    add_term(&sum, "deleted", result->finish.deleted);
    add_term(&sum, "given back", result->finish.given_back);
    add_term(&sum, "undeleted", result->finish.undeleted);
    return sum;
}

static int64_t added_up(const struct xcy_sum *sum)
{
    int64_t all = 0;
    for (size_t t = 0; t < sum->n; t++) {
        all += sum->counts[t];
    }
    return all;
}

bool xcy_sum_holds(const struct xcy_sum *sum)
{
    for (size_t t = 0; t < sum->n; t++) {
        if (sum->counts[t] < 0) {
            return false;
        }
    }
    return added_up(sum) == sum->total;
}

void xcy_sum_format(const struct xcy_sum *sum, struct xcy_buf *out)
{
    bool holds = xcy_sum_holds(sum);
    xcy_buf_addf(out, "%s = ", sum->name);
    for (size_t t = 0; t < sum->n; t++) {
        xcy_buf_addf(out, "%s%s", t > 0 ? " + " : "", sum->terms[t]);
    }
    xcy_buf_addf(out, ": %lld %s ", (long long)sum->total, holds ? "=" : "is not");
    for (size_t t = 0; t < sum->n; t++) {
        xcy_buf_addf(out, "%s%lld", t > 0 ? " + " : "", (long long)sum->counts[t]);
    }
    if (!holds) {
        xcy_buf_addf(out, " = %lld", (long long)added_up(sum));
    }
}

void xcy_sum_judge(const struct xcy_sum *sum, bool *is_valid, char *why, size_t size)
{
    struct xcy_buf line;
    if (xcy_sum_holds(sum)) {
        return;
    }
    xcy_buf_init(&line, MAX_SUM_BYTES);
    xcy_sum_format(sum, &line);
    *is_valid = false;
    snprintf(why, size, "the books do not balance: %s", line.ptr);
    xcy_buf_clear(&line);
}

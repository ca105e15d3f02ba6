#include "loadgen/drive/numbers.h"

#include "common/base/error.h"

#define WARMUP_IS_OVER (1LL << 62)

void xcy_numbers_init(struct xcy_numbers *numbers, int64_t limit, bool has_warmup)
{
    atomic_init(&numbers->word, has_warmup ? 0 : WARMUP_IS_OVER);
    atomic_init(&numbers->end, limit);
    numbers->limit = limit;
}

int64_t xcy_numbers_taken(const struct xcy_numbers *numbers)
{
    return atomic_load(&numbers->word) & ~WARMUP_IS_OVER;
}

bool xcy_numbers_look(const struct xcy_numbers *numbers, int64_t *next)
{
    long long seen = atomic_load(&numbers->word);
    int64_t number = seen & ~WARMUP_IS_OVER;
    bool is_measured = (seen & WARMUP_IS_OVER) != 0;
    if (is_measured && numbers->limit > 0 && number >= atomic_load(&numbers->end)) {
        return false;
    }
    *next = number;
    return true;
}

bool xcy_numbers_take(struct xcy_numbers *numbers, int64_t number, bool *is_warmup)
{
    long long seen = atomic_load(&numbers->word);
    if ((seen & ~WARMUP_IS_OVER) != number ||
        !atomic_compare_exchange_strong(&numbers->word, &seen, seen + 1)) {
        return false;
    }
    *is_warmup = (seen & WARMUP_IS_OVER) == 0;
    return true;
}

static void raise_end(struct xcy_numbers *numbers, long long end)
{
    long long seen = atomic_load(&numbers->end);
    while (seen < end && !atomic_compare_exchange_weak(&numbers->end, &seen, end)) {
    }
}

/* The end is there before the flag: who sees the flag sees it, and nobody raises it after that. */
void xcy_numbers_end_warmup(struct xcy_numbers *numbers)
{
    long long seen = atomic_load(&numbers->word);
    while ((seen & WARMUP_IS_OVER) == 0) {
        raise_end(numbers, seen + numbers->limit);
        if (atomic_compare_exchange_weak(&numbers->word, &seen, seen | WARMUP_IS_OVER)) {
            break;
        }
    }
}

int64_t xcy_numbers_take_rest(struct xcy_numbers *numbers)
{
    long long seen = atomic_load(&numbers->word);
    long long end = atomic_load(&numbers->end);
    int64_t left = 0;
    xcy_assert((seen & WARMUP_IS_OVER) != 0 && numbers->limit > 0);
    do {
        left = end - (seen & ~WARMUP_IS_OVER);
    } while (left > 0 && !atomic_compare_exchange_weak(&numbers->word, &seen, seen + left));
    return left > 0 ? left : 0;
}

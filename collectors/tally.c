#include "collectors/tally.h"

#include "common/base/error.h"

#include <stddef.h>

const char *const xcy_message_kind_names[XCY_N_MESSAGE_KINDS + 1] = {
    [XCY_MESSAGE_MATCHED] = "matched", [XCY_MESSAGE_DUPLICATE] = "duplicate",
    [XCY_MESSAGE_FOREIGN] = "foreign", [XCY_MESSAGE_MALFORMED] = "malformed",
    [XCY_N_MESSAGE_KINDS] = NULL,
};

void xcy_tally_add(struct xcy_tally *tally, enum xcy_message_kind kind)
{
    xcy_assert(kind < XCY_N_MESSAGE_KINDS);
    tally->received++;
    tally->counts[kind]++;
}

bool xcy_tally_adds_up(const struct xcy_tally *tally)
{
    int64_t sum = 0;
    for (size_t kind = 0; kind < XCY_N_MESSAGE_KINDS; kind++) {
        sum += tally->counts[kind];
    }
    return sum == tally->received && tally->refused <= tally->counts[XCY_MESSAGE_MALFORMED];
}

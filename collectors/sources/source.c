#include "collectors/sources/source.h"

#include "common/base/stop.h"

#include <stdlib.h>

void xcy_message_batch_clear(struct xcy_message_batch *batch)
{
    for (size_t m = 0; m < batch->n; m++) {
        free(batch->messages[m].id);
        free(batch->messages[m].handle);
        free(batch->messages[m].body);
    }
    *batch = (struct xcy_message_batch){0};
}

enum xcy_status xcy_source_open(const struct xcy_source *source,
                                const struct xcy_source_place *place,
                                const struct xcy_retry_plan *plan, void **state,
                                struct xcy_error *err)
{
    struct xcy_retry retry = xcy_retry_begin(plan);
    enum xcy_status status;
    do {
        status = source->open(place, state, err);
    } while (xcy_retry_again(&retry, status, err));
    bool is_stopped = status != XCY_OK && xcy_stop_asked();
    return is_stopped ? xcy_fail(err, XCY_ESTOPPED, "interrupted") : status;
}

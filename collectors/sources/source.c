#include "collectors/sources/source.h"

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

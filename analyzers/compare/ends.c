#include "analyzers/compare/ends.h"

#include <stdlib.h>

void xcy_owned_ends_clear(struct xcy_owned_ends *owned)
{
    if (owned->high != owned->low) {
        free(owned->high);
    }
    free(owned->low);
    *owned = (struct xcy_owned_ends){.n = 0};
}

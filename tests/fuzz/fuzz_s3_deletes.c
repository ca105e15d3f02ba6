/* fuzz_s3_deletes.c - DeleteObjects' body as the sandbox reads it: whatever comes, there are from one to a
 * thousand keys, or a fault. */

#include "common/base/mem.h"
#include "sandbox/services/s3_operations.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xcy_s3_request *r = xcy_alloc(sizeof *r);
    if (xcy_s3_deletes_read(r, xcy_bytes((const char *)data, size))) {
        xcy_assert(r->n_deletes >= 1 && r->n_deletes <= XCY_S3_MAX_DELETES && !r->fault.code);
    } else {
        xcy_assert(r->fault.code && r->fault.status == 400);
    }
    for (size_t i = 0; i < r->n_deletes; i++) {
        size_t len = strlen(r->deletes[i].key);
        xcy_assert(len >= 1 && len <= XCY_S3_MAX_KEY_BYTES);
        xcy_assert(!r->deletes[i].version || r->deletes[i].version[0]);
    }
    xcy_s3_request_free(r);
    return 0;
}

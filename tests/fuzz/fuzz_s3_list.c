/* fuzz_s3_list.c - a page of S3's lists: what is read has keys, sizes that are none below zero, versions
 * in all entries or in none, and no place to go on from without a key. */

#include "common/aws/s3.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xcy_s3_page page;
    if (!xcy_s3_page_read(xcy_bytes((const char *)data, size), &page)) {
        return 0;
    }
    for (size_t i = 0; i < page.n; i++) {
        const struct xcy_s3_listed *entry = &page.entries[i];
        xcy_assert(entry->key[0] && entry->bytes >= 0);
        xcy_assert((entry->version != NULL) == (page.entries[0].version != NULL));
        xcy_assert(!entry->is_marker || (entry->version && entry->bytes == 0));
    }
    xcy_assert(page.next_key || !page.next_version);
    xcy_s3_page_clear(&page);
    return 0;
}

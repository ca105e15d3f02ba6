#ifndef XCY_TESTS_PLOTCONF_SCRATCH_RUN_H
#define XCY_TESTS_PLOTCONF_SCRATCH_RUN_H

/* scratch_run.h - the files of a run of ours, of given records, behind a delay. */

#include "tests/unit/plotconf/scratch.h"

#include "common/run/manifest.h"
#include "common/run/records.h"

static inline void scratch_run(const char *folder, int64_t delay_ms,
                               const struct xcy_record *records, size_t n)
{
    struct xcy_error err;
    struct xcy_buf text;
    struct xcy_manifest manifest = {.format_version = 1,
                                    .run = "r",
                                    .engine = (char[]){"lambda"},
                                    .planned = (int64_t)n,
                                    .combination = {.delay_ms = delay_ms}};
    assert_ok(xcy_manifest_write(&manifest, folder, &err), &err);
    xcy_buf_init(&text, 1 << 20);
    xcy_records_header(&text);
    for (size_t i = 0; i < n; i++) {
        xcy_record_format(&records[i], &text);
    }
    scratch_file(folder, "records.csv", text.ptr);
    xcy_buf_clear(&text);
}

#endif

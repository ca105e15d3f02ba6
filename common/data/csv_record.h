#ifndef XCY_DATA_CSV_RECORD_H
#define XCY_DATA_CSV_RECORD_H

/*
 * csv_record.h - one record of a CSV table, taken from the head of a text; for csv.c.
 *
 * Memory:   fields are borrowed until the next scan.
 * Threads:  one owner.
 */

#include "common/base/buf.h"

struct xcy_csv_field {
    size_t start; /* in texts */
    size_t len;
};

struct xcy_csv_record {
    struct xcy_buf texts; /* the fields one after the other, unquoted, each with a zero */
    struct xcy_csv_field *fields;
    size_t n_fields;
    size_t capacity;
};

void xcy_csv_record_init(struct xcy_csv_record *record, size_t max_bytes);
void xcy_csv_record_clear(struct xcy_csv_record *record);
struct xcy_bytes xcy_csv_record_field(const struct xcy_csv_record *record, size_t index);

enum xcy_csv_scan {
    XCY_CSV_SCAN_RECORD, /* one was taken; used and n_lines say how much text it had */
    XCY_CSV_SCAN_MORE,   /* the text ends within the record */
    XCY_CSV_SCAN_BROKEN, /* problem says why */
};

struct xcy_csv_scanned {
    enum xcy_csv_scan found;
    size_t used;
    size_t n_lines;
    const char *problem;
};

struct xcy_csv_scanned xcy_csv_record_scan(struct xcy_csv_record *record, struct xcy_bytes text,
                                           char separator);

#endif

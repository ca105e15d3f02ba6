#ifndef XCY_ANALYZERS_EXPORT_SOURCE_H
#define XCY_ANALYZERS_EXPORT_SOURCE_H

/*
 * source.h - what an export says of a run and of a request, as tables: a row is a column's name and
 * where its value stands in the struct. (What it says of metrics comes from their own table:
 * columns.h.)
 *
 * Threads:  tables are constant.
 */

#include "analyzers/export/cell.h"
#include "common/base/buf.h"

#include <stddef.h>

enum xcy_source_kind {
    XCY_SOURCE_INT,    /* int64_t */
    XCY_SOURCE_STAMP,  /* int64_t; 0 is not known */
    XCY_SOURCE_REAL,   /* double */
    XCY_SOURCE_BOOL,   /* bool */
    XCY_SOURCE_BIT,    /* whether the unsigned has this bit */
    XCY_SOURCE_FLAGS,  /* of a struct xcy_record, as in records.csv */
    XCY_SOURCE_CHOICE, /* enum: one of names */
    XCY_SOURCE_ARRAY,  /* char[]; "" is not known */
    XCY_SOURCE_TEXT,   /* char *; NULL and "" are not known */
    XCY_SOURCE_EMPTY,  /* whether the char[] is "" */
};

struct xcy_source {
    const char *name;
    enum xcy_source_kind kind;
    size_t offset;
    const char *const *names; /* CHOICE */
    unsigned bit;             /* BIT */
};

struct xcy_sources {
    const struct xcy_source *items;
    size_t n;
};

extern const struct xcy_sources xcy_run_sources;    /* of a struct xcy_summary: in each row */
extern const struct xcy_sources xcy_count_sources;  /* likewise: only where runs have rows */
extern const struct xcy_sources xcy_record_sources; /* of a struct xcy_record */

enum xcy_cell_type xcy_source_type(const struct xcy_source *source);

/* scratch holds a text that has to be made; it is reset by who makes one. */
struct xcy_cell xcy_source_read(const struct xcy_source *source, const void *from,
                                struct xcy_buf *scratch);

#endif

#ifndef XCY_ANALYZERS_EXPORT_CELL_H
#define XCY_ANALYZERS_EXPORT_CELL_H

/*
 * cell.h - one value of an exported table; its type is its column's.
 *
 * Memory:   texts are borrowed until the next row.
 * Threads:  plain data.
 */

#include <stdbool.h>
#include <stdint.h>

enum xcy_cell_type { XCY_CELL_INT, XCY_CELL_BOOL, XCY_CELL_REAL, XCY_CELL_TEXT };

struct xcy_cell {
    bool is_known; /* false: an empty field, null, NULL */
    union {
        int64_t whole; /* INT; BOOL: 0 or 1 */
        double real;   /* finite */
        const char *text;
    };
};

static inline struct xcy_cell xcy_cell_int(int64_t value)
{
    return (struct xcy_cell){.is_known = true, .whole = value};
}

static inline struct xcy_cell xcy_cell_real(double value)
{
    return (struct xcy_cell){.is_known = true, .real = value};
}

static inline struct xcy_cell xcy_cell_text(const char *value)
{
    return (struct xcy_cell){.is_known = true, .text = value};
}

#endif

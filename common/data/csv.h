#ifndef XCY_DATA_CSV_H
#define XCY_DATA_CSV_H

/*
 * csv.h - tables as text: a header line, then a record a line; RFC 4180 quoting, LF or CRLF.
 *
 * Reading goes line by line in bounded memory. An unfinished last line (no line
 * end: the writer was killed) is reported apart from malformed ones, so that a
 * reader can drop it and say so.
 *
 * Memory:   fields are borrowed until the next read.
 * Threads:  one owner.
 */

#include "common/base/buf.h"

/* Writing: adds one field, quoted only if it must be; the caller adds separators and line ends. */
void xcy_csv_add_field(struct xcy_buf *out, struct xcy_bytes field, char separator);

struct xcy_csv; /* a table being read */

/* Opens and reads the header. */
enum xcy_status xcy_csv_open(const char *path, char separator, struct xcy_csv **csv,
                             struct xcy_error *err) XCY_MUST_USE;
void xcy_csv_close(struct xcy_csv *csv);

size_t xcy_csv_columns(const struct xcy_csv *csv);
const char *xcy_csv_column_name(const struct xcy_csv *csv, size_t column);
/* The index of the named column, or -1. */
int xcy_csv_find(const struct xcy_csv *csv, const char *name);

enum xcy_csv_step { XCY_CSV_RECORD, XCY_CSV_END, XCY_CSV_TORN, XCY_CSV_BAD };

/* Reads the next record. TORN: an unfinished last line (END follows). BAD: wrong number of fields
 * or broken quoting, err names file and line; reading may go on. */
enum xcy_csv_step xcy_csv_next(struct xcy_csv *csv, struct xcy_error *err);

size_t xcy_csv_used(const struct xcy_csv *csv); /* bytes of the file up to what is read next */
size_t xcy_csv_line(const struct xcy_csv *csv); /* of the record just read, from 1 */
struct xcy_bytes xcy_csv_field(const struct xcy_csv *csv, size_t column); /* zero-terminated too */

#endif

#ifndef XCY_DATA_CSV_BLOCKS_H
#define XCY_DATA_CSV_BLOCKS_H

/*
 * csv_blocks.h - what follows a table's header, in blocks of whole records: for readers that parse on
 * several threads. A block is cut where a record ends; a line end in quotes is none.
 *
 * It says that something is wrong, not what: csv.h, which reads record by record, does.
 *
 * Memory:   blocks are the caller's, xcy_csv_block_clear; zeroes are an empty one.
 * Threads:  xcy_csv_blocks_next from any thread, each with a block of its own.
 */

#include "common/data/csv.h"

struct xcy_csv_blocks;

struct xcy_csv_block {
    char *bytes;
    size_t len;
};

enum xcy_status xcy_csv_blocks_open(const char *path, char separator,
                                    struct xcy_csv_blocks **blocks,
                                    struct xcy_error *err) XCY_MUST_USE;
void xcy_csv_blocks_close(struct xcy_csv_blocks *blocks);
void xcy_csv_block_clear(struct xcy_csv_block *block);

/* The columns' names; no record of it is to be read. */
const struct xcy_csv *xcy_csv_blocks_header(const struct xcy_csv_blocks *blocks);

/* RECORD: one or more, in the block until the next call. BAD: broken quoting, an overlong record, an
 * unfinished last line, or a file that cannot be read. */
enum xcy_csv_step xcy_csv_blocks_next(struct xcy_csv_blocks *blocks, struct xcy_csv_block *block);

#endif

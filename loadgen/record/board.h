#ifndef XCY_LOADGEN_RECORD_BOARD_H
#define XCY_LOADGEN_RECORD_BOARD_H

/*
 * board.h - what the workers show of themselves while they run, for the progress line.
 *
 * Counters are posted without locks. Percentiles are of all workers' counts merged (never averaged):
 * each look asks for a new round, to which every worker adds its histogram once, under a lock, at its
 * next post; a look shows the last round that all have joined.
 *
 * Threads:  one post a worker index; one looker.
 */

#include "loadgen/record/recorder.h"

struct xcy_board;

struct xcy_board *xcy_board_new(int64_t n_workers);
void xcy_board_free(struct xcy_board *board);

void xcy_board_post(struct xcy_board *board, int64_t worker_index, const struct xcy_recorder *r,
                    int64_t in_flight);

struct xcy_board_view {
    int64_t sent;
    int64_t in_flight;
    int64_t ok;
    int64_t failed;
    int64_t skipped;
    bool has_response;
    int64_t response_p50_ns;
    int64_t response_p99_ns;
};
void xcy_board_look(struct xcy_board *board, struct xcy_board_view *view);

#endif

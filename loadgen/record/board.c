#include "loadgen/record/board.h"

#include "common/base/mem.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* One worker's line, on cache lines of its own. */
struct line {
    _Alignas(64) atomic_llong sent;
    atomic_llong in_flight;
    atomic_llong ok;
    atomic_llong failed;
    atomic_llong skipped;
    int64_t round; /* the last one joined; the worker's own */
};

struct xcy_board {
    struct line *lines;
    int64_t n_workers;
    atomic_llong round; /* asked for */
    pthread_mutex_t lock;
    struct xcy_hist *response; /* of this round */
    int64_t n_joined;
    int64_t p50_ns; /* of the last whole round */
    int64_t p99_ns;
    bool has_response;
};

struct xcy_board *xcy_board_new(int64_t n_workers)
{
    struct xcy_board *board = xcy_alloc(sizeof *board);
    size_t bytes = (size_t)n_workers * sizeof *board->lines;
    board->lines = aligned_alloc(_Alignof(struct line), bytes);
    xcy_assert(board->lines != NULL);
    memset(board->lines, 0, bytes);
    board->n_workers = n_workers;
    board->response = xcy_recorder_hist_new();
    pthread_mutex_init(&board->lock, NULL);
    return board;
}

void xcy_board_free(struct xcy_board *board)
{
    if (!board) {
        return;
    }
    pthread_mutex_destroy(&board->lock);
    xcy_hist_free(board->response);
    free(board->lines);
    free(board);
}

static void join_round(struct xcy_board *board, struct line *line, int64_t round,
                       const struct xcy_hist *response)
{
    line->round = round;
    pthread_mutex_lock(&board->lock);
    xcy_hist_merge(board->response, response);
    board->n_joined++;
    if (board->n_joined == board->n_workers) {
        board->has_response = xcy_hist_count(board->response) > 0;
        board->p50_ns = xcy_hist_percentile(board->response, 50);
        board->p99_ns = xcy_hist_percentile(board->response, 99);
    }
    pthread_mutex_unlock(&board->lock);
}

static void show(atomic_llong *to, int64_t value)
{
    atomic_store_explicit(to, value, memory_order_relaxed);
}

void xcy_board_post(struct xcy_board *board, int64_t worker_index, const struct xcy_recorder *r,
                    int64_t in_flight)
{
    struct line *line = &board->lines[worker_index];
    show(&line->sent, r->counts.sent);
    show(&line->in_flight, in_flight);
    show(&line->ok, r->counts.outcomes[XCY_OUTCOME_OK]);
    show(&line->failed, xcy_counts_failed(&r->counts));
    show(&line->skipped, r->counts.outcomes[XCY_OUTCOME_SKIPPED]);
    int64_t round = atomic_load(&board->round);
    if (round != line->round) {
        join_round(board, line, round, r->response);
    }
}

static int64_t seen(atomic_llong *from)
{
    return atomic_load_explicit(from, memory_order_relaxed);
}

/* A round is asked for only when the last one is whole: a histogram belongs to one round alone. */
static void ask_round(struct xcy_board *board)
{
    if (atomic_load(&board->round) == 0 || board->n_joined == board->n_workers) {
        xcy_hist_free(board->response);
        board->response = xcy_recorder_hist_new();
        board->n_joined = 0;
        atomic_fetch_add(&board->round, 1);
    }
}

void xcy_board_look(struct xcy_board *board, struct xcy_board_view *view)
{
    *view = (struct xcy_board_view){0};
    for (int64_t w = 0; w < board->n_workers; w++) {
        struct line *line = &board->lines[w];
        view->sent += seen(&line->sent);
        view->in_flight += seen(&line->in_flight);
        view->ok += seen(&line->ok);
        view->failed += seen(&line->failed);
        view->skipped += seen(&line->skipped);
    }
    pthread_mutex_lock(&board->lock);
    view->has_response = board->has_response;
    view->response_p50_ns = board->p50_ns;
    view->response_p99_ns = board->p99_ns;
    ask_round(board);
    pthread_mutex_unlock(&board->lock);
}

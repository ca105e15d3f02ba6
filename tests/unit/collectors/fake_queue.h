#ifndef XCY_TESTS_COLLECTORS_FAKE_QUEUE_H
#define XCY_TESTS_COLLECTORS_FAKE_QUEUE_H

/*
 * fake_queue.h - a source in memory with a clock of its own: visibility timeouts pass when a
 * receiver waits, no real time does. Other threads have a moment to finish what is in hand before it
 * passes. Can be told to fail.
 */

#include "collectors/receive.h"

#include <pthread.h>

enum { FAKE_MAX_MESSAGES = 600 };

struct fake_message {
    char *id;
    char *body;
    int64_t visible_at_ns;
    int receives;
    bool is_dropped;
    bool is_in_hand; /* taken, and neither dropped nor given back yet */
    bool is_spoilt;  /* arrives damaged */
};

struct fake_queue {
    pthread_mutex_t lock;
    pthread_cond_t is_less_in_hand;
    struct fake_message messages[FAKE_MAX_MESSAGES];
    size_t n;
    int64_t now_ns;
    int n_receives;
    int n_drops;
    int n_hides;           /* messages whose hiding was changed */
    int fail_receives;     /* this many receives fail with XCY_ENET */
    int fail_drops;        /* this many drops fail with XCY_ENET */
    int fail_entries;      /* this many entries of drops are told as failed */
    int stop_after;        /* 0: never; else a stop is asked after this many receives */
    int64_t live_until_ns; /* the load runs until then */
    void (*on_receive)(struct fake_queue *q); /* called before each receive; NULL: nothing */
    void (*on_drop)(struct fake_queue *q);    /* called after each drop, with the lock held */
    bool is_blind; /* a poll that does not wait finds nothing; on_receive may set it */
    void *ctx;     /* for them */
};

extern const struct xcy_source fake_source;

void fake_queue_init(struct fake_queue *q);
void fake_queue_clear(struct fake_queue *q);
void fake_queue_put(struct fake_queue *q, const char *id, const char *body);
size_t fake_queue_left(const struct fake_queue *q); /* messages that were not dropped */
struct xcy_receive_world fake_queue_world(struct fake_queue *q);

#endif

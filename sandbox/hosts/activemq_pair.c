#include "sandbox/hosts/activemq_pair.h"

#include "common/base/mem.h"
#include "common/stores/stomp.h"
#include "common/time/clock.h"
#include "sandbox/hosts/activemq_server.h"
#include "sandbox/hosts/pair_kind.h"

#include <stdlib.h>

enum { PROBE_MS = 250, WARM_UP_MESSAGES = 60, CALL_LIMIT_S = 10 };

static const char user[] = "xcybench";
static const char probe_queue[] = "/queue/xcybench.probe";

/* The two connections of a probe: from the one broker to the other. */
struct probing {
    struct xcy_pair *pair;
    struct xcy_stomp *publisher; /* at the writer's; NULL: not connected yet */
    struct xcy_stomp *consumer;  /* at the reader's */
};

static struct xcy_mono soon(void)
{
    return xcy_mono_add(xcy_mono_now(), CALL_LIMIT_S * XCY_NS_PER_S);
}

static enum xcy_status connect_to(const struct xcy_pair *pair,
                                  const struct xcy_server_process *server, struct xcy_stomp **stomp,
                                  struct xcy_error *err)
{
    struct xcy_stomp_options options = {
        .address = xcy_server_process_address(server), .user = user, .password = pair->password};
    return *stomp ? XCY_OK : xcy_stomp_open(&options, soon(), stomp, err);
}

static enum xcy_status both_answer(void *ctx, bool *is_so, struct xcy_error *err)
{
    struct probing *p = ctx;
    enum xcy_status status = connect_to(p->pair, p->pair->writer, &p->publisher, err);
    if (status == XCY_OK) {
        status = connect_to(p->pair, p->pair->reader, &p->consumer, err);
    }
    *is_so = status == XCY_OK;
    return status;
}

/* One that lies with the writer's broker when the bridge is built goes over it, too. */
static enum xcy_status probe_comes(void *ctx, bool *is_so, struct xcy_error *err)
{
    struct probing *p = ctx;
    struct xcy_stomp_frame message;
    struct xcy_mono limit = xcy_mono_add(xcy_mono_now(), PROBE_MS * XCY_NS_PER_MS);
    enum xcy_status status = xcy_stomp_send(p->publisher, probe_queue, "probe", soon(), err);
    if (status == XCY_OK) {
        status = xcy_stomp_receive(p->consumer, &message, limit, err);
    }
    *is_so = status == XCY_OK;
    return status;
}

/* The first messages over fresh brokers are slower: their classes are loaded and compiled by then. */
static enum xcy_status warm_up(const struct probing *p, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (int i = 0; i < WARM_UP_MESSAGES && status == XCY_OK; i++) {
        status = xcy_stomp_send(p->publisher, probe_queue, "warm-up", soon(), err);
    }
    for (int i = 0; i < WARM_UP_MESSAGES && status == XCY_OK; i++) {
        struct xcy_stomp_frame message;
        status = xcy_stomp_receive(p->consumer, &message, soon(), err);
        if (status == XCY_OK) {
            char *id = xcy_strdup(xcy_stomp_frame_get(&message, "ack"));
            status = xcy_stomp_ack(p->consumer, id ? id : "", soon(), err);
            free(id);
        }
    }
    return status == XCY_OK ? XCY_OK : xcy_error_context(err, "ActiveMQ's first messages");
}

static enum xcy_status probe(struct probing *p, struct xcy_error *err)
{
    enum xcy_status status =
        xcy_pair_await(p->pair, both_answer, p, "an answer of both ActiveMQ brokers", err);
    if (status == XCY_OK) {
        status = xcy_stomp_subscribe(p->consumer, probe_queue, 1000, soon(), err);
    }
    if (status == XCY_OK) {
        status = xcy_pair_await(p->pair, probe_comes, p, "the first message's coming through", err);
    }
    return status == XCY_OK ? warm_up(p, err) : status;
}

/* The writer's broker opens the way to the reader's, as messages go; the link lies in between. */
static enum xcy_status start_brokers(struct xcy_pair *pair, struct xcy_error *err)
{
    struct xcy_activemq_broker writer = {
        .name = "writer", .user = user, .password = pair->password};
    struct xcy_activemq_broker reader = {
        .name = "reader", .user = user, .password = pair->password};
    enum xcy_status status = xcy_server_process_prepare(pair->reader, err);
    if (status == XCY_OK) {
        status = xcy_free_port(&reader.listen_port, err);
    }
    if (status == XCY_OK) {
        status = xcy_pair_start_link(pair, reader.listen_port, err);
    }
    if (status == XCY_OK) {
        status = xcy_server_process_prepare(pair->writer, err);
    }
    if (status == XCY_OK) {
        status = xcy_activemq_server_start(pair->reader, &reader, err);
    }
    if (status == XCY_OK) {
        writer.forward_port = xcy_link_port(pair->link);
        status = xcy_activemq_server_start(pair->writer, &writer, err);
    }
    return status;
}

static enum xcy_status start_both(struct xcy_pair *pair, struct xcy_error *err)
{
    struct probing p = {.pair = pair};
    enum xcy_status status = start_brokers(pair, err);
    if (status == XCY_OK) {
        status = probe(&p, err);
    }
    xcy_stomp_close(p.publisher);
    xcy_stomp_close(p.consumer);
    return status;
}

const struct xcy_pair_kind xcy_activemq_pairs = {.name = "mq",
                                                 .program = "ActiveMQ",
                                                 .word = "activemq",
                                                 .writer_role = "writer",
                                                 .reader_role = "reader",
                                                 .user = user,
                                                 .grace_ms = 8000,
                                                 .is_opened_by_writer = true,
                                                 .start = start_both};

#include "sandbox/hosts/activemq_pair.h"

#include "common/base/mem.h"
#include "common/base/random.h"
#include "common/base/stop.h"
#include "common/stores/stomp.h"
#include "common/time/clock.h"
#include "sandbox/hosts/activemq_server.h"

#include <stdlib.h>

enum {
    PORT_TRIES = 5,
    READY_TIMEOUT_S = 90,
    POLL_MS = 20,
    PROBE_MS = 250, /* a link of seconds needs more than one */
    WARM_UP_MESSAGES = 60,
    CALL_LIMIT_S = 10,
    END_GRACE_MS = 8000,
    PASSWORD_DIGITS = 32
};

static const char user[] = "xcybench";
static const char probe_queue[] = "/queue/xcybench.probe";

struct xcy_activemq_pair {
    struct xcy_pair_options options;
    struct xcy_server_process *writer;
    struct xcy_server_process *reader;
    struct xcy_link *link; /* NULL: not started yet */
    char password[PASSWORD_DIGITS + 1];
};

static struct xcy_mono in_ms(int64_t ms)
{
    return xcy_mono_add(xcy_mono_now(), ms * XCY_NS_PER_MS);
}

/* Whether it is worth going on: both live, nobody asked to stop, and the time is not over. */
static enum xcy_status check_start(struct xcy_activemq_pair *pair, struct xcy_mono deadline,
                                   const char *last_words, struct xcy_error *err)
{
    enum xcy_status status = xcy_server_process_check(pair->writer, err);
    if (status == XCY_OK) {
        status = xcy_server_process_check(pair->reader, err);
    }
    if (status == XCY_OK && xcy_stop_asked()) {
        status = xcy_fail(err, XCY_ESTOPPED, "stopped while ActiveMQ was starting");
    }
    if (status == XCY_OK && !xcy_mono_before(xcy_mono_now(), deadline)) {
        status = xcy_fail(err, XCY_ETIMEOUT, "ActiveMQ was not ready within %d s: %s",
                          READY_TIMEOUT_S, last_words);
    }
    return status;
}

/* Logs in, as soon as the broker lets us. */
static enum xcy_status connect_to(struct xcy_activemq_pair *pair,
                                  const struct xcy_server_process *server, struct xcy_mono deadline,
                                  struct xcy_stomp **stomp, struct xcy_error *err)
{
    struct xcy_error reason = {.text = ""};
    struct xcy_stomp_options options = {
        .address = xcy_server_process_address(server), .user = user, .password = pair->password};
    while (xcy_stomp_open(&options, in_ms(CALL_LIMIT_S * INT64_C(1000)), stomp, &reason) !=
           XCY_OK) {
        xcy_sleep_until(in_ms(POLL_MS), xcy_stop_fd());
        enum xcy_status status = check_start(pair, deadline, reason.text, err);
        if (status != XCY_OK) {
            return status;
        }
    }
    return XCY_OK;
}

/* Probes at the writer's until one has come through. One that lies with the writer's broker when
 * the bridge is built goes over it, too. */
static enum xcy_status pass_probe(struct xcy_activemq_pair *pair, struct xcy_stomp *publisher,
                                  struct xcy_stomp *consumer, struct xcy_mono deadline,
                                  struct xcy_error *err)
{
    struct xcy_stomp_frame message;
    enum xcy_status status = xcy_stomp_subscribe(consumer, probe_queue, 1000, deadline, err);
    while (status == XCY_OK) {
        status = xcy_stomp_send(publisher, probe_queue, "probe", deadline, err);
        if (status == XCY_OK) {
            status = xcy_stomp_receive(consumer, &message, in_ms(PROBE_MS), err);
            if (status == XCY_OK) {
                return XCY_OK;
            }
        }
        if (status == XCY_ETIMEOUT) {
            status = check_start(pair, deadline, "no message came through", err);
        }
    }
    return status;
}

/* The first messages over fresh brokers are slower: their classes are loaded and compiled by then. */
static enum xcy_status warm_up(struct xcy_stomp *publisher, struct xcy_stomp *consumer,
                               struct xcy_mono deadline, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (int i = 0; i < WARM_UP_MESSAGES && status == XCY_OK; i++) {
        status = xcy_stomp_send(publisher, probe_queue, "warm-up", deadline, err);
    }
    for (int i = 0; i < WARM_UP_MESSAGES && status == XCY_OK; i++) {
        struct xcy_stomp_frame message;
        status = xcy_stomp_receive(consumer, &message, deadline, err);
        if (status == XCY_OK) {
            char *id = xcy_strdup(xcy_stomp_frame_get(&message, "ack"));
            status = xcy_stomp_ack(consumer, id ? id : "", deadline, err);
            free(id);
        }
    }
    return status == XCY_OK ? XCY_OK : xcy_error_context(err, "ActiveMQ's first messages");
}

static enum xcy_status await_ready(struct xcy_activemq_pair *pair, struct xcy_error *err)
{
    struct xcy_mono deadline = in_ms(READY_TIMEOUT_S * INT64_C(1000));
    struct xcy_stomp *publisher = NULL;
    struct xcy_stomp *consumer = NULL;
    enum xcy_status status = connect_to(pair, pair->writer, deadline, &publisher, err);
    if (status == XCY_OK) {
        status = connect_to(pair, pair->reader, deadline, &consumer, err);
    }
    if (status == XCY_OK) {
        status = pass_probe(pair, publisher, consumer, deadline, err);
    }
    if (status == XCY_OK) {
        status = warm_up(publisher, consumer, deadline, err);
    }
    xcy_stomp_close(publisher);
    xcy_stomp_close(consumer);
    return status;
}

/* The writer's broker opens the way to the reader's, as messages go; the link lies in between. */
static enum xcy_status start_brokers(struct xcy_activemq_pair *pair, struct xcy_error *err)
{
    struct xcy_activemq_broker writer = {
        .name = "writer", .user = user, .password = pair->password};
    struct xcy_activemq_broker reader = {
        .name = "reader", .user = user, .password = pair->password};
    struct xcy_link_options link = {.is_wan = pair->options.is_wan,
                                    .lag = pair->options.lag,
                                    .lag_ctx = pair->options.lag_ctx,
                                    .rate_mbit_per_s = pair->options.rate_mbit_per_s};
    enum xcy_status status = xcy_server_process_prepare(pair->reader, err);
    if (status == XCY_OK) {
        status = xcy_free_port(&reader.listen_port, err);
    }
    if (status == XCY_OK) {
        link.target_port = reader.listen_port;
        status = xcy_link_start(&link, &pair->link, err);
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

static enum xcy_status start_both(struct xcy_activemq_pair *pair, struct xcy_error *err)
{
    enum xcy_status status = start_brokers(pair, err);
    return status == XCY_OK ? await_ready(pair, err) : status;
}

/* Both are asked first, so that they end side by side. */
static void end_both(struct xcy_activemq_pair *pair)
{
    xcy_server_process_end(pair->writer);
    xcy_server_process_end(pair->reader);
    xcy_server_process_join(pair->writer);
    xcy_server_process_join(pair->reader);
    xcy_link_stop(pair->link);
    pair->link = NULL;
}

static struct xcy_server_process *new_server(const struct xcy_pair_options *options,
                                             const char *role)
{
    char *name = xcy_format("activemq %s", role);
    char *folder = xcy_format("%s/activemq-%s", options->folder, role);
    struct xcy_server_process_options server = {.supervisor = options->supervisor,
                                                .name = name,
                                                .folder = folder,
                                                .grace_ms = END_GRACE_MS,
                                                .died = options->died,
                                                .died_ctx = options->died_ctx};
    struct xcy_server_process *made = xcy_server_process_new(&server);
    free(name);
    free(folder);
    return made;
}

static void stop(void *pair)
{
    struct xcy_activemq_pair *p = pair;
    if (!p) {
        return;
    }
    end_both(p);
    xcy_server_process_free(p->writer);
    xcy_server_process_free(p->reader);
    free(p);
}

static enum xcy_status start(const struct xcy_pair_options *options, void **pair,
                             struct xcy_error *err)
{
    struct xcy_activemq_pair *p = xcy_alloc(sizeof *p);
    p->options = *options;
    p->writer = new_server(options, "writer");
    p->reader = new_server(options, "reader");
    xcy_random_hex(p->password, PASSWORD_DIGITS);
    enum xcy_status status = start_both(p, err);
    for (int i = 1; status == XCY_EFULL && i < PORT_TRIES; i++) {
        end_both(p); /* another program took a port between choice and use */
        status = start_both(p, err);
    }
    if (status == XCY_OK) {
        status = xcy_server_process_watch(p->writer, err);
    }
    if (status == XCY_OK) {
        status = xcy_server_process_watch(p->reader, err);
    }
    if (status != XCY_OK) {
        stop(p);
        return status;
    }
    *pair = p;
    return XCY_OK;
}

static struct xcy_pair_ends ends(const void *pair)
{
    const struct xcy_activemq_pair *p = pair;
    return (struct xcy_pair_ends){.writer = xcy_server_process_address(p->writer),
                                  .reader = xcy_server_process_address(p->reader),
                                  .user = user,
                                  .password = p->password};
}

/* As pair.h means them: "client" is the reader's side, who here is the one that is called. */
static struct xcy_relay_counts link_counts(const void *pair)
{
    struct xcy_relay_counts counts =
        xcy_link_counts(((const struct xcy_activemq_pair *)pair)->link);
    return (struct xcy_relay_counts){.connections = counts.connections,
                                     .bytes_to_client = counts.bytes_to_target,
                                     .bytes_to_target = counts.bytes_to_client};
}

const struct xcy_pair_kind xcy_activemq_pairs = {
    .name = "mq", .start = start, .ends = ends, .link_counts = link_counts, .stop = stop};

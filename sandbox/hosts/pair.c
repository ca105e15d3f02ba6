#include "sandbox/hosts/pair.h"

#include "common/base/mem.h"
#include "common/base/random.h"
#include "sandbox/hosts/pair_kind.h"

#include <stdlib.h>
#include <string.h>

enum { PORT_TRIES = 5 };

static struct xcy_server_process *new_server(const struct xcy_pair *pair, const char *role)
{
    const struct xcy_pair_options *o = &pair->options;
    char *name = xcy_format("%s %s", pair->kind->word, role);
    char *folder = xcy_format("%s/%s/%s", o->folder, pair->kind->name, role);
    struct xcy_server_process_options server = {.supervisor = o->supervisor,
                                                .name = name,
                                                .folder = folder,
                                                .grace_ms = pair->kind->grace_ms,
                                                .died = o->died,
                                                .died_ctx = o->died_ctx};
    struct xcy_server_process *made = xcy_server_process_new(&server);
    free(name);
    free(folder);
    return made;
}

static struct xcy_pair *pair_new(const struct xcy_pair_kind *kind,
                                 const struct xcy_pair_options *options)
{
    struct xcy_pair *pair = xcy_alloc(sizeof *pair);
    pair->kind = kind;
    pair->options = *options;
    pair->writer = new_server(pair, kind->writer_role);
    pair->reader = new_server(pair, kind->reader_role);
    if (kind->client_file) {
        pair->client_file = xcy_format("%s/%s/%s", options->folder, kind->name, kind->client_file);
    }
    xcy_random_hex(pair->password, sizeof pair->password - 1);
    xcy_random_hex(pair->peer_password, sizeof pair->peer_password - 1);
    return pair;
}

/* Both are asked first, so that they end side by side. */
static void end_both(struct xcy_pair *pair)
{
    xcy_server_process_end(pair->reader);
    xcy_server_process_end(pair->writer);
    xcy_server_process_join(pair->reader);
    xcy_server_process_join(pair->writer);
    xcy_link_stop(pair->link);
    pair->link = NULL;
}

enum xcy_status xcy_pair_start(const struct xcy_pair_kind *kind,
                               const struct xcy_pair_options *options, struct xcy_pair **pair,
                               struct xcy_error *err)
{
    struct xcy_pair *p = pair_new(kind, options);
    enum xcy_status status = kind->start(p, err);
    for (int i = 1; status == XCY_EFULL && i < PORT_TRIES; i++) {
        end_both(p); /* another program took a port between choice and use */
        status = kind->start(p, err);
    }
    if (status == XCY_OK) {
        status = xcy_server_process_watch(p->writer, err);
    }
    if (status == XCY_OK) {
        status = xcy_server_process_watch(p->reader, err);
    }
    if (status != XCY_OK) {
        xcy_pair_stop(p);
        return status;
    }
    atomic_store(&p->is_ready, true);
    *pair = p;
    return XCY_OK;
}

void xcy_pair_stop(struct xcy_pair *pair)
{
    if (!pair) {
        return;
    }
    end_both(pair);
    xcy_server_process_free(pair->writer);
    xcy_server_process_free(pair->reader);
    free(pair->client_file);
    explicit_bzero(pair, sizeof *pair);
    free(pair);
}

struct xcy_pair_ends xcy_pair_ends(const struct xcy_pair *pair)
{
    const char *user = pair->kind->user;
    return (struct xcy_pair_ends){.writer = xcy_server_process_address(pair->writer),
                                  .reader = xcy_server_process_address(pair->reader),
                                  .user = user,
                                  .password = user ? pair->password : NULL,
                                  .client_file = pair->client_file};
}

struct xcy_relay_counts xcy_pair_link_counts(const struct xcy_pair *pair)
{
    struct xcy_relay_counts counts = xcy_link_counts(pair->link);
    if (pair->kind->is_opened_by_writer) {
        uint64_t to_reader = counts.bytes_to_target;
        counts.bytes_to_target = counts.bytes_to_client;
        counts.bytes_to_client = to_reader;
    }
    return counts;
}

static int64_t draw_lag(void *ctx)
{
    const struct xcy_pair *pair = ctx;
    bool delays = atomic_load(&pair->is_ready) && pair->options.lag;
    return delays ? pair->options.lag(pair->options.lag_ctx) : 0;
}

enum xcy_status xcy_pair_start_link(struct xcy_pair *pair, uint16_t target_port,
                                    struct xcy_error *err)
{
    struct xcy_link_options link = {.target_port = target_port,
                                    .is_wan = pair->options.is_wan,
                                    .lag = draw_lag,
                                    .lag_ctx = pair,
                                    .rate_mbit_per_s = pair->options.rate_mbit_per_s,
                                    .stall = pair->options.stall};
    return xcy_link_start(&link, &pair->link, err);
}

enum xcy_status xcy_pair_await(struct xcy_pair *pair, xcy_ready_fn *look, void *ctx,
                               const char *what, struct xcy_error *err)
{
    struct xcy_server_process *const servers[] = {pair->writer, pair->reader};
    const struct xcy_ready_wait wait = {
        .servers = servers, .n_servers = 2, .name = pair->kind->program, .ctx = ctx};
    return xcy_ready_await(&wait, look, what, err);
}

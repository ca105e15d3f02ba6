#include "sandbox/world_hosts.h"

#include "common/base/log.h"
#include "common/base/mem.h"
#include "sandbox/hosts/activemq_pair.h"
#include "sandbox/hosts/mariadb_pair.h"
#include "sandbox/hosts/pair_kind.h"
#include "sandbox/hosts/redis_pair.h"
#include "sandbox/world_parts.h"

#include <ctype.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A kind of server, where its settings stand in a deployment, and its first lag. */
struct kind {
    const struct xcy_pair_kind *pair;
    size_t offset; /* of the struct xcy_server_place */
    enum xcy_world_lag first_lag;
};

static const struct kind kinds[] = {
    {&xcy_mariadb_pairs, offsetof(struct xcy_deployment, mysql), XCY_LAG_MYSQL_WRITER_LEG},
    {&xcy_redis_pairs, offsetof(struct xcy_deployment, cache), XCY_LAG_CACHE_WRITER_LEG},
    {&xcy_activemq_pairs, offsetof(struct xcy_deployment, mq), XCY_LAG_MQ_WRITER_LEG},
};

/* From the first lag of a kind on. */
enum { WRITER_LEG, LINK, READER_LEG };
enum { N_KINDS = sizeof kinds / sizeof kinds[0], VARIABLES_A_HOST = 4, ADDRESS_BYTES = 32 };

struct host {
    const struct kind *kind;
    struct xcy_world_hosts *hosts;
    bool is_wanted;
    pthread_t thread; /* that starts it */
    enum xcy_status status;
    struct xcy_error err;
    struct xcy_pair *pair;
    struct xcy_relay *legs[2]; /* at the writer, at the reader; NULL: there is no delay */
    char addresses[2][ADDRESS_BYTES];
};

struct xcy_world_hosts {
    struct xcy_world_hosts_options options;
    struct host all[N_KINDS];
    struct xcy_lambda_variable variables[N_KINDS * VARIABLES_A_HOST];
    size_t n_variables;
};

static const struct xcy_server_place *place_of(const struct host *host)
{
    const char *deployment = (const char *)host->hosts->options.deployment;
    return (const struct xcy_server_place *)(const void *)(deployment + host->kind->offset);
}

static struct xcy_lag *lag_of(const struct host *host, int which)
{
    return host->hosts->options.lags[(int)host->kind->first_lag + which];
}

static int64_t draw_lag(void *ctx)
{
    return xcy_lag_draw_ns(ctx);
}

static bool is_nothing(const struct xcy_delay *delay)
{
    return delay->model == XCY_DELAY_CONSTANT && delay->a_ms == 0;
}

/* The end as functions reach it: itself, or a relay in front of it. */
static enum xcy_status start_leg(struct host *host, int side, const char *address,
                                 struct xcy_error *err)
{
    const struct xcy_server_place *place = place_of(host);
    const struct xcy_delay *delay = side == 0 ? &place->writer_leg : &place->reader_leg;
    snprintf(host->addresses[side], ADDRESS_BYTES, "%s", address);
    if (is_nothing(delay)) {
        return XCY_OK;
    }
    const char *colon = strrchr(address, ':');
    xcy_assert(colon);
    struct xcy_relay_options relay = {.target_port = (uint16_t)strtoul(colon + 1, NULL, 10),
                                      .lag = draw_lag,
                                      .lag_ctx = lag_of(host, side == 0 ? WRITER_LEG : READER_LEG)};
    enum xcy_status status = xcy_relay_start(&relay, &host->legs[side], err);
    if (status == XCY_OK) {
        snprintf(host->addresses[side], ADDRESS_BYTES, "127.0.0.1:%u",
                 xcy_relay_port(host->legs[side]));
    }
    return status;
}

static enum xcy_status start_host(struct host *host, struct xcy_error *err)
{
    const struct xcy_world_hosts_options *o = &host->hosts->options;
    struct xcy_pair_options options = {.supervisor = o->supervisor,
                                       .folder = o->folder,
                                       .lag = draw_lag,
                                       .lag_ctx = lag_of(host, LINK),
                                       .rate_mbit_per_s = place_of(host)->link_rate_mbit_per_s,
                                       .is_wan = o->deployment->sandbox.wan,
                                       .stall = o->stall,
                                       .died = o->died,
                                       .died_ctx = o->died_ctx};
    enum xcy_status status = xcy_pair_start(host->kind->pair, &options, &host->pair, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_pair_ends ends = xcy_pair_ends(host->pair);
    status = start_leg(host, 0, ends.writer, err);
    return status == XCY_OK ? start_leg(host, 1, ends.reader, err) : status;
}

static void *run_start(void *arg)
{
    struct host *host = arg;
    host->status = start_host(host, &host->err);
    return NULL;
}

static void name_variables(struct xcy_world_hosts *hosts, const struct host *host)
{
    struct xcy_pair_ends ends = xcy_pair_ends(host->pair);
    const struct {
        const char *what;
        const char *value;
    } all[VARIABLES_A_HOST] = {{"WRITER", host->addresses[0]},
                               {"READER", host->addresses[1]},
                               {"USER", ends.user},
                               {"PASSWORD", ends.password}};
    for (size_t i = 0; i < VARIABLES_A_HOST; i++) {
        if (all[i].value) {
            char *name = xcy_format("XCY_%s_%s", host->kind->pair->name, all[i].what);
            for (char *at = name; *at; at++) {
                *at = (char)toupper((unsigned char)*at);
            }
            hosts->variables[hosts->n_variables++] =
                (struct xcy_lambda_variable){name, all[i].value};
        }
    }
}

static bool is_wanted(const struct host *host)
{
    const struct xcy_server_place *place = place_of(host);
    return place->is_listed && !place->writer_address;
}

/* The first failure of any; a stop that was asked only if there is no other. */
static enum xcy_status join_all(struct xcy_world_hosts *hosts, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; i < N_KINDS; i++) {
        struct host *host = &hosts->all[i];
        if (!host->is_wanted) {
            continue;
        }
        pthread_join(host->thread, NULL);
        bool is_news = status == XCY_OK || status == XCY_ESTOPPED;
        if (host->status != XCY_OK && is_news) {
            *err = host->err;
            status = host->status;
        }
    }
    return status;
}

enum xcy_status xcy_world_hosts_start(const struct xcy_world_hosts_options *options,
                                      struct xcy_world_hosts **hosts, struct xcy_error *err)
{
    struct xcy_world_hosts *h = xcy_alloc(sizeof *h);
    h->options = *options;
    for (size_t i = 0; i < N_KINDS; i++) {
        struct host *host = &h->all[i];
        *host = (struct host){.kind = &kinds[i], .hosts = h};
        host->is_wanted = is_wanted(host);
        if (host->is_wanted) {
            int code = pthread_create(&host->thread, NULL, run_start, host);
            xcy_assert(code == 0);
        }
    }
    enum xcy_status status = join_all(h, err);
    if (status != XCY_OK) {
        xcy_world_hosts_stop(h);
        return status;
    }
    for (size_t i = 0; i < N_KINDS; i++) {
        if (h->all[i].pair) {
            name_variables(h, &h->all[i]);
        }
    }
    *hosts = h;
    return XCY_OK;
}

static void *run_stop(void *arg)
{
    struct host *host = arg;
    xcy_pair_stop(host->pair);
    return NULL;
}

/* Side by side, too: each may take its seconds. */
void xcy_world_hosts_stop(struct xcy_world_hosts *hosts)
{
    if (!hosts) {
        return;
    }
    for (size_t i = 0; i < N_KINDS; i++) {
        struct host *host = &hosts->all[i];
        xcy_relay_stop(host->legs[0]);
        xcy_relay_stop(host->legs[1]);
        if (host->pair) {
            int code = pthread_create(&host->thread, NULL, run_stop, host);
            xcy_assert(code == 0);
        }
    }
    for (size_t i = 0; i < N_KINDS; i++) {
        if (hosts->all[i].pair) {
            pthread_join(hosts->all[i].thread, NULL);
        }
    }
    for (size_t i = 0; i < hosts->n_variables; i++) {
        union {
            const char *borrowed;
            char *owned;
        } name = {.borrowed = hosts->variables[i].name};
        free(name.owned);
    }
    free(hosts);
}

const struct xcy_lambda_variable *xcy_world_hosts_variables(const struct xcy_world_hosts *hosts,
                                                            size_t *n)
{
    *n = hosts->n_variables;
    return hosts->variables;
}

bool xcy_world_hosts_ends(const struct xcy_world_hosts *hosts, const char *name,
                          struct xcy_pair_ends *ends)
{
    for (size_t i = 0; i < N_KINDS; i++) {
        const struct host *host = &hosts->all[i];
        if (host->pair && strcmp(host->kind->pair->name, name) == 0) {
            *ends = xcy_pair_ends(host->pair);
            return true;
        }
    }
    return false;
}

void xcy_world_hosts_list(const struct xcy_world_hosts *hosts, struct xcy_json *stores)
{
    for (size_t i = 0; i < N_KINDS; i++) {
        const struct host *host = &hosts->all[i];
        if (host->pair) {
            struct xcy_pair_ends ends = xcy_pair_ends(host->pair);
            struct xcy_json *store = xcy_json_put_object(stores, host->kind->pair->name);
            xcy_json_put_string(store, "writer", host->addresses[0]);
            xcy_json_put_string(store, "reader", host->addresses[1]);
            xcy_json_put_string(store, "primary", ends.writer);
            xcy_json_put_string(store, "replica", ends.reader);
            if (ends.client_file) {
                xcy_json_put_string(store, "client_file", ends.client_file);
            }
        }
    }
}

void xcy_world_hosts_links(const struct xcy_world_hosts *hosts, struct xcy_json *links)
{
    for (size_t i = 0; i < N_KINDS; i++) {
        const struct host *host = &hosts->all[i];
        if (host->pair) {
            struct xcy_relay_counts counts = xcy_pair_link_counts(host->pair);
            struct xcy_json *link = xcy_json_put_object(links, host->kind->pair->name);
            xcy_json_put_int64(link, "connections", (int64_t)counts.connections);
            xcy_json_put_int64(link, "bytes_to_replica", (int64_t)counts.bytes_to_client);
            xcy_json_put_int64(link, "bytes_to_primary", (int64_t)counts.bytes_to_target);
        }
    }
}

static void describe(const struct host *host)
{
    const struct xcy_deployment *d = host->hosts->options.deployment;
    const struct xcy_server_place *place = place_of(host);
    const char *name = host->kind->pair->name;
    if (!host->pair) {
        xcy_log(XCY_LOG_INFO, "%s: as configured, writer %s, reader %s", name,
                place->writer_address, place->reader_address);
        return;
    }
    char *link = xcy_delay_describe(&place->link);
    const struct xcy_pair_kind *kind = host->kind->pair;
    xcy_log(XCY_LOG_INFO, "%s: %s %s %s in %s, %s %s in %s; link %s%s", name, kind->program,
            kind->writer_role, host->addresses[0], d->writer.region, kind->reader_role,
            host->addresses[1], d->reader.region, link,
            d->sandbox.wan ? ", over a WAN with the kernel's TCP" : "");
    free(link);
}

void xcy_world_hosts_describe(const struct xcy_world_hosts *hosts)
{
    for (size_t i = 0; i < N_KINDS; i++) {
        if (place_of(&hosts->all[i])->is_listed) {
            describe(&hosts->all[i]);
        }
    }
}

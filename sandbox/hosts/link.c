#include "sandbox/hosts/link.h"

#include "common/base/mem.h"
#include "sandbox/hosts/wan.h"

#include <stdlib.h>

struct xcy_link {
    struct xcy_relay *entry; /* what the reader's server speaks to */
    struct xcy_wan *wan;     /* NULL: the entry itself delays */
    struct xcy_relay *exit;  /* at the writer's side of the WAN */
};

static enum xcy_status start_relay(struct xcy_link *link, const struct xcy_link_options *options,
                                   struct xcy_error *err)
{
    struct xcy_relay_options relay = {.target_port = options->target_port,
                                      .lag = options->lag,
                                      .lag_ctx = options->lag_ctx,
                                      .rate_mbit_per_s = options->rate_mbit_per_s,
                                      .stall = options->stall};
    return xcy_relay_start(&relay, &link->entry, err);
}

static enum xcy_status start_wan(struct xcy_link *link, const struct xcy_link_options *options,
                                 struct xcy_error *err)
{
    struct xcy_wan_options wan = {.lag = options->lag,
                                  .lag_ctx = options->lag_ctx,
                                  .rate_mbit_per_s = options->rate_mbit_per_s};
    enum xcy_status status = xcy_wan_start(&wan, &link->wan, err);
    if (status == XCY_OK) {
        struct xcy_relay_options exit = {.target_port = options->target_port,
                                         .listen = xcy_wan_writer_end(link->wan),
                                         .stall = options->stall};
        status = xcy_relay_start(&exit, &link->exit, err);
    }
    if (status == XCY_OK) {
        struct xcy_relay_options entry = {.target_port = xcy_relay_port(link->exit),
                                          .target = xcy_wan_reader_end(link->wan),
                                          .stall = options->stall};
        status = xcy_relay_start(&entry, &link->entry, err);
    }
    return status;
}

enum xcy_status xcy_link_start(const struct xcy_link_options *options, struct xcy_link **link,
                               struct xcy_error *err)
{
    struct xcy_link *l = xcy_alloc(sizeof *l);
    enum xcy_status status =
        options->is_wan ? start_wan(l, options, err) : start_relay(l, options, err);
    if (status != XCY_OK) {
        xcy_link_stop(l);
        return status;
    }
    *link = l;
    return XCY_OK;
}

uint16_t xcy_link_port(const struct xcy_link *link)
{
    return xcy_relay_port(link->entry);
}

struct xcy_relay_counts xcy_link_counts(const struct xcy_link *link)
{
    return xcy_relay_counts(link->entry);
}

void xcy_link_stop(struct xcy_link *link)
{
    if (!link) {
        return;
    }
    xcy_relay_stop(link->entry);
    xcy_relay_stop(link->exit);
    xcy_wan_stop(link->wan);
    free(link);
}

#ifndef XCY_CAMPAIGN_CONFIG_H
#define XCY_CAMPAIGN_CONFIG_H

/*
 * config.h - a campaign's YAML file: which combinations, consistencies and delays, how much load.
 *
 * The file is one part, or has a list `parts`; what stands at the top then holds for each part that
 * does not say otherwise. A part is the product of its combinations, consistencies and (of
 * consistency none) delays; delays that no cell takes are an error. A cell that two parts name alike
 * is measured once, in as many rounds as the one that wants most.
 *
 * Memory:   xcy_campaign_config_clear.
 */

#include "campaign/cell.h"

struct xcy_campaign_config {
    char *name;       /* of its folder; the file's without one */
    char *deployment; /* path; NULL: as every program finds it */
    size_t deployment_line;
    int64_t seed; /* 0: a new one */
    struct xcy_cell *cells;
    size_t n_cells;
};

/* XCY_EUSAGE names file, line and key. */
enum xcy_status xcy_campaign_config_read(const char *path, struct xcy_campaign_config *config,
                                         struct xcy_error *err) XCY_MUST_USE;
/* path: of what was read, for messages, the name, and what `deployment` is relative to. */
enum xcy_status xcy_campaign_config_parse(const char *path, struct xcy_bytes text,
                                          struct xcy_campaign_config *config,
                                          struct xcy_error *err) XCY_MUST_USE;
void xcy_campaign_config_clear(struct xcy_campaign_config *config);

#endif

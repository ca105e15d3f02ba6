#ifndef XCY_PLOTCONF_CONFIG_H
#define XCY_PLOTCONF_CONFIG_H

/*
 * config.h - a plot config: a mapping plot name -> arguments, in the reference's format.
 *
 * Memory:   xcy_plot_config_free.
 */

#include "common/data/yaml.h"

struct xcy_plot_config;

enum xcy_status xcy_plot_config_read(const char *path, struct xcy_plot_config **config,
                                     struct xcy_error *err) XCY_MUST_USE;
void xcy_plot_config_free(struct xcy_plot_config *config);

/* It is a mapping and each of its keys is one of the names; else XCY_EUSAGE with file, line and the
 * nearest of them. The plots' own arguments are looked at when they are asked for. */
enum xcy_status xcy_plot_config_check(const struct xcy_plot_config *config,
                                      const char *const *names, size_t n,
                                      struct xcy_error *err) XCY_MUST_USE;
/* The plot's arguments, borrowed from the config; NULL: it is not configured. */
const struct xcy_yaml *xcy_plot_config_get(const struct xcy_plot_config *config, const char *plot);

#endif

#ifndef XCY_PLOTCONF_CONFIG_H
#define XCY_PLOTCONF_CONFIG_H

/*
 * config.h - a plot config: a mapping plot name -> arguments, in the reference's format.
 *
 * gather_paths are relative to the root and may hold the wildcards of glob(7): our own
 * extension, so that a config need not name every round.
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
bool xcy_plot_config_has(const struct xcy_plot_config *config, const char *plot);

/* The directories that the plot's gather_paths name under root, in the order of the config, each
 * wildcard's in alphabetical order. A path without a match is XCY_ENOTFOUND unless it has
 * wildcards; then it is told as a warning. *paths and its texts are owned by the caller. */
enum xcy_status xcy_plot_config_gather_paths(const struct xcy_plot_config *config, const char *plot,
                                             const char *root, char ***paths, size_t *n,
                                             struct xcy_error *err) XCY_MUST_USE;
void xcy_paths_free(char **paths, size_t n);

#endif

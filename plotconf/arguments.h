#ifndef XCY_PLOTCONF_ARGUMENTS_H
#define XCY_PLOTCONF_ARGUMENTS_H

/*
 * arguments.h - what a config says of one plot, in the reference's format, with keys of our own beside.
 *
 * Memory:   xcy_arguments_clear; gather_paths is borrowed from the config.
 * Failure:  XCY_EUSAGE with file, line, key and the nearest known one.
 */

#include "common/data/yaml.h"
#include "common/record/combination.h"

/* Which keys a plot has. */
enum xcy_arguments_form {
    XCY_ARGUMENTS_RUNS, /* gather_paths */
    XCY_ARGUMENTS_SWEEP /* combinations, writer_region, reader_region, num_requests; ours: gather_paths */
};

struct xcy_pair {
    enum xcy_post_storage post_storage;
    enum xcy_notification_storage notification_storage;
};

struct xcy_arguments {
    const struct xcy_yaml *gather_paths; /* a list of texts; NULL: not given */
    struct xcy_pair *pairs;              /* combinations */
    size_t n_pairs;
    char *writer_region; /* as it stands in directories' names: "eu" */
    char *reader_region;
    int64_t num_requests;
};

enum xcy_status xcy_arguments_read(const struct xcy_yaml *node, enum xcy_arguments_form form,
                                   struct xcy_arguments *arguments,
                                   struct xcy_error *err) XCY_MUST_USE;
void xcy_arguments_clear(struct xcy_arguments *arguments);

#endif

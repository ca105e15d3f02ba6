#ifndef XCY_DEPLOYMENT_BACKENDS_H
#define XCY_DEPLOYMENT_BACKENDS_H

/*
 * backends.h - the layout of `backends:` in a deployment file.
 *
 * Use inside this folder.
 *
 * Threads:  safe.
 */

#include "common/deployment/deployment.h"

/* A xcy_key_parse_fn for a struct xcy_deployment; what the map names is_listed from then on. */
enum xcy_status xcy_backends_parse(const struct xcy_yaml *node, void *deployment,
                                   struct xcy_error *err) XCY_MUST_USE;

#endif

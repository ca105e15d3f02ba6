#ifndef XCY_DEPLOYMENT_LAYOUT_H
#define XCY_DEPLOYMENT_LAYOUT_H

/*
 * layout.h - the YAML layout of a deployment file, as key tables.
 *
 * Use inside this folder. Messages are `file:line: …`, XCY_EUSAGE.
 *
 * Threads:  safe.
 */

#include "common/deployment/deployment.h"

/* Everything that a file may leave out has its default; regions and functions are empty. */
void xcy_layout_defaults(struct xcy_deployment *d);

enum xcy_status xcy_layout_read(const struct xcy_yaml_doc *doc, struct xcy_deployment *d,
                                struct xcy_error *err) XCY_MUST_USE;

#endif

#ifndef XCY_DEPLOYMENT_SCALAR_H
#define XCY_DEPLOYMENT_SCALAR_H

/*
 * scalar.h - the single values of a deployment file that have a form of their own, each a
 * xcy_key_parse_fn; `to` is what the comment says.
 *
 * Use inside this folder.
 *
 * Threads:  safe.
 * Failure:  XCY_EUSAGE `file:line: …`; *to untouched.
 */

#include "common/data/yaml.h"

/* char[XCY_REGION_BYTES]: an alias, or a region's full name. */
enum xcy_status xcy_scalar_region(const struct xcy_yaml *node, void *to,
                                  struct xcy_error *err) XCY_MUST_USE;
/* char **, the old value is freed: not empty, without blanks. */
enum xcy_status xcy_scalar_name(const struct xcy_yaml *node, void *to,
                                struct xcy_error *err) XCY_MUST_USE;
/* char **, the old value is freed: not empty. */
enum xcy_status xcy_scalar_path(const struct xcy_yaml *node, void *to,
                                struct xcy_error *err) XCY_MUST_USE;
/* char **: as xcy_endpoint_parse. */
enum xcy_status xcy_scalar_endpoint(const struct xcy_yaml *node, void *to,
                                    struct xcy_error *err) XCY_MUST_USE;
/* struct xcy_combination: its visibility. */
enum xcy_status xcy_scalar_visibility(const struct xcy_yaml *node, void *to,
                                      struct xcy_error *err) XCY_MUST_USE;
/* char **: "host:port". */
enum xcy_status xcy_scalar_address(const struct xcy_yaml *node, void *to,
                                   struct xcy_error *err) XCY_MUST_USE;
/* char **: 12 digits. */
enum xcy_status xcy_scalar_account(const struct xcy_yaml *node, void *to,
                                   struct xcy_error *err) XCY_MUST_USE;

/* "http://host:port/" -> "http://host:port", owned by the caller. */
enum xcy_status xcy_endpoint_parse(const char *text, char **endpoint,
                                   struct xcy_error *err) XCY_MUST_USE;

#endif

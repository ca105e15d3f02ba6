#ifndef XCY_DEPLOYMENT_DELAY_H
#define XCY_DEPLOYMENT_DELAY_H

/*
 * delay.h - how long a leg of the sandbox's world takes, as configured.
 *
 * YAML: a number of milliseconds (constant), or a map
 *   {model: constant, ms: 20}            {model: uniform, low_ms: 5, high_ms: 50}
 *   {model: exponential, mean_ms: 30}    {model: lognormal, p50_ms: 180, p99_ms: 600}
 *   {model: empirical, file: lags.txt}   one value in ms a line, drawn with replacement
 *   {model: gate}                        opens only after the first miss (for tests)
 */

#include "common/data/yaml.h"

#include <stdint.h>

enum xcy_delay_model {
    XCY_DELAY_CONSTANT,
    XCY_DELAY_UNIFORM,
    XCY_DELAY_EXPONENTIAL,
    XCY_DELAY_LOGNORMAL,
    XCY_DELAY_EMPIRICAL,
    XCY_DELAY_GATE
};
extern const char *const xcy_delay_model_names[];

struct xcy_delay {
    enum xcy_delay_model model;
    double a_ms; /* constant ms, uniform low, exponential mean, lognormal p50 */
    double b_ms; /* uniform high, lognormal p99 */
    char *file;  /* empirical; owned */
};

enum xcy_status xcy_delay_parse(const struct xcy_yaml *node, void *delay, struct xcy_error *err)
    XCY_MUST_USE; /* a xcy_key_parse_fn for a struct xcy_delay */
void xcy_delay_clear(struct xcy_delay *delay);

#endif

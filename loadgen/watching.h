#ifndef XCY_LOADGEN_WATCHING_H
#define XCY_LOADGEN_WATCHING_H

/*
 * watching.h - what is done with each look at a running load: the live line, the metrics, and the
 * objectives that end it early.
 *
 * Threads:  one owner, the watcher.
 */

#include "loadgen/drive/load.h"
#include "loadgen/judge/objective.h"
#include "loadgen/preparation.h"

struct xcy_watching;

enum xcy_status xcy_watching_start(const struct xcy_preparation *p, struct xcy_watching **watching,
                                   struct xcy_error *err) XCY_MUST_USE;
void xcy_watching_end(struct xcy_watching *watching); /* NULL is allowed */

/* As xcy_load_setting.look; ctx is the watching. */
enum xcy_look xcy_watching_look(void *ctx, const struct xcy_view *view);

/* XCY_EAUTH: the credentials expired during the run, which was stopped for it. */
enum xcy_status xcy_watching_keys(const struct xcy_watching *watching,
                                  struct xcy_error *err) XCY_MUST_USE;
/* The objective that stopped the run, or NULL. */
const struct xcy_objective *xcy_watching_aborted_by(const struct xcy_watching *watching);

#endif

#ifndef XCY_LOADGEN_ENGINES_WIRE_H
#define XCY_LOADGEN_ENGINES_WIRE_H

/*
 * wire.h - what the engines that talk to a server have in common: one keep-alive HTTP client, one
 * prepared request of which only the body may change from call to call, and the calls in flight.
 * Private to loadgen/engines.
 *
 * Memory:   what a call needs is kept for the next one: nothing is allocated for a call but the body,
 *           where each has its own.
 * Threads:  those of an engine (engine.h).
 */

#include "loadgen/engines/engine.h"

struct xcy_wire;

/* What a call's reply means. */
typedef void xcy_wire_classify_fn(const struct xcy_engine_setting *setting,
                                  const struct xcy_call *call, const struct xcy_http_reply *reply,
                                  struct xcy_answer *answer);

/* A call's own body, free with free(). */
typedef char *xcy_wire_body_fn(const struct xcy_call *call);

/* body NULL: the request's own, for every call. No call can be started before xcy_wire_prepare. */
struct xcy_wire *xcy_wire_open(const struct xcy_engine_setting *setting, xcy_wire_body_fn *body,
                               xcy_wire_classify_fn *classify);

/* Makes what every call asks, by xcy_wire_prepare or xcy_wire_refuse, signed with these keys. */
typedef void xcy_wire_sign_fn(const struct xcy_engine_setting *setting, struct xcy_wire *wire,
                              const struct xcy_credentials *keys);
/* Calls it now, and before the first call after the keys were replaced: that is asked at each call, and
 * costs an atomic read; who refreshes them is another thread. */
void xcy_wire_prepare_signed(struct xcy_wire *wire, struct xcy_key_source *keys,
                             xcy_wire_sign_fn *sign);

/* What every call asks from now on, with the plan's timeouts. Copied, but its body, if calls have none
 * of their own: borrowed until close. */
void xcy_wire_prepare(struct xcy_wire *wire, const struct xcy_http_request *request);
/* There is no such request: every start fails with this. */
void xcy_wire_refuse(struct xcy_wire *wire, const struct xcy_error *why);

/* The engines' own, as in engine.h; the state is a wire. */
void xcy_wire_close(void *state);
enum xcy_status xcy_wire_start(void *state, struct xcy_call *call,
                               struct xcy_error *err) XCY_MUST_USE;
void xcy_wire_run(void *state, struct xcy_mono until, int wake_fd, bool once);
void xcy_wire_cancel(void *state);

#endif

#ifndef XCY_AWS_KEY_SOURCE_H
#define XCY_AWS_KEY_SOURCE_H

/*
 * key_source.h - whom a program signs as, for as long as it runs. Keys that expire are refreshed on a
 * thread of the source's own: when half of their life is over, five minutes before the end at
 * the latest, and somewhat earlier by chance, so that many programs do not ask at once. They come from
 * where the first ones were found; no other place is tried. While refreshing fails the old keys serve
 * for as long as they hold, and it is tried again.
 *
 * Use: open, hand to xcy_aws.keys; or look at the version now and then, and take the keys anew when it
 * has changed.
 *
 * Memory:   keys taken stay as they are until they are given back, whatever comes meanwhile.
 * Threads:  safe; xcy_key_source_version costs nothing.
 * Secrets:  as credentials.h.
 */

#include "common/aws/credentials.h"

struct xcy_key_source;

/* endpoint as for xcy_credentials_load, which tells the failures, too. */
enum xcy_status xcy_key_source_open(const char *endpoint, struct xcy_key_source **source,
                                    struct xcy_error *err) XCY_MUST_USE;
/* Of keys that are known, and never replaced; copied. */
struct xcy_key_source *xcy_key_source_of(const struct xcy_credentials *credentials);
/* All keys were given back. Of a refresh that runs a process is ended, an answer
 * waited for. NULL is allowed. */
void xcy_key_source_close(struct xcy_key_source *source);

/* The keys in force; of those that have expired a refresh is waited for, and XCY_EAUTH says why it
 * failed. */
enum xcy_status xcy_key_source_take(struct xcy_key_source *source,
                                    const struct xcy_credentials **keys,
                                    struct xcy_error *err) XCY_MUST_USE;
/* The same at once, expired or not. */
const struct xcy_credentials *xcy_key_source_peek(struct xcy_key_source *source);
/* Nothing happens with keys NULL. */
void xcy_key_source_give(struct xcy_key_source *source, const struct xcy_credentials *keys);

/* Grows when the keys are replaced. */
uint64_t xcy_key_source_version(const struct xcy_key_source *source);
/* XCY_EAUTH: they have expired, and the last refresh failed: why. Does not wait. */
enum xcy_status xcy_key_source_check(struct xcy_key_source *source,
                                     struct xcy_error *err) XCY_MUST_USE;
/* "profile dev (arn:...)"; NULL: nobody said, or there is no source. */
const char *xcy_key_source_origin(const struct xcy_key_source *source);

#endif

#ifndef XCY_COLLECTORS_REFERENCE_SIZES_H
#define XCY_COLLECTORS_REFERENCE_SIZES_H

/*
 * reference_sizes.h - the bytes of the posts as the reference finds them:
 *
 *   dynamo  a constant an item: 350012; with Antipode 350054, with Rendezvous 350062; times requests
 *   s3      likewise 1000000, 1000320, 1000010
 *   mysql   information_schema.TABLES of the writer's server: AVG_ROW_LENGTH, DATA_LENGTH + INDEX_LENGTH
 *           of blobs, blobs-antipode or blobs-rendezvous
 *   cache   the writer's reply to a STATS invocation
 *
 * For its compatibility files only; sizes.h has what our own runs measure.
 */

#include "collectors/reference_state.h"
#include "collectors/sizes.h"

#include "common/deployment/deployment.h"

/* Whether the store has to be asked, so that a deployment is needed. */
bool xcy_reference_sizes_are_asked(const struct xcy_reference_state *state);

/* The constants of a store that is not asked. */
struct xcy_sizes xcy_reference_sizes_known(const struct xcy_reference_state *state);

/* Asks the store. The server of mysql is the deployment's writer_address; the function of cache is
 * the state's, or if it names none the deployment's. */
enum xcy_status xcy_reference_sizes_ask(const struct xcy_reference_state *state,
                                        const struct xcy_deployment *deployment,
                                        struct xcy_sizes *sizes,
                                        struct xcy_error *err) XCY_MUST_USE;

/* "TOTAL:AVERAGE", of the option --post-sizes. */
enum xcy_status xcy_reference_sizes_parse(const char *text, struct xcy_sizes *sizes,
                                          struct xcy_error *err) XCY_MUST_USE;

#endif

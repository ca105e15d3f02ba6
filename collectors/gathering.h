#ifndef XCY_COLLECTORS_GATHERING_H
#define XCY_COLLECTORS_GATHERING_H

/*
 * gathering.h - one gather of one run, from the queue to the files: replay, receive, ask for the
 * sizes, derive.
 *
 * Failure:  whatever happens, what was received is in the journal, and the same command goes on
 *           from there.
 */

#include "collectors/derive.h"
#include "collectors/receive.h"

#include "common/cli/program.h"

struct xcy_gathering_options {
    bool from_queue; /* false: rebuild the files from the journal only */
    bool ask_stats;
    bool take_foreign;              /* messages of other runs to <root>/orphans */
    struct xcy_string_list imports; /* journals of this run that others wrote; borrowed */
    int64_t receivers;   /* connections that empty a full queue, at most; as many delete */
    int64_t quiet_ns;    /* after the load's end and the last new message */
    int64_t deadline_ns; /* 0: none */
    struct xcy_progress *progress;
};

/* How it went, besides what came of it. */
struct xcy_gathered {
    const char *ended; /* constant: "complete", "quiet", "deadline", "rejoined" */
    int64_t imported;  /* messages from other journals */
    bool has_received; /* the queue was asked */
    struct xcy_receive_result received;
};

enum xcy_status xcy_gathering_run(const char *run_path, const struct xcy_manifest *manifest,
                                  const struct xcy_gathering_options *options,
                                  struct xcy_derived *derived, struct xcy_gathered *gathered,
                                  struct xcy_error *err) XCY_MUST_USE;

/* How long no new message may come before gather stops waiting: 10 s, or the longest that a reader
 * may be busy and 5 s; and for asynchronous invocations of AWS, 130 s more, since Lambda repeats a
 * failed one after one and after two minutes. */
int64_t xcy_gathering_quiet_ns(const struct xcy_manifest *manifest);

#endif

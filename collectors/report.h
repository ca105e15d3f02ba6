#ifndef XCY_COLLECTORS_REPORT_H
#define XCY_COLLECTORS_REPORT_H

/*
 * report.h - what gather says at its end: the classes and the two sums, for people or as JSON.
 */

#include "collectors/gathering.h"

struct xcy_report_facts {
    const char *run_path;
    const struct xcy_manifest *manifest;
    const struct xcy_derived *derived;
    const struct xcy_gathered *gathered;
    bool names_all; /* every missing request is named, not only the first few */
};

void xcy_report_text(const struct xcy_report_facts *facts, struct xcy_buf *out);

/* {"v":1,"run","path","ended","valid","reason","planned","warmup","classes":{…},"failed":{reason: n},
 *  "messages":{"received",…},"queue":{"taken",…},"missing","missing_requests":[…],"sizes_measured"} on one
 * line. "queue" is there when the queue was asked. */
void xcy_report_json(const struct xcy_report_facts *facts, struct xcy_buf *out);

/* Their members "messages" and "queue". */
void xcy_report_put_messages(struct xcy_json *object, const struct xcy_tally *tally);
void xcy_report_put_queue(struct xcy_json *object, const struct xcy_receive_result *received);

#endif

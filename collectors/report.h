#ifndef XCY_COLLECTORS_REPORT_H
#define XCY_COLLECTORS_REPORT_H

/*
 * report.h - what gather says at its end: the classes and the two sums, for people or as JSON.
 */

#include "collectors/derive.h"

struct xcy_report_facts {
    const char *run_path;
    const struct xcy_manifest *manifest;
    const struct xcy_derived *derived;
    const char *ended; /* "complete", "quiet", "deadline", "rejoined" */
};

void xcy_report_text(const struct xcy_report_facts *facts, struct xcy_buf *out);

/* {"v":1,"run","path","ended","valid","reason","planned","warmup","classes":{…},"failed":{reason: n},
 *  "messages":{"received",…},"missing","sizes_measured"} on one line. */
void xcy_report_json(const struct xcy_report_facts *facts, struct xcy_buf *out);

#endif

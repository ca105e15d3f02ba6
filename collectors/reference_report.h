#ifndef XCY_COLLECTORS_REFERENCE_REPORT_H
#define XCY_COLLECTORS_REFERENCE_REPORT_H

/*
 * reference_report.h - what gather says at the end of a gather of the reference's: the figure as the
 * reference has it, beside it how sure it is, and which of the reference's errors it has.
 *
 * Source:  the interval is Wilson's, 95 %; the range is what the missing requests leave open.
 */

#include "collectors/reference_gather.h"

void xcy_reference_report_text(const struct xcy_reference_gathered *gathered, struct xcy_buf *out);

/* {"v":1,"path","ended","valid","reason","requests","missing","results","expected",
 *  "unused","inconsistent":{"events","n","share","wilson95_low",…},"messages":{…},"queue":{…},
 *  "errors":[…]} on one line. "queue" is there when a queue was asked. */
void xcy_reference_report_json(const struct xcy_reference_gathered *gathered, struct xcy_buf *out);

#endif

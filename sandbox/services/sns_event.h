#ifndef XCY_SANDBOX_SERVICES_SNS_EVENT_H
#define XCY_SANDBOX_SERVICES_SNS_EVENT_H

/*
 * sns_event.h - a published message, and the event in which SNS gives it to a Lambda function.
 *
 * Threads:  plain data.
 */

#include "common/data/json.h"
#include "common/time/clock.h"
#include "sandbox/front/form.h"

enum { XCY_SNS_MAX_BYTES = 262144 };

struct xcy_sns_message {
    char id[37];
    const char *text;            /* borrowed */
    const char *subject;         /* borrowed; NULL: none */
    struct xcy_json *attributes; /* {"name": {"Type": …, "Value": …}}; owned */
    struct xcy_wall published;
};

/* Reads Publish's parameters; the texts are borrowed from the form. False: reason (200 bytes) says
 * what is wrong, as SNS words it. */
bool xcy_sns_message_read(const struct xcy_form *form, struct xcy_sns_message *message,
                          char reason[200]);
void xcy_sns_message_clear(struct xcy_sns_message *message);

/* {"Records": [{"EventSource": "aws:sns", …}]}; free with free(). */
char *xcy_sns_event(const struct xcy_sns_message *message, const char *topic_arn,
                    const char *subscription_arn);

#endif

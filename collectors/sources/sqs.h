#ifndef XCY_COLLECTORS_SOURCES_SQS_H
#define XCY_COLLECTORS_SOURCES_SQS_H

/*
 * sqs.h - the evaluation queue in SQS: long polls, batches of ten.
 */

#include "collectors/sources/source.h"

extern const struct xcy_source xcy_source_sqs;

#endif

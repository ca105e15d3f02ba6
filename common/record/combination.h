#ifndef XCY_RECORD_COMBINATION_H
#define XCY_RECORD_COMBINATION_H

/*
 * combination.h - which backends and which consistency a run measures. It travels in
 * every writer reply and every evaluation, so that a run can never be mislabelled.
 *
 * Names:    the reference's: mysql dynamo s3 cache; sns dynamo mq; none antipode.
 * Threads:  plain data.
 */

#include "common/base/error.h"
#include "common/data/json.h"

#include <stdint.h>

enum xcy_post_storage { XCY_POST_DYNAMO, XCY_POST_S3, XCY_POST_MYSQL, XCY_POST_CACHE };
enum { XCY_N_POST_STORAGES = XCY_POST_CACHE + 1 };
enum xcy_notification_storage {
    XCY_NOTIFICATION_SNS,
    XCY_NOTIFICATION_DYNAMO,
    XCY_NOTIFICATION_MQ
};
enum xcy_consistency { XCY_CONSISTENCY_NONE, XCY_CONSISTENCY_ANTIPODE };
enum xcy_visibility { XCY_VISIBILITY_OFF, XCY_VISIBILITY_INLINE, XCY_VISIBILITY_SAMPLE };

/* NULL-terminated, indexed by the enums. */
extern const char *const xcy_post_storage_names[];
extern const char *const xcy_notification_storage_names[];
extern const char *const xcy_consistency_names[];
extern const char *const xcy_visibility_names[];

enum { XCY_REGION_BYTES = 32, XCY_VISIBILITY_BYTES = 48 };

struct xcy_combination {
    enum xcy_post_storage post_storage;
    enum xcy_notification_storage notification_storage;
    enum xcy_consistency consistency;
    enum xcy_visibility visibility;
    int64_t delay_ms;                     /* slept by the writer between write and notification */
    int64_t post_bytes;                   /* size of the post's body */
    double visibility_share;              /* p of sample:p; 1 for inline, 0 for off */
    char writer_region[XCY_REGION_BYTES]; /* "eu-central-1" */
    char reader_region[XCY_REGION_BYTES];
};

/* "dynamo-sns": the folder of its runs. to has 32 bytes. */
void xcy_combination_folder(const struct xcy_combination *c, char to[32]);
/* For people: "dynamo-sns, none, delay 0 ms, eu-central-1 to us-east-1". to has 160 bytes. */
void xcy_combination_describe(const struct xcy_combination *c, char to[160]);
bool xcy_combination_equal(const struct xcy_combination *a, const struct xcy_combination *b);

/* Visibility as people and files write it: "off", "inline", "sample:0.1" (0 < p <= 1). Sets visibility
 * and visibility_share; XCY_EPARSE says what was expected. */
enum xcy_status xcy_visibility_parse(const char *text, struct xcy_combination *c,
                                     struct xcy_error *err) XCY_MUST_USE;
void xcy_visibility_format(const struct xcy_combination *c, char to[XCY_VISIBILITY_BYTES]);
/* Where nothing was said: inline for sns, off for the others, whose few pollers it would delay. */
void xcy_visibility_set_default(struct xcy_combination *c);

/* The size of posts in the published evaluation of the reference, which differs by store. */
int64_t xcy_post_published_bytes(enum xcy_post_storage storage);
/* Where nothing was said of the size. */
enum { XCY_POST_BYTES_DEFAULT = 1000 };

/* The index of the name in a NULL-terminated table, or -1. */
int xcy_name_index(const char *const names[], const char *name);

struct xcy_json *xcy_combination_to_json(const struct xcy_combination *c); /* owned by the caller */
enum xcy_status xcy_combination_from_json(const struct xcy_json *object, struct xcy_combination *c,
                                          struct xcy_error *err) XCY_MUST_USE;

/* "eu" -> "eu-central-1", "us" -> "us-east-1", "sg" -> "ap-southeast-1"; other texts as they are. */
const char *xcy_region_of_alias(const char *text);
/* The other way: "eu-central-1" -> "eu"; a region without an alias as it is. */
const char *xcy_alias_of_region(const char *region);

#endif

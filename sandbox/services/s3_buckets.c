#include "common/aws/xml.h"
#include "sandbox/front/xml.h"
#include "sandbox/services/s3_operations.h"

#include <stdio.h>
#include <string.h>

#define XML_HEAD  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define XML_SPACE " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\""

enum { MIN_NAME_BYTES = 3, MAX_NAME_BYTES = 63 };

bool xcy_s3_buckets_prepare(struct xcy_s3_request *r)
{
    (void)r;
    return true;
}

void xcy_s3_buckets_decide(struct xcy_s3_request *r)
{
    xcy_buf_add_text(&r->out, XML_HEAD "<ListAllMyBucketsResult" XML_SPACE
                                       "><Owner><ID>sandbox</ID></Owner><Buckets>");
    const struct xcy_s3_bucket *bucket = NULL;
    for (;;) {
        const char *after = bucket ? xcy_s3_bucket_name(bucket) : NULL;
        bucket = xcy_s3_store_next(r->store, after);
        if (!bucket) {
            break;
        }
        char date[40];
        xcy_s3_format_date(xcy_s3_bucket_created(bucket), date);
        xcy_buf_add_text(&r->out, "<Bucket>");
        xcy_xml_add_element(&r->out, "Name", xcy_s3_bucket_name(bucket));
        xcy_xml_add_element(&r->out, "CreationDate", date);
        xcy_buf_add_text(&r->out, "</Bucket>");
    }
    xcy_buf_add_text(&r->out, "</Buckets></ListAllMyBucketsResult>");
}

bool xcy_s3_create_prepare(struct xcy_s3_request *r)
{
    size_t len = strlen(r->bucket_name);
    bool is_name = len >= MIN_NAME_BYTES && len <= MAX_NAME_BYTES &&
                   strspn(r->bucket_name, "abcdefghijklmnopqrstuvwxyz0123456789.-") == len;
    char region[64];
    if (!is_name) {
        return xcy_s3_fail(r, 400, "InvalidBucketName", "The specified bucket is not valid.");
    }
    return !xcy_xml_text(r->call->body, "LocationConstraint", region, sizeof region) ||
           strcmp(region, r->call->region) == 0 ||
           xcy_s3_fail(r, 400, "IllegalLocationConstraintException",
                       "The %s location constraint is incompatible for the region specific "
                       "endpoint this request was sent to.",
                       region);
}

void xcy_s3_create_decide(struct xcy_s3_request *r)
{
    if (!xcy_s3_store_add(r->store, r->bucket_name, r->call->region)) {
        xcy_s3_fail(r, 409, "BucketAlreadyOwnedByYou",
                    "Your previous request to create the named bucket succeeded and you already "
                    "own it.");
        return;
    }
    char place[XCY_S3_MAX_KEY_BYTES];
    snprintf(place, sizeof place, "/%s", r->bucket_name);
    xcy_s3_reply_header(r, "Location", place);
}

bool xcy_s3_bucket_prepare(struct xcy_s3_request *r)
{
    return xcy_s3_request_find_bucket(r);
}

/* That it is there was the question. */
void xcy_s3_head_bucket_decide(struct xcy_s3_request *r)
{
    (void)r;
}

/* Of us-east-1 S3 says nothing. */
void xcy_s3_location_decide(struct xcy_s3_request *r)
{
    const char *region = xcy_s3_bucket_region(r->bucket);
    xcy_buf_addf(&r->out, XML_HEAD "<LocationConstraint" XML_SPACE ">%s</LocationConstraint>",
                 strcmp(region, "us-east-1") == 0 ? "" : region);
}

void xcy_s3_versioning_decide(struct xcy_s3_request *r)
{
    xcy_buf_add_text(&r->out, XML_HEAD "<VersioningConfiguration" XML_SPACE
                                       "><Status>Enabled</Status></VersioningConfiguration>");
}

bool xcy_s3_put_versioning_prepare(struct xcy_s3_request *r)
{
    char status[16];
    if (!xcy_s3_request_find_bucket(r)) {
        return false;
    }
    if (!xcy_xml_text(r->call->body, "Status", status, sizeof status)) {
        return xcy_s3_fail(r, 400, "IllegalVersioningConfigurationException",
                           "The Versioning element must be specified");
    }
    return strcmp(status, "Enabled") == 0 ||
           xcy_s3_fail(r, 501, "NotImplemented",
                       "The sandbox's buckets are versioned, from their beginning to their end.");
}

#include "sandbox/services/s3_operations.h"

#include <string.h>

/* Those with a mark before the one of the same place without. */
static const struct xcy_s3_operation operations[] = {
    {"GET", "", NULL, xcy_s3_buckets_prepare, xcy_s3_buckets_decide},
    {"PUT", "b", "versioning", xcy_s3_put_versioning_prepare, xcy_s3_head_bucket_decide},
    {"PUT", "b", NULL, xcy_s3_create_prepare, xcy_s3_create_decide},
    {"HEAD", "b", NULL, xcy_s3_bucket_prepare, xcy_s3_head_bucket_decide},
    {"GET", "b", "location", xcy_s3_bucket_prepare, xcy_s3_location_decide},
    {"GET", "b", "versioning", xcy_s3_bucket_prepare, xcy_s3_versioning_decide},
    {"GET", "b", "versions", xcy_s3_list_prepare, xcy_s3_versions_decide},
    {"GET", "b", NULL, xcy_s3_list_prepare, xcy_s3_list_decide},
    {"POST", "b", "delete", xcy_s3_deletes_prepare, xcy_s3_deletes_decide},
    {"PUT", "k", NULL, xcy_s3_put_prepare, xcy_s3_put_decide},
    {"GET", "k", NULL, xcy_s3_read_prepare, xcy_s3_read_decide},
    {"HEAD", "k", NULL, xcy_s3_read_prepare, xcy_s3_read_decide},
    {"DELETE", "k", NULL, xcy_s3_delete_prepare, xcy_s3_delete_decide},
};

/* Parameters and headers that would change what a request does, and that the sandbox does not know:
 * to go on would be to answer another question. */
static const char *const unknown_parameters[] = {
    "accelerate",
    "acl",
    "analytics",
    "attributes",
    "cors",
    "encryption",
    "inventory",
    "legal-hold",
    "lifecycle",
    "logging",
    "metrics",
    "notification",
    "object-lock",
    "ownershipControls",
    "partNumber",
    "policy",
    "policyStatus",
    "publicAccessBlock",
    "replication",
    "requestPayment",
    "restore",
    "retention",
    "select",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "website",
    "response-content-type",
};
static const char *const unknown_headers[] = {
    "If-Match",
    "If-None-Match",
    "If-Modified-Since",
    "If-Unmodified-Since",
    "x-amz-copy-source",
    "x-amz-decoded-content-length",
    "x-amz-tagging",
    "x-amz-website-redirect-location",
    "x-amz-object-lock-mode",
    "x-amz-server-side-encryption-customer-algorithm",
};

static bool refuse_unknown(struct xcy_s3_request *r)
{
    for (size_t i = 0; i < sizeof unknown_parameters / sizeof *unknown_parameters; i++) {
        if (xcy_s3_request_parameter(r, unknown_parameters[i])) {
            return xcy_s3_fail(r, 501, "NotImplemented", "The sandbox's S3 does not know ?%s.",
                               unknown_parameters[i]);
        }
    }
    for (size_t i = 0; i < sizeof unknown_headers / sizeof *unknown_headers; i++) {
        if (xcy_s3_request_header(r, unknown_headers[i])) {
            return xcy_s3_fail(r, 501, "NotImplemented", "The sandbox's S3 does not know %s.",
                               unknown_headers[i]);
        }
    }
    return true;
}

static const char *place_of(const struct xcy_s3_request *r)
{
    if (!r->bucket_name[0]) {
        return "";
    }
    return r->key[0] ? "k" : "b";
}

const struct xcy_s3_operation *xcy_s3_operation_find(struct xcy_s3_request *r)
{
    const char *method = xcy_exchange_method(r->call->exchange);
    const char *place = place_of(r);
    if (!refuse_unknown(r)) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        const struct xcy_s3_operation *o = &operations[i];
        if (strcmp(o->method, method) == 0 && strcmp(o->place, place) == 0 &&
            (!o->mark || xcy_s3_request_parameter(r, o->mark))) {
            return o;
        }
    }
    xcy_s3_fail(r, 405, "MethodNotAllowed",
                "The specified method is not allowed against this resource.");
    return NULL;
}

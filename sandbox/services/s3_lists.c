#include "common/base/mem.h"
#include "common/net/crypto.h"
#include "sandbox/front/xml.h"
#include "sandbox/services/s3_listing.h"
#include "sandbox/services/s3_operations.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

bool xcy_s3_list_prepare(struct xcy_s3_request *r)
{
    const char *encoding = xcy_s3_request_parameter(r, "encoding-type");
    if (!xcy_s3_request_find_bucket(r)) {
        return false;
    }
    if (encoding && strcmp(encoding, "url") != 0) {
        return xcy_s3_fail(r, 400, "InvalidArgument",
                           "Invalid Encoding Method specified in Request");
    }
    return xcy_s3_listing_max(r) >= 0 ||
           xcy_s3_fail(r, 400, "InvalidArgument",
                       "Provided max-keys not an integer or within integer range");
}

static void add_head(struct xcy_s3_listing *page, const char *root)
{
    struct xcy_buf *out = &page->r->out;
    xcy_buf_addf(out,
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<%s "
                 "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">",
                 root);
    xcy_xml_add_element(out, "Name", xcy_s3_bucket_name(page->r->bucket));
    xcy_s3_listing_add_key(out, page->is_encoded, "Prefix", page->prefix);
    if (page->delimiter[0]) {
        xcy_s3_listing_add_key(out, page->is_encoded, "Delimiter", page->delimiter);
    }
    if (page->is_encoded) {
        xcy_xml_add_element(out, "EncodingType", "url");
    }
    xcy_buf_addf(out, "<MaxKeys>%" PRId64 "</MaxKeys><IsTruncated>%s</IsTruncated>", page->max,
                 page->is_cut ? "true" : "false");
}

static void add_rest(struct xcy_s3_listing *page, const char *root)
{
    struct xcy_buf *out = &page->r->out;
    xcy_buf_add(out, xcy_buf_bytes(&page->items));
    xcy_buf_add(out, xcy_buf_bytes(&page->groups));
    xcy_buf_addf(out, "</%s>", root);
}

static void list_first_form(struct xcy_s3_listing *page)
{
    const char *marker = xcy_s3_request_parameter(page->r, "marker");
    page->has_owner = true;
    xcy_s3_listing_walk(page, marker && marker[0] ? marker : NULL, NULL);
    add_head(page, "ListBucketResult");
    xcy_s3_listing_add_key(&page->r->out, page->is_encoded, "Marker", marker ? marker : "");
    if (page->is_cut && page->delimiter[0]) {
        xcy_s3_listing_add_key(&page->r->out, page->is_encoded, "NextMarker", page->last_key);
    }
    add_rest(page, "ListBucketResult");
}

/* A token is the last key, in base64: opaque, and without a memory of ours. */
static char *key_of_token(const char *token)
{
    struct xcy_buf key;
    xcy_buf_init(&key, XCY_S3_MAX_KEY_BYTES);
    bool is_right = xcy_base64_decode(xcy_bytes_of(token), &key) && !key.overflowed &&
                    !memchr(key.ptr, '\0', key.len);
    char *text = is_right ? xcy_buf_take(&key) : NULL;
    xcy_buf_clear(&key);
    return text;
}

static void add_tokens(const struct xcy_s3_listing *page, const char *token)
{
    struct xcy_buf *out = &page->r->out;
    xcy_buf_addf(out, "<KeyCount>%" PRId64 "</KeyCount>", page->n);
    if (token) {
        xcy_xml_add_element(out, "ContinuationToken", token);
    }
    if (page->is_cut) {
        xcy_buf_add_text(out, "<NextContinuationToken>");
        xcy_base64_add(out, xcy_bytes_of(page->last_key));
        xcy_buf_add_text(out, "</NextContinuationToken>");
    }
}

static void list_second_form(struct xcy_s3_listing *page)
{
    struct xcy_s3_request *r = page->r;
    const char *token = xcy_s3_request_parameter(r, "continuation-token");
    const char *after = xcy_s3_request_parameter(r, "start-after");
    char *key = token ? key_of_token(token) : xcy_strdup(after && after[0] ? after : NULL);
    if (token && !key) {
        xcy_s3_fail(r, 400, "InvalidArgument", "The continuation token provided is incorrect");
        return;
    }
    const char *fetch_owner = xcy_s3_request_parameter(r, "fetch-owner");
    page->has_owner = fetch_owner && strcmp(fetch_owner, "true") == 0;
    xcy_s3_listing_walk(page, key, NULL);
    add_head(page, "ListBucketResult");
    add_tokens(page, token);
    if (after) {
        xcy_s3_listing_add_key(&r->out, page->is_encoded, "StartAfter", after);
    }
    add_rest(page, "ListBucketResult");
    free(key);
}

void xcy_s3_list_decide(struct xcy_s3_request *r)
{
    const char *type = xcy_s3_request_parameter(r, "list-type");
    struct xcy_s3_listing page;
    xcy_s3_listing_init(&page, r);
    if (type && strcmp(type, "2") == 0) {
        list_second_form(&page);
    } else {
        list_first_form(&page);
    }
    xcy_s3_listing_clear(&page);
}

void xcy_s3_versions_decide(struct xcy_s3_request *r)
{
    const char *key = xcy_s3_request_parameter(r, "key-marker");
    const char *version = xcy_s3_request_parameter(r, "version-id-marker");
    struct xcy_s3_listing page;
    xcy_s3_listing_init(&page, r);
    page.has_versions = true;
    page.has_owner = true;
    key = key && key[0] ? key : NULL;
    version = version && version[0] ? version : NULL;
    if (version && !key) {
        xcy_s3_fail(r, 400, "InvalidArgument",
                    "A version-id marker cannot be specified without a key marker.");
    } else {
        xcy_s3_listing_walk(&page, key, version);
        add_head(&page, "ListVersionsResult");
        xcy_s3_listing_add_key(&r->out, page.is_encoded, "KeyMarker", key ? key : "");
        xcy_xml_add_element(&r->out, "VersionIdMarker", version ? version : "");
        if (page.is_cut) {
            xcy_s3_listing_add_key(&r->out, page.is_encoded, "NextKeyMarker", page.last_key);
            xcy_xml_add_element(&r->out, "NextVersionIdMarker",
                                page.last_version ? page.last_version : "");
        }
        add_rest(&page, "ListVersionsResult");
    }
    xcy_s3_listing_clear(&page);
}

#include "common/aws/xml.h"
#include "common/base/mem.h"
#include "sandbox/front/xml.h"
#include "sandbox/services/s3_operations.h"

#include <stdlib.h>
#include <string.h>

/* DeleteObjects: <Delete><Object><Key/><VersionId/></Object>...<Quiet/></Delete> */

static bool fail_form(struct xcy_s3_request *r)
{
    return xcy_s3_fail(r, 400, "MalformedXML",
                       "The XML you provided was not well-formed or did not validate against our "
                       "published schema");
}

/* Owned; NULL when there is none, or when it is empty, too long or not a text. */
static char *read_value(struct xcy_bytes xml, const char *name)
{
    struct xcy_buf value;
    xcy_buf_init(&value, XCY_S3_MAX_KEY_BYTES);
    bool is_right = xcy_xml_value(xml, name, &value) && !value.overflowed && value.len > 0 &&
                    !memchr(value.ptr, '\0', value.len);
    char *text = is_right ? xcy_buf_take(&value) : NULL;
    xcy_buf_clear(&value);
    return text;
}

bool xcy_s3_deletes_read(struct xcy_s3_request *r, struct xcy_bytes xml)
{
    struct xcy_bytes rest;
    struct xcy_bytes object;
    if (!xcy_xml_next(&xml, "Delete", &rest)) {
        return fail_form(r);
    }
    char *quiet = read_value(rest, "Quiet");
    r->is_quiet = quiet && strcmp(quiet, "true") == 0;
    free(quiet);
    r->deletes = xcy_alloc_array(XCY_S3_MAX_DELETES, sizeof *r->deletes);
    while (xcy_xml_next(&rest, "Object", &object)) {
        char *key = read_value(object, "Key");
        if (!key || r->n_deletes == XCY_S3_MAX_DELETES) {
            free(key);
            return fail_form(r);
        }
        r->deletes[r->n_deletes++] =
            (struct xcy_s3_delete){.key = key, .version = read_value(object, "VersionId")};
    }
    return r->n_deletes > 0 || fail_form(r);
}

bool xcy_s3_deletes_prepare(struct xcy_s3_request *r)
{
    return xcy_s3_request_find_bucket(r) && xcy_s3_request_check_md5(r, true) &&
           xcy_s3_deletes_read(r, r->call->body);
}

static void add_deleted(struct xcy_s3_request *r, const struct xcy_s3_delete *d, const char *marker)
{
    xcy_buf_add_text(&r->out, "<Deleted>");
    xcy_xml_add_element(&r->out, "Key", d->key);
    if (d->version) {
        xcy_xml_add_element(&r->out, "VersionId", d->version);
    }
    if (marker[0]) {
        xcy_xml_add_element(&r->out, "DeleteMarker", "true");
        xcy_xml_add_element(&r->out, "DeleteMarkerVersionId", marker);
    }
    xcy_buf_add_text(&r->out, "</Deleted>");
}

void xcy_s3_deletes_decide(struct xcy_s3_request *r)
{
    xcy_buf_add_text(&r->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DeleteResult "
                              "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    for (size_t i = 0; i < r->n_deletes; i++) {
        const struct xcy_s3_delete *d = &r->deletes[i];
        char marker[XCY_S3_VERSION_BYTES];
        xcy_s3_store_delete(r->store, r->bucket, d->key, d->version, marker);
        if (!r->is_quiet) {
            add_deleted(r, d, marker);
        }
    }
    xcy_buf_add_text(&r->out, "</DeleteResult>");
}

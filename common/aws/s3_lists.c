#include "common/aws/s3.h"

#include "common/aws/s3_wire.h"
#include "common/aws/xml.h"
#include "common/base/mem.h"
#include "common/data/number.h"
#include "common/net/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Lists and deletes. Keys in lists are asked for encoded (encoding-type=url), as XML cannot hold every
 * character that a key may have. */

enum { MAX_XML_BYTES = 16 << 20, MAX_VALUE_BYTES = 8192, MAX_ENTRIES = 1000 };

void xcy_s3_page_clear(struct xcy_s3_page *page)
{
    for (size_t i = 0; i < page->n; i++) {
        free(page->entries[i].key);
        free(page->entries[i].version);
    }
    free(page->entries);
    free(page->next_key);
    free(page->next_version);
    *page = (struct xcy_s3_page){0};
}

/* Owned; NULL when there is none or it is not a text. */
static char *read_value(struct xcy_bytes xml, const char *name)
{
    struct xcy_buf value;
    xcy_buf_init(&value, MAX_VALUE_BYTES);
    bool is_right = xcy_xml_value(xml, name, &value) && !value.overflowed &&
                    !memchr(value.ptr, '\0', value.len);
    char *text = is_right ? xcy_buf_take(&value) : NULL;
    xcy_buf_clear(&value);
    return text;
}

/* A blank may come as '+', and a '+' never does. */
static char *read_key(struct xcy_bytes xml, const char *name, bool is_encoded)
{
    char *text = read_value(xml, name);
    if (!text || !is_encoded) {
        return text;
    }
    struct xcy_buf key;
    xcy_buf_init(&key, MAX_VALUE_BYTES);
    bool is_right =
        xcy_url_decode(&key, xcy_bytes_of(text), true) && !memchr(key.ptr, '\0', key.len);
    free(text);
    text = is_right ? xcy_buf_take(&key) : NULL;
    xcy_buf_clear(&key);
    return text;
}

static bool is_value(struct xcy_bytes xml, const char *name, const char *expected)
{
    char text[16];
    return xcy_xml_text(xml, name, text, sizeof text) && strcmp(text, expected) == 0;
}

static bool read_entry(struct xcy_s3_page *page, struct xcy_bytes xml, bool is_marker,
                       bool has_version, bool is_encoded)
{
    char size[32];
    struct xcy_s3_listed *entry = &page->entries[page->n];
    if (page->n == MAX_ENTRIES) {
        return false;
    }
    *entry = (struct xcy_s3_listed){.is_marker = is_marker};
    entry->key = read_key(xml, "Key", is_encoded);
    entry->version = has_version ? read_value(xml, "VersionId") : NULL;
    bool is_sized = is_marker || (xcy_xml_text(xml, "Size", size, sizeof size) &&
                                  xcy_int64_parse(xcy_bytes_of(size), &entry->bytes));
    page->n++; /* what it has by now is freed with the page */
    return entry->key && entry->key[0] && (!has_version || entry->version) && is_sized &&
           entry->bytes >= 0;
}

/* All elements of the name; their order among those of another name does not matter here. */
static bool read_entries(struct xcy_s3_page *page, struct xcy_bytes xml, const char *name,
                         bool has_version, bool is_encoded)
{
    struct xcy_bytes one;
    bool is_marker = strcmp(name, "DeleteMarker") == 0;
    while (xcy_xml_next(&xml, name, &one)) {
        if (!read_entry(page, one, is_marker, has_version, is_encoded)) {
            return false;
        }
    }
    return true;
}

static bool read_versions(struct xcy_s3_page *page, struct xcy_bytes xml, bool is_encoded)
{
    page->next_key = read_key(xml, "NextKeyMarker", is_encoded);
    page->next_version = read_value(xml, "NextVersionIdMarker");
    return read_entries(page, xml, "Version", true, is_encoded) &&
           read_entries(page, xml, "DeleteMarker", true, is_encoded);
}

bool xcy_s3_page_read(struct xcy_bytes xml, struct xcy_s3_page *page)
{
    struct xcy_bytes inner;
    struct xcy_bytes rest = xml;
    bool is_versions = xcy_xml_next(&rest, "ListVersionsResult", &inner);
    if (!is_versions && !xcy_xml_next(&rest, "ListBucketResult", &inner)) {
        return false;
    }
    bool is_encoded = is_value(inner, "EncodingType", "url");
    bool is_cut = is_value(inner, "IsTruncated", "true");
    *page = (struct xcy_s3_page){.entries = xcy_alloc_array(MAX_ENTRIES, sizeof *page->entries)};
    bool is_right = false;
    if (is_versions) {
        is_right = read_versions(page, inner, is_encoded);
    } else {
        page->next_key = read_value(inner, "NextContinuationToken");
        is_right = read_entries(page, inner, "Contents", false, is_encoded);
    }
    if (!is_cut) { /* whatever markers it has */
        free(page->next_key);
        free(page->next_version);
        page->next_key = NULL;
        page->next_version = NULL;
    }
    if (!is_right || (is_cut && !page->next_key)) {
        xcy_s3_page_clear(page);
        return false;
    }
    return true;
}

/* r is finished, sent and cleared. */
static enum xcy_status call_list(const struct xcy_aws *aws, struct xcy_aws_request *r,
                                 const char *what, struct xcy_s3_page *page, struct xcy_error *err)
{
    struct xcy_http_reply reply = {0};
    struct xcy_aws_error told;
    xcy_s3_wire_set_no_body(r);
    enum xcy_status status = xcy_s3_wire_call(aws, r, what, &reply, &told, err);
    if (status == XCY_OK && !xcy_s3_page_read(xcy_buf_bytes(&reply.body), page)) {
        status = xcy_fail(err, XCY_EREMOTE, "%s: the answer is no list", what);
    }
    xcy_http_reply_clear(&reply);
    xcy_aws_request_clear(r);
    return status;
}

enum xcy_status xcy_s3_list(const struct xcy_aws *aws, const char *bucket, const char *token,
                            int max, struct xcy_s3_page *page, struct xcy_error *err)
{
    const char *const parts[] = {bucket, NULL};
    char number[16];
    struct xcy_aws_request r;
    snprintf(number, sizeof number, "%d", max > 0 ? max : MAX_ENTRIES);
    xcy_aws_request_init(&r, aws, "s3", "GET", parts);
    if (token) {
        xcy_aws_request_add_query(&r, "continuation-token", token);
    }
    xcy_aws_request_add_query(&r, "encoding-type", "url");
    xcy_aws_request_add_query(&r, "list-type", "2");
    xcy_aws_request_add_query(&r, "max-keys", number);
    return call_list(aws, &r, "S3 ListObjectsV2", page, err);
}

enum xcy_status xcy_s3_list_versions(const struct xcy_aws *aws, const char *bucket,
                                     const char *key_marker, const char *version_marker,
                                     struct xcy_s3_page *page, struct xcy_error *err)
{
    const char *const parts[] = {bucket, NULL};
    struct xcy_aws_request r;
    xcy_aws_request_init(&r, aws, "s3", "GET", parts);
    xcy_aws_request_add_query(&r, "encoding-type", "url");
    if (key_marker) {
        xcy_aws_request_add_query(&r, "key-marker", key_marker);
    }
    if (version_marker && version_marker[0]) {
        xcy_aws_request_add_query(&r, "version-id-marker", version_marker);
    }
    xcy_aws_request_add_query(&r, "versions", "");
    return call_list(aws, &r, "S3 ListObjectVersions", page, err);
}

/* References for all that XML does not leave alone; what it cannot hold at all, S3 refuses. */
static void add_text(struct xcy_buf *out, const char *text)
{
    while (*text) {
        size_t plain = strcspn(text, "&<>\"'\r\n\t");
        xcy_buf_add(out, xcy_bytes(text, plain));
        text += plain;
        if (*text) {
            xcy_buf_addf(out, "&#%d;", *text);
            text++;
        }
    }
}

static void add_deletes(struct xcy_buf *out, const struct xcy_s3_listed *versions, size_t n)
{
    xcy_buf_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Delete "
                          "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true</Quiet>");
    for (size_t i = 0; i < n; i++) {
        xcy_buf_add_text(out, "<Object><Key>");
        add_text(out, versions[i].key);
        xcy_buf_add_text(out, "</Key>");
        if (versions[i].version) {
            xcy_buf_add_text(out, "<VersionId>");
            add_text(out, versions[i].version);
            xcy_buf_add_text(out, "</VersionId>");
        }
        xcy_buf_add_text(out, "</Object>");
    }
    xcy_buf_add_text(out, "</Delete>");
}

/* A 200 may carry refusals: <DeleteResult><Error><Key/><Code/><Message/></Error>... */
static enum xcy_status read_refusals(struct xcy_bytes xml, const char *bucket,
                                     struct xcy_error *err)
{
    struct xcy_bytes refusal;
    char key[128] = "";
    char code[96] = "";
    char message[200] = "";
    if (!xcy_xml_next(&xml, "Error", &refusal)) {
        return XCY_OK;
    }
    xcy_xml_text(refusal, "Key", key, sizeof key);
    xcy_xml_text(refusal, "Code", code, sizeof code);
    xcy_xml_text(refusal, "Message", message, sizeof message);
    for (char *c = message; *c; c++) {
        if ((unsigned char)*c < ' ') {
            *c = ' ';
        }
    }
    return xcy_fail(err, XCY_EREMOTE, "S3 DeleteObjects in %s: %s: %s: %s", bucket, key, code,
                    message);
}

enum xcy_status xcy_s3_delete(const struct xcy_aws *aws, const char *bucket,
                              const struct xcy_s3_listed *versions, size_t n, struct xcy_error *err)
{
    const char *const parts[] = {bucket, NULL};
    struct xcy_aws_request r;
    struct xcy_http_reply reply = {0};
    struct xcy_aws_error told;
    struct xcy_buf xml;
    xcy_assert(n > 0 && n <= XCY_S3_DELETE_MAX);
    xcy_buf_init(&xml, MAX_XML_BYTES);
    add_deletes(&xml, versions, n);
    xcy_aws_request_init(&r, aws, "s3", "POST", parts);
    xcy_aws_request_add_query(&r, "delete", "");
    xcy_s3_wire_set_body(&r, "application/xml", xcy_buf_bytes(&xml));
    enum xcy_status status = xcy_s3_wire_call(aws, &r, "S3 DeleteObjects", &reply, &told, err);
    if (status == XCY_OK) {
        status = read_refusals(xcy_buf_bytes(&reply.body), bucket, err);
    }
    xcy_http_reply_clear(&reply);
    xcy_aws_request_clear(&r);
    xcy_buf_clear(&xml);
    return status;
}

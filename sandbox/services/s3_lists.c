#include "common/base/mem.h"
#include "common/data/number.h"
#include "common/net/crypto.h"
#include "common/net/url.h"
#include "sandbox/front/xml.h"
#include "sandbox/services/s3_operations.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_KEYS = 1000 };

static const char owner[] =
    "<Owner><ID>0000000000000000000000000000000000000000000000000000000000000"
    "000</ID><DisplayName>sandbox</DisplayName></Owner>";

/* A page in the making. */
struct page {
    struct xcy_s3_request *r;
    const char *prefix;
    const char *delimiter; /* "": none */
    bool is_encoded;       /* encoding-type=url */
    bool has_versions;     /* ListObjectVersions */
    bool has_owner;
    int64_t max;
    int64_t n;
    bool is_cut;        /* there is more than fits */
    char *last_key;     /* where it ended, as a marker */
    char *last_version; /* NULL: behind all of the key */
    char *group;        /* the last common prefix */
    struct xcy_buf items;
    struct xcy_buf groups;
};

static int64_t max_of(const struct xcy_s3_request *r)
{
    const char *text = xcy_s3_request_parameter(r, "max-keys");
    int64_t max = MAX_KEYS;
    if (text && (!xcy_int64_parse(xcy_bytes_of(text), &max) || max < 0)) {
        return -1;
    }
    return max < MAX_KEYS ? max : MAX_KEYS;
}

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
    return max_of(r) >= 0 ||
           xcy_s3_fail(r, 400, "InvalidArgument",
                       "Provided max-keys not an integer or within integer range");
}

/* As S3's encoding-type=url: slashes stay. */
static void add_encoded(struct xcy_buf *out, const char *text)
{
    for (;;) {
        size_t len = strcspn(text, "/");
        xcy_url_encode(out, xcy_bytes(text, len));
        text += len;
        if (!*text) {
            return;
        }
        xcy_buf_add_char(out, '/');
        text++;
    }
}

static void add_key(struct xcy_buf *out, bool is_encoded, const char *name, const char *key)
{
    if (!is_encoded) {
        xcy_xml_add_element(out, name, key);
        return;
    }
    xcy_buf_addf(out, "<%s>", name);
    add_encoded(out, key);
    xcy_buf_addf(out, "</%s>", name);
}

static void set_end(struct page *page, const char *key, const char *version)
{
    free(page->last_key);
    free(page->last_version);
    page->last_key = xcy_strdup(key);
    page->last_version = xcy_strdup(version);
}

static void add_item(struct page *page, const char *key, const struct xcy_s3_found *found)
{
    const struct xcy_s3_object *object = found->object;
    const char *name =
        object->body ? (page->has_versions ? "Version" : "Contents") : "DeleteMarker";
    struct xcy_buf *out = &page->items;
    char date[40];
    xcy_s3_format_date(object->modified, date);
    xcy_buf_addf(out, "<%s>", name);
    add_key(out, page->is_encoded, "Key", key);
    if (page->has_versions) {
        xcy_buf_addf(out, "<VersionId>%s</VersionId><IsLatest>%s</IsLatest>", object->version,
                     found->is_latest ? "true" : "false");
    }
    xcy_buf_addf(out, "<LastModified>%s</LastModified>", date);
    if (object->body) {
        xcy_buf_addf(out, "<ETag>&quot;%s&quot;</ETag><Size>%" PRIu64 "</Size>",
                     xcy_s3_body_md5(object->body), xcy_s3_body_bytes(object->body));
    }
    if (page->has_owner) {
        xcy_buf_add_text(out, owner);
    }
    xcy_buf_addf(out, "%s</%s>", object->body ? "<StorageClass>STANDARD</StorageClass>" : "", name);
}

/* The key up to the delimiter behind the prefix, owned; NULL: it has none. */
static char *group_of(const struct page *page, const char *key)
{
    size_t start = strlen(page->prefix);
    const char *at = page->delimiter[0] ? strstr(key + start, page->delimiter) : NULL;
    return at ? xcy_strndup(key, (size_t)(at - key) + strlen(page->delimiter)) : NULL;
}

static void add_group(struct page *page, const char *group)
{
    xcy_buf_add_text(&page->groups, "<CommonPrefixes>");
    add_key(&page->groups, page->is_encoded, "Prefix", group);
    xcy_buf_add_text(&page->groups, "</CommonPrefixes>");
    free(page->group);
    page->group = xcy_strdup(group);
}

static bool is_in_last_group(const struct page *page, const char *key)
{
    return page->group && strncmp(key, page->group, strlen(page->group)) == 0;
}

static bool each(void *ctx, const char *key, const struct xcy_s3_found *found)
{
    struct page *page = ctx;
    int order = strncmp(key, page->prefix, strlen(page->prefix));
    bool is_listed = page->has_versions || (found->is_latest && found->object->body);
    if (order != 0 || !is_listed || is_in_last_group(page, key)) {
        return order <= 0; /* keys ascend: behind the prefix there is nothing more */
    }
    if (page->n == page->max) {
        page->is_cut = page->max > 0;
        return false;
    }
    char *group = group_of(page, key);
    page->n++;
    if (group) {
        add_group(page, group);
    } else {
        add_item(page, key, found);
    }
    set_end(page, group ? group : key,
            page->has_versions && !group ? found->object->version : NULL);
    free(group);
    return true;
}

static void page_init(struct page *page, struct xcy_s3_request *r)
{
    const char *prefix = xcy_s3_request_parameter(r, "prefix");
    const char *delimiter = xcy_s3_request_parameter(r, "delimiter");
    *page = (struct page){.r = r,
                          .prefix = prefix ? prefix : "",
                          .delimiter = delimiter ? delimiter : "",
                          .is_encoded = xcy_s3_request_parameter(r, "encoding-type") != NULL,
                          .max = max_of(r)};
    xcy_buf_init(&page->items, r->out.max);
    xcy_buf_init(&page->groups, r->out.max);
}

static void page_clear(struct page *page)
{
    free(page->last_key);
    free(page->last_version);
    free(page->group);
    xcy_buf_clear(&page->items);
    xcy_buf_clear(&page->groups);
}

/* A page that began behind a common prefix has had all of that. */
static void walk(struct page *page, const char *key, const char *version)
{
    if (key && strncmp(key, page->prefix, strlen(page->prefix)) == 0) {
        char *group = group_of(page, key);
        page->group = group && strcmp(group, key) == 0 ? group : NULL;
        if (!page->group) {
            free(group);
        }
    }
    xcy_s3_store_walk(page->r->store, page->r->bucket, key, version, each, page);
}

static void add_head(struct page *page, const char *root)
{
    struct xcy_buf *out = &page->r->out;
    xcy_buf_addf(out,
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<%s "
                 "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">",
                 root);
    xcy_xml_add_element(out, "Name", xcy_s3_bucket_name(page->r->bucket));
    add_key(out, page->is_encoded, "Prefix", page->prefix);
    if (page->delimiter[0]) {
        add_key(out, page->is_encoded, "Delimiter", page->delimiter);
    }
    if (page->is_encoded) {
        xcy_xml_add_element(out, "EncodingType", "url");
    }
    xcy_buf_addf(out, "<MaxKeys>%" PRId64 "</MaxKeys><IsTruncated>%s</IsTruncated>", page->max,
                 page->is_cut ? "true" : "false");
}

static void add_rest(struct page *page, const char *root)
{
    struct xcy_buf *out = &page->r->out;
    xcy_buf_add(out, xcy_buf_bytes(&page->items));
    xcy_buf_add(out, xcy_buf_bytes(&page->groups));
    xcy_buf_addf(out, "</%s>", root);
}

static void list_first_form(struct page *page)
{
    const char *marker = xcy_s3_request_parameter(page->r, "marker");
    page->has_owner = true;
    walk(page, marker && marker[0] ? marker : NULL, NULL);
    add_head(page, "ListBucketResult");
    add_key(&page->r->out, page->is_encoded, "Marker", marker ? marker : "");
    if (page->is_cut && page->delimiter[0]) {
        add_key(&page->r->out, page->is_encoded, "NextMarker", page->last_key);
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

static void add_tokens(const struct page *page, const char *token)
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

static void list_second_form(struct page *page)
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
    walk(page, key, NULL);
    add_head(page, "ListBucketResult");
    add_tokens(page, token);
    if (after) {
        add_key(&r->out, page->is_encoded, "StartAfter", after);
    }
    add_rest(page, "ListBucketResult");
    free(key);
}

void xcy_s3_list_decide(struct xcy_s3_request *r)
{
    const char *type = xcy_s3_request_parameter(r, "list-type");
    struct page page;
    page_init(&page, r);
    if (type && strcmp(type, "2") == 0) {
        list_second_form(&page);
    } else {
        list_first_form(&page);
    }
    page_clear(&page);
}

void xcy_s3_versions_decide(struct xcy_s3_request *r)
{
    const char *key = xcy_s3_request_parameter(r, "key-marker");
    const char *version = xcy_s3_request_parameter(r, "version-id-marker");
    struct page page;
    page_init(&page, r);
    page.has_versions = true;
    page.has_owner = true;
    key = key && key[0] ? key : NULL;
    version = version && version[0] ? version : NULL;
    if (version && !key) {
        xcy_s3_fail(r, 400, "InvalidArgument",
                    "A version-id marker cannot be specified without a key marker.");
    } else {
        walk(&page, key, version);
        add_head(&page, "ListVersionsResult");
        add_key(&r->out, page.is_encoded, "KeyMarker", key ? key : "");
        xcy_xml_add_element(&r->out, "VersionIdMarker", version ? version : "");
        if (page.is_cut) {
            add_key(&r->out, page.is_encoded, "NextKeyMarker", page.last_key);
            xcy_xml_add_element(&r->out, "NextVersionIdMarker",
                                page.last_version ? page.last_version : "");
        }
        add_rest(&page, "ListVersionsResult");
    }
    page_clear(&page);
}

#include "sandbox/services/s3_listing.h"

#include "common/base/mem.h"
#include "common/data/number.h"
#include "common/net/url.h"
#include "sandbox/front/xml.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_KEYS = 1000 };

static const char owner[] =
    "<Owner><ID>0000000000000000000000000000000000000000000000000000000000000"
    "000</ID><DisplayName>sandbox</DisplayName></Owner>";

int64_t xcy_s3_listing_max(const struct xcy_s3_request *r)
{
    const char *text = xcy_s3_request_parameter(r, "max-keys");
    int64_t max = MAX_KEYS;
    if (text && (!xcy_int64_parse(xcy_bytes_of(text), &max) || max < 0)) {
        return -1;
    }
    return max < MAX_KEYS ? max : MAX_KEYS;
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

void xcy_s3_listing_add_key(struct xcy_buf *out, bool is_encoded, const char *name, const char *key)
{
    if (!is_encoded) {
        xcy_xml_add_element(out, name, key);
        return;
    }
    xcy_buf_addf(out, "<%s>", name);
    add_encoded(out, key);
    xcy_buf_addf(out, "</%s>", name);
}

static void set_end(struct xcy_s3_listing *page, const char *key, const char *version)
{
    free(page->last_key);
    free(page->last_version);
    page->last_key = xcy_strdup(key);
    page->last_version = xcy_strdup(version);
}

static void add_item(struct xcy_s3_listing *page, const char *key, const struct xcy_s3_found *found)
{
    const struct xcy_s3_object *object = found->object;
    const char *name =
        object->body ? (page->has_versions ? "Version" : "Contents") : "DeleteMarker";
    struct xcy_buf *out = &page->items;
    char date[40];
    xcy_s3_format_date(object->modified, date);
    xcy_buf_addf(out, "<%s>", name);
    xcy_s3_listing_add_key(out, page->is_encoded, "Key", key);
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
static char *group_of(const struct xcy_s3_listing *page, const char *key)
{
    size_t start = strlen(page->prefix);
    const char *at = page->delimiter[0] ? strstr(key + start, page->delimiter) : NULL;
    return at ? xcy_strndup(key, (size_t)(at - key) + strlen(page->delimiter)) : NULL;
}

static void add_group(struct xcy_s3_listing *page, const char *group)
{
    xcy_buf_add_text(&page->groups, "<CommonPrefixes>");
    xcy_s3_listing_add_key(&page->groups, page->is_encoded, "Prefix", group);
    xcy_buf_add_text(&page->groups, "</CommonPrefixes>");
    free(page->group);
    page->group = xcy_strdup(group);
}

static bool is_in_last_group(const struct xcy_s3_listing *page, const char *key)
{
    return page->group && strncmp(key, page->group, strlen(page->group)) == 0;
}

static bool each(void *ctx, const char *key, const struct xcy_s3_found *found)
{
    struct xcy_s3_listing *page = ctx;
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

void xcy_s3_listing_init(struct xcy_s3_listing *page, struct xcy_s3_request *r)
{
    const char *prefix = xcy_s3_request_parameter(r, "prefix");
    const char *delimiter = xcy_s3_request_parameter(r, "delimiter");
    *page =
        (struct xcy_s3_listing){.r = r,
                                .prefix = prefix ? prefix : "",
                                .delimiter = delimiter ? delimiter : "",
                                .is_encoded = xcy_s3_request_parameter(r, "encoding-type") != NULL,
                                .max = xcy_s3_listing_max(r)};
    xcy_buf_init(&page->items, r->out.max);
    xcy_buf_init(&page->groups, r->out.max);
}

void xcy_s3_listing_clear(struct xcy_s3_listing *page)
{
    free(page->last_key);
    free(page->last_version);
    free(page->group);
    xcy_buf_clear(&page->items);
    xcy_buf_clear(&page->groups);
}

/* A page that began behind a common prefix has had all of that. */
void xcy_s3_listing_walk(struct xcy_s3_listing *page, const char *key, const char *version)
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

#include "functions/posts/s3.h"

#include "common/aws/s3.h"
#include "common/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum {
    POST_MAX_BYTES = 16 << 20, /* what the HTTP client carries, either way */
    CLEAN_MAX_PASSES = 20,
    CLEAN_RESERVE_MS = 300, /* a batch must not be cut off by the end of the function */
};

static const char cid_name[] = "cid";

struct s3 {
    const struct xcy_backend_place *place;
    const char *bucket; /* of this side */
};

/* One listed object at most: it opens the connection before the first invocation is timed, and shows a
 * missing bucket at once. Other refusals (no right to list) do not hinder the work. */
static enum xcy_status look_at_bucket(const struct s3 *s3, struct xcy_error *err)
{
    struct xcy_aws aws = xcy_backend_aws(s3->place);
    struct xcy_s3_page page = {0};
    struct xcy_error failure;
    enum xcy_status status = xcy_s3_list(&aws, s3->bucket, NULL, 1, &page, &failure);
    xcy_s3_page_clear(&page);
    if (status == XCY_ENOTFOUND || status == XCY_ENET) {
        *err = failure;
        return status;
    }
    return XCY_OK;
}

static enum xcy_status open_bucket(const struct xcy_backend_place *place, void **state,
                                   struct xcy_error *err)
{
    const struct xcy_environment *e = place->environment;
    if (!e->s3_writer || !e->s3_writer[0] || !e->s3_reader || !e->s3_reader[0]) {
        return xcy_fail(err, XCY_EUSAGE, "the environment names no S3 buckets; run deploy again");
    }
    if (e->combination.post_bytes > POST_MAX_BYTES) {
        return xcy_fail(err, XCY_EUSAGE, "post_bytes must be at most %d for s3, got %lld",
                        POST_MAX_BYTES, (long long)e->combination.post_bytes);
    }
    struct s3 s3 = {.place = place,
                    .bucket = place->side == XCY_SIDE_WRITER ? e->s3_writer : e->s3_reader};
    enum xcy_status status = look_at_bucket(&s3, err);
    if (status != XCY_OK) {
        return status;
    }
    struct s3 *made = xcy_alloc(sizeof *made);
    *made = s3;
    *state = made;
    return XCY_OK;
}

static void close_bucket(void *state)
{
    free(state);
}

static enum xcy_status write_object(void *state, const char *key, struct xcy_bytes body,
                                    const struct xcy_metadata *metadata, size_t n_metadata,
                                    char *version, struct xcy_error *err)
{
    const struct s3 *s3 = state;
    struct xcy_s3_metadata user[XCY_S3_METADATA_MAX];
    char id[XCY_S3_VERSION_ID_BYTES];
    xcy_assert(n_metadata <= XCY_S3_METADATA_MAX);
    for (size_t m = 0; m < n_metadata; m++) {
        user[m] = (struct xcy_s3_metadata){metadata[m].name, metadata[m].value};
    }
    struct xcy_aws aws = xcy_backend_aws(s3->place);
    enum xcy_status status = xcy_s3_put(&aws, s3->bucket, key, body, user, n_metadata, id, err);
    if (status != XCY_OK) {
        return status;
    }
    size_t len = strlen(id);
    if (len >= XCY_KEY_BYTES) {
        return xcy_fail(err, XCY_EREMOTE, "S3 PutObject: the version id has %zu bytes, at most %d",
                        len, XCY_KEY_BYTES - 1);
    }
    memcpy(version, id, len + 1);
    return XCY_OK;
}

/* As S3 counts an object: key, body, and of user metadata names and values. */
static struct xcy_post_size object_size(const char *key, const struct xcy_s3_object *object)
{
    struct xcy_post_size size = {.stored_bytes = (int64_t)strlen(key) + object->body_bytes};
    for (const struct xcy_json *m = xcy_json_first(object->metadata); m; m = xcy_json_next(m)) {
        int64_t bytes = (int64_t)(strlen(xcy_json_name(m)) + strlen(xcy_json_string(m)));
        size.stored_bytes += bytes;
        size.metadata_bytes += strcmp(xcy_json_name(m), cid_name) == 0 ? bytes : 0;
    }
    return size;
}

/* A barrier's probe asks for the very version; a reader takes the latest, as it knows of none. */
static enum xcy_status visible(void *state, const char *key, const char *version, const char *cid,
                               bool strong, bool *found, struct xcy_post_size *size,
                               struct xcy_error *err)
{
    (void)strong; /* in its region S3 is always */
    const struct s3 *s3 = state;
    struct xcy_aws aws = xcy_backend_aws(s3->place);
    struct xcy_s3_object object = {0};
    bool is_there = false;
    const char *wanted = version && version[0] ? version : NULL;
    enum xcy_status status =
        size ? xcy_s3_get(&aws, s3->bucket, key, NULL, &is_there, &object, err)
             : xcy_s3_head(&aws, s3->bucket, key, wanted, &is_there, &object, err);
    if (status != XCY_OK) {
        return status;
    }
    *found =
        is_there && (!cid || strcmp(xcy_json_get_string(object.metadata, cid_name, ""), cid) == 0);
    if (size) {
        *size = *found ? object_size(key, &object) : (struct xcy_post_size){0};
    }
    xcy_s3_object_clear(&object);
    return XCY_OK;
}

static enum xcy_status check_time(const struct s3 *s3, struct xcy_error *err)
{
    const struct xcy_mono *limit = s3->place->limit;
    struct xcy_mono soon = xcy_mono_add(xcy_mono_now(), CLEAN_RESERVE_MS * XCY_NS_PER_MS);
    if (limit && xcy_mono_before(*limit, soon)) {
        return xcy_fail(err, XCY_ETIMEOUT,
                        "the function's time is up before all is deleted; clean again");
    }
    return XCY_OK;
}

static enum xcy_status measure(void *state, int64_t *items, int64_t *bytes, struct xcy_error *err)
{
    const struct s3 *s3 = state;
    int64_t n = 0;
    int64_t sum = 0;
    char *token = NULL;
    enum xcy_status status = XCY_OK;
    do {
        struct xcy_aws aws = xcy_backend_aws(s3->place);
        struct xcy_s3_page page = {0};
        status = xcy_s3_list(&aws, s3->bucket, token, 0, &page, err);
        for (size_t i = 0; status == XCY_OK && i < page.n; i++) {
            n++;
            sum += page.entries[i].bytes;
        }
        free(token);
        token = xcy_strdup(page.next_key);
        xcy_s3_page_clear(&page);
    } while (status == XCY_OK && token);
    free(token);
    if (status == XCY_OK) {
        *items = n;
        *bytes = sum;
    }
    return status;
}

/* Versions and delete markers too, which a list of objects does not show; a page tells. */
static enum xcy_status count_versions(void *state, int64_t *items, struct xcy_error *err)
{
    const struct s3 *s3 = state;
    struct xcy_aws aws = xcy_backend_aws(s3->place);
    struct xcy_s3_page page = {0};
    enum xcy_status status = xcy_s3_list_versions(&aws, s3->bucket, NULL, NULL, &page, err);
    if (status == XCY_OK) {
        *items = (int64_t)page.n + (page.next_key ? 1 : 0);
    }
    xcy_s3_page_clear(&page);
    return status;
}

/* A bucket to be emptied, in whichever region. */
struct emptying {
    const struct s3 *s3;
    const char *bucket;
    const char *region;
};

static struct xcy_aws aws_of(const struct emptying *e)
{
    struct xcy_aws aws = xcy_backend_aws(e->s3->place);
    aws.region = e->region;
    return aws;
}

/* Deletes each page of versions and markers as it is read; *n counts what was met. */
static enum xcy_status empty_pass(const struct emptying *e, size_t *n, struct xcy_error *err)
{
    char *key = NULL;
    char *version = NULL;
    enum xcy_status status = XCY_OK;
    do {
        struct xcy_s3_page page = {0};
        struct xcy_aws aws = aws_of(e);
        status = xcy_s3_list_versions(&aws, e->bucket, key, version, &page, err);
        if (status == XCY_OK && page.n > 0) {
            *n += page.n;
            status = check_time(e->s3, err);
        }
        if (status == XCY_OK && page.n > 0) {
            aws = aws_of(e);
            status = xcy_s3_delete(&aws, e->bucket, page.entries, page.n, err);
        }
        free(key);
        free(version);
        key = xcy_strdup(page.next_key);
        version = xcy_strdup(page.next_version);
        xcy_s3_page_clear(&page);
    } while (status == XCY_OK && key);
    free(key);
    free(version);
    return status;
}

/* Empty is what a whole list says is empty. */
static enum xcy_status empty(const struct emptying *e, struct xcy_error *err)
{
    for (int pass = 0; pass < CLEAN_MAX_PASSES; pass++) {
        size_t n = 0;
        enum xcy_status status = empty_pass(e, &n, err);
        if (status != XCY_OK) {
            return xcy_error_context(err, "emptying bucket %s", e->bucket);
        }
        if (n == 0) {
            return XCY_OK;
        }
    }
    return xcy_fail(err, XCY_EFAIL,
                    "bucket %s still has versions after %d passes; is a load running?", e->bucket,
                    CLEAN_MAX_PASSES);
}

/* A deleted version stays in the reader's bucket, as S3 does not replicate such deletes: the writer
 * empties both, its own first, so that nothing more sets out. */
static enum xcy_status clean(void *state, struct xcy_error *err)
{
    const struct s3 *s3 = state;
    const struct xcy_environment *environment = s3->place->environment;
    struct emptying own = {s3, s3->bucket, s3->place->aws->region};
    struct emptying readers = {s3, environment->s3_reader, environment->combination.reader_region};
    enum xcy_status status = empty(&own, err);
    if (status == XCY_OK && s3->place->side == XCY_SIDE_WRITER) {
        status = empty(&readers, err);
    }
    return status;
}

const struct xcy_post_backend xcy_s3_posts = {
    .name = "s3",
    .open = open_bucket,
    .close = close_bucket,
    .write = write_object,
    .visible = visible,
    .size = measure,
    .clean = clean,
    .count = count_versions,
};

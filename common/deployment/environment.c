#include "common/deployment/environment.h"

#include "common/base/mem.h"
#include "common/data/number.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A variable: how its text becomes the member, and the member its text. parse keeps the member as
 * it is on failure and says what it expected. */
struct variable {
    const char *name;
    bool (*parse)(const char *text, void *to);
    char *(*format)(const void *from);
    size_t offset;
    const char *fallback; /* where it is not set; NULL: it must be */
    const char *expected;
    bool is_combination;
};

static bool parse_name(const char *const names[], const char *text, int *index)
{
    int found = xcy_name_index(names, text);
    if (found >= 0) {
        *index = found;
    }
    return found >= 0;
}

static bool parse_post(const char *text, void *to)
{
    int index;
    if (!parse_name(xcy_post_storage_names, text, &index)) {
        return false;
    }
    *(enum xcy_post_storage *)to = (enum xcy_post_storage)index;
    return true;
}

static char *format_post(const void *from)
{
    return xcy_strdup(xcy_post_storage_names[*(const enum xcy_post_storage *)from]);
}

static bool parse_notification(const char *text, void *to)
{
    int index;
    if (!parse_name(xcy_notification_storage_names, text, &index)) {
        return false;
    }
    *(enum xcy_notification_storage *)to = (enum xcy_notification_storage)index;
    return true;
}

static char *format_notification(const void *from)
{
    return xcy_strdup(xcy_notification_storage_names[*(const enum xcy_notification_storage *)from]);
}

/* The reference's switch: 0 or 1. */
static bool parse_antipode(const char *text, void *to)
{
    bool is_on = strcmp(text, "1") == 0;
    if (!is_on && strcmp(text, "0") != 0) {
        return false;
    }
    *(enum xcy_consistency *)to = is_on ? XCY_CONSISTENCY_ANTIPODE : XCY_CONSISTENCY_NONE;
    return true;
}

static char *format_antipode(const void *from)
{
    bool is_on = *(const enum xcy_consistency *)from == XCY_CONSISTENCY_ANTIPODE;
    return xcy_strdup(is_on ? "1" : "0");
}

static bool parse_count(const char *text, void *to)
{
    int64_t value;
    if (!xcy_int64_parse(xcy_bytes_of(text), &value) || value < 0) {
        return false;
    }
    *(int64_t *)to = value;
    return true;
}

static char *format_count(const void *from)
{
    return xcy_format("%" PRId64, *(const int64_t *)from);
}

static bool parse_region(const char *text, void *to)
{
    const char *region = xcy_region_of_alias(text);
    size_t len = strlen(region);
    if (len == 0 || len >= XCY_REGION_BYTES) {
        return false;
    }
    memcpy(to, region, len + 1);
    return true;
}

static char *format_region(const void *from)
{
    return xcy_strdup(from);
}

static bool parse_visibility(const char *text, void *to)
{
    struct xcy_combination *c = to;
    struct xcy_error why;
    if (!text[0]) {
        xcy_visibility_set_default(c);
        return true;
    }
    return xcy_visibility_parse(text, c, &why) == XCY_OK;
}

static char *format_visibility(const void *from)
{
    char text[XCY_VISIBILITY_BYTES];
    xcy_visibility_format(from, text);
    return xcy_strdup(text);
}

static bool parse_switch(const char *text, void *to)
{
    bool is_on = strcmp(text, "1") == 0;
    if (is_on || strcmp(text, "0") == 0) {
        *(bool *)to = is_on;
        return true;
    }
    return false;
}

static char *format_switch(const void *from)
{
    return xcy_strdup(*(const bool *)from ? "1" : "0");
}

static bool parse_text(const char *text, void *to)
{
    char **member = to;
    free(*member);
    *member = xcy_strdup(text);
    return true;
}

static char *format_text(const void *from)
{
    const char *const *member = from;
    return xcy_strdup(*member ? *member : "");
}

#define MEMBER(member) offsetof(struct xcy_environment, member)
#define COUNT_TYPE     parse_count, format_count
#define REGION_TYPE    parse_region, format_region
#define TEXT_TYPE      parse_text, format_text
#define SWITCH_TYPE    parse_switch, format_switch

/* The variables of a kind of server, at `start` within the environment. */
#define IN_SERVER(start, member) ((start) + offsetof(struct xcy_server_environment, member))
#define SERVER(NAME, start)                                                                        \
    {"XCY_" NAME "_WRITER", TEXT_TYPE, IN_SERVER(start, writer), "", "host:port", false},          \
        {"XCY_" NAME "_READER", TEXT_TYPE, IN_SERVER(start, reader), "", "host:port", false},      \
        {"XCY_" NAME "_USER", TEXT_TYPE, IN_SERVER(start, user), "", "a user's name", false},      \
        {"XCY_" NAME "_PASSWORD", TEXT_TYPE, IN_SERVER(start, password), "", "a password", false}, \
    {                                                                                              \
        "XCY_" NAME "_TLS", SWITCH_TYPE, IN_SERVER(start, tls), "0", "0 or 1", false               \
    }

/* The visibility stands behind the notification storage, on which its default depends. */
static const struct variable known[] = {
    {"POST_STORAGE", parse_post, format_post, MEMBER(combination.post_storage), NULL,
     "dynamo, s3, mysql or cache", true},
    {"NOTIFICATION_STORAGE", parse_notification, format_notification,
     MEMBER(combination.notification_storage), NULL, "sns, dynamo or mq", true},
    {"WRITER_REGION", REGION_TYPE, MEMBER(combination.writer_region), NULL, "a region", true},
    {"READER_REGION", REGION_TYPE, MEMBER(combination.reader_region), NULL, "a region", true},
    {"ANTIPODE", parse_antipode, format_antipode, MEMBER(combination.consistency), "0", "0 or 1",
     true},
    {"DELAY_MS", COUNT_TYPE, MEMBER(combination.delay_ms), "0", "milliseconds", true},
    {"XCY_POST_BYTES", COUNT_TYPE, MEMBER(combination.post_bytes), "1000", "a number of bytes",
     true},
    {"XCY_VISIBILITY", parse_visibility, format_visibility, MEMBER(combination), "",
     "off, inline or sample:P", true},
    {"XCY_VISIBILITY_DEADLINE_MS", COUNT_TYPE, MEMBER(visibility_deadline_ms), "4000",
     "milliseconds", false},
    {"XCY_BARRIER_DEADLINE_MS", COUNT_TYPE, MEMBER(barrier_deadline_ms), "4000", "milliseconds",
     false},
    {"XCY_POLL_FIRST_MS", COUNT_TYPE, MEMBER(poll_first_ms), "2", "milliseconds", false},
    {"XCY_POLL_MAX_MS", COUNT_TYPE, MEMBER(poll_max_ms), "20", "milliseconds", false},
    {"XCY_QUEUE", TEXT_TYPE, MEMBER(queue_name), "evaluations", "a queue's name", false},
    {"XCY_TOPIC_ARN", TEXT_TYPE, MEMBER(topic_arn), "", "a topic's ARN", false},
    {"XCY_DYNAMO_TABLE", TEXT_TYPE, MEMBER(dynamo_table), "posts", "a table's name", false},
    {"XCY_DYNAMO_NOTIFICATIONS", TEXT_TYPE, MEMBER(dynamo_notifications), "notifications",
     "a table's name", false},
    {"XCY_S3_WRITER", TEXT_TYPE, MEMBER(s3_writer), "posts-writer", "a bucket's name", false},
    {"XCY_S3_READER", TEXT_TYPE, MEMBER(s3_reader), "posts-reader", "a bucket's name", false},
    SERVER("MYSQL", MEMBER(mysql)),
    {"XCY_MYSQL_DATABASE", TEXT_TYPE, MEMBER(mysql_database), "xcybench", "a database's name",
     false},
    SERVER("CACHE", MEMBER(cache)),
    SERVER("MQ", MEMBER(mq)),
    {"XCY_MQ_QUEUE", TEXT_TYPE, MEMBER(mq_queue), "notifications", "a queue's name", false},
    {"XCY_CA_FILE", TEXT_TYPE, MEMBER(ca_file), "", "a file's path", false},
};

enum { N_VARIABLES = sizeof known / sizeof known[0] };

typedef const char *lookup_fn(const void *ctx, const char *name);

static enum xcy_status read_variable(const struct variable *v, const char *set,
                                     struct xcy_environment *e, struct xcy_error *err)
{
    const char *text = set ? set : v->fallback;
    if (!text) {
        return xcy_fail(err, XCY_EUSAGE, "%s is not set; expected %s", v->name, v->expected);
    }
    if (!v->parse(text, (char *)e + v->offset)) {
        return xcy_fail(err, XCY_EUSAGE, "%s must be %s, got \"%.100s\"", v->name, v->expected,
                        text);
    }
    return XCY_OK;
}

static enum xcy_status read_all(lookup_fn *lookup, const void *ctx, bool only_combination,
                                struct xcy_environment *e, struct xcy_error *err)
{
    struct xcy_environment read = {.queue_name = NULL};
    for (size_t n = 0; n < N_VARIABLES; n++) {
        const struct variable *v = &known[n];
        if (only_combination && !v->is_combination) {
            continue;
        }
        enum xcy_status status = read_variable(v, lookup(ctx, v->name), &read, err);
        if (status) {
            xcy_environment_clear(&read);
            return status;
        }
    }
    *e = read;
    return XCY_OK;
}

static void clear_secret(char *secret)
{
    if (secret) {
        explicit_bzero(secret, strlen(secret));
        free(secret);
    }
}

static void clear_server(struct xcy_server_environment *server)
{
    free(server->writer);
    free(server->reader);
    free(server->user);
    clear_secret(server->password);
}

void xcy_environment_clear(struct xcy_environment *e)
{
    if (!e) {
        return;
    }
    free(e->queue_name);
    free(e->topic_arn);
    free(e->dynamo_table);
    free(e->dynamo_notifications);
    free(e->s3_writer);
    free(e->s3_reader);
    clear_server(&e->mysql);
    free(e->mysql_database);
    clear_server(&e->cache);
    clear_server(&e->mq);
    free(e->mq_queue);
    free(e->ca_file);
    *e = (struct xcy_environment){.queue_name = NULL};
}

/* Borrows all. A password is looked up in our own environment, and only if the combination needs it. */
static enum xcy_status take_server(const struct xcy_server_place *place, const char *name,
                                   bool is_used, struct xcy_server_environment *to,
                                   struct xcy_error *err)
{
    bool needs_password = is_used && place->password_variable;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here sets it */
    char *password = needs_password ? getenv(place->password_variable) : NULL;
    if (needs_password && !password) {
        return xcy_fail(err, XCY_EUSAGE, "backends.%s.password_variable: %s is not set; export it",
                        name, place->password_variable);
    }
    *to = (struct xcy_server_environment){.writer = place->writer_address,
                                          .reader = place->reader_address,
                                          .user = place->user,
                                          .password = password,
                                          .tls = place->tls};
    return XCY_OK;
}

static struct xcy_json *to_json(const struct xcy_environment *e)
{
    struct xcy_json *object = xcy_json_new_object();
    for (size_t n = 0; n < N_VARIABLES; n++) {
        char *text = known[n].format((const char *)e + known[n].offset);
        if (text[0]) {
            xcy_json_put_string(object, known[n].name, text);
        }
        clear_secret(text); /* it may be one */
    }
    return object;
}

enum xcy_status xcy_environment_to_json(const struct xcy_deployment *d,
                                        const struct xcy_combination *c, struct xcy_json **json,
                                        struct xcy_error *err)
{
    struct xcy_environment e = {
        .combination = *c,
        .visibility_deadline_ms = d->visibility_deadline_ms,
        .barrier_deadline_ms = d->barrier_deadline_ms,
        .poll_first_ms = d->poll_first_ms,
        .poll_max_ms = d->poll_max_ms,
        .queue_name = d->queue_name,
        .ca_file = d->ca_file,
        .dynamo_table = d->dynamo.table,
        .dynamo_notifications = d->dynamo.notifications_table,
        .s3_writer = d->s3.writer_bucket,
        .s3_reader = d->s3.reader_bucket,
        .mysql_database = d->mysql_database,
        .mq_queue = d->mq_queue,
    };
    enum xcy_status status =
        take_server(&d->mysql, "mysql", c->post_storage == XCY_POST_MYSQL, &e.mysql, err);
    if (!status) {
        status = take_server(&d->cache, "cache", c->post_storage == XCY_POST_CACHE, &e.cache, err);
    }
    if (!status) {
        bool is_used = c->notification_storage == XCY_NOTIFICATION_MQ;
        status = take_server(&d->mq, "mq", is_used, &e.mq, err);
    }
    if (status) {
        return status;
    }
    e.topic_arn = xcy_deployment_topic_arn(d);
    *json = to_json(&e);
    free(e.topic_arn);
    return XCY_OK;
}

/* Lets a lookup without a context travel as one. */
struct plain_lookup {
    char *(*lookup)(const char *name);
};

static const char *lookup_plain(const void *ctx, const char *name)
{
    const struct plain_lookup *plain = ctx;
    return plain->lookup(name);
}

static const char *lookup_json(const void *ctx, const char *name)
{
    const struct xcy_json *object = ctx;
    return xcy_json_get_string(object, name, NULL);
}

enum xcy_status xcy_environment_read(char *(*lookup)(const char *name), struct xcy_environment *e,
                                     struct xcy_error *err)
{
    const struct plain_lookup plain = {lookup};
    return read_all(lookup_plain, &plain, false, e, err);
}

enum xcy_status xcy_environment_combination(const struct xcy_json *variables,
                                            struct xcy_combination *c, struct xcy_error *err)
{
    struct xcy_environment e;
    enum xcy_status status = read_all(lookup_json, variables, true, &e, err);
    if (!status) {
        *c = e.combination;
    }
    return status;
}

#include "common/deployment/environment.h"

#include "common/base/mem.h"
#include "common/deployment/variable_type.h"

#include <stdlib.h>
#include <string.h>

struct variable {
    const char *name;
    const struct xcy_variable_type *type;
    size_t offset;        /* of the member in the environment */
    const char *fallback; /* where it is not set; NULL: it must be */
    const char *expected;
    bool is_combination;
};

#define MEMBER(member) offsetof(struct xcy_environment, member)

/* The variables of a kind of server, at `start` within the environment. */
#define IN_SERVER(start, member) ((start) + offsetof(struct xcy_server_environment, member))
#define SERVER_TEXT(name, start, member, expected)                                                 \
    {                                                                                              \
        name, &xcy_variable_text, IN_SERVER(start, member), "", expected, false                    \
    }
#define SERVER(NAME, start)                                                                        \
    SERVER_TEXT("XCY_" NAME "_WRITER", start, writer, "host:port"),                                \
        SERVER_TEXT("XCY_" NAME "_READER", start, reader, "host:port"),                            \
        SERVER_TEXT("XCY_" NAME "_USER", start, user, "a user's name"),                            \
        SERVER_TEXT("XCY_" NAME "_PASSWORD", start, password, "a password"),                       \
    {                                                                                              \
        "XCY_" NAME "_TLS", &xcy_variable_switch, IN_SERVER(start, tls), "0", "0 or 1", false      \
    }

/* The visibility stands behind the notification storage, on which its default depends. */
static const struct variable known[] = {
    {"POST_STORAGE", &xcy_variable_post, MEMBER(combination.post_storage), NULL,
     "dynamo, s3, mysql or cache", true},
    {"NOTIFICATION_STORAGE", &xcy_variable_notification, MEMBER(combination.notification_storage),
     NULL, "sns, dynamo or mq", true},
    {"WRITER_REGION", &xcy_variable_region, MEMBER(combination.writer_region), NULL, "a region",
     true},
    {"READER_REGION", &xcy_variable_region, MEMBER(combination.reader_region), NULL, "a region",
     true},
    {"ANTIPODE", &xcy_variable_antipode, MEMBER(combination.consistency), "0", "0 or 1", true},
    {"DELAY_MS", &xcy_variable_count, MEMBER(combination.delay_ms), "0", "milliseconds", true},
    {"XCY_POST_BYTES", &xcy_variable_count, MEMBER(combination.post_bytes), "1000",
     "a number of bytes", true},
    {"XCY_VISIBILITY", &xcy_variable_visibility, MEMBER(combination), "", "off, inline or sample:P",
     true},
    {"XCY_VISIBILITY_DEADLINE_MS", &xcy_variable_count, MEMBER(visibility_deadline_ms), "4000",
     "milliseconds", false},
    {"XCY_BARRIER_DEADLINE_MS", &xcy_variable_count, MEMBER(barrier_deadline_ms), "4000",
     "milliseconds", false},
    {"XCY_POLL_FIRST_MS", &xcy_variable_count, MEMBER(poll_first_ms), "2", "milliseconds", false},
    {"XCY_POLL_MAX_MS", &xcy_variable_count, MEMBER(poll_max_ms), "20", "milliseconds", false},
    {"XCY_QUEUE", &xcy_variable_text, MEMBER(queue_name), "evaluations", "a queue's name", false},
    {"XCY_TOPIC_ARN", &xcy_variable_text, MEMBER(topic_arn), "", "a topic's ARN", false},
    {"XCY_DYNAMO_TABLE", &xcy_variable_text, MEMBER(dynamo_table), "posts", "a table's name",
     false},
    {"XCY_DYNAMO_NOTIFICATIONS", &xcy_variable_text, MEMBER(dynamo_notifications), "notifications",
     "a table's name", false},
    {"XCY_S3_WRITER", &xcy_variable_text, MEMBER(s3_writer), "posts-writer", "a bucket's name",
     false},
    {"XCY_S3_READER", &xcy_variable_text, MEMBER(s3_reader), "posts-reader", "a bucket's name",
     false},
    SERVER("MYSQL", MEMBER(mysql)),
    {"XCY_MYSQL_DATABASE", &xcy_variable_text, MEMBER(mysql_database), "xcybench",
     "a database's name", false},
    SERVER("CACHE", MEMBER(cache)),
    SERVER("MQ", MEMBER(mq)),
    {"XCY_MQ_QUEUE", &xcy_variable_text, MEMBER(mq_queue), "notifications", "a queue's name",
     false},
    {"XCY_CA_FILE", &xcy_variable_text, MEMBER(ca_file), "", "a file's path", false},
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
    if (!v->type->parse(text, (char *)e + v->offset)) {
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
        char *text = known[n].type->format((const char *)e + known[n].offset);
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

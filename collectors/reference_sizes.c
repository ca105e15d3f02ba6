#include "collectors/reference_sizes.h"

#include "collectors/ask.h"

#include "common/data/number.h"
#include "common/stores/mysql.h"

#include <math.h>
#include <stdlib.h>

enum { MAX_REPLY_BYTES = 1 << 20, MYSQL_LIMIT_S = 60, NUMBER_BYTES = 32 };

/* What a post is stored under; Antipode comes before Rendezvous, as in the reference. */
enum form { PLAIN, ANTIPODE, RENDEZVOUS, N_FORMS };

static enum form form_of(const struct xcy_reference_state *state)
{
    return state->antipode_enabled                           ? ANTIPODE
           : state->rendezvous_enabled == XCY_REFERENCE_TRUE ? RENDEZVOUS
                                                             : PLAIN;
}

/* Bytes of an item; 0: the store is asked. */
static const int64_t item_bytes[][N_FORMS] = {
    [XCY_POST_DYNAMO] = {350012, 350054, 350062},
    [XCY_POST_S3] = {1000000, 1000320, 1000010},
    [XCY_POST_MYSQL] = {0},
    [XCY_POST_CACHE] = {0},
};

static const char *const tables[N_FORMS] = {"blobs", "blobs-antipode", "blobs-rendezvous"};

bool xcy_reference_sizes_are_asked(const struct xcy_reference_state *state)
{
    return item_bytes[state->combination.post_storage][form_of(state)] == 0;
}

struct xcy_sizes xcy_reference_sizes_known(const struct xcy_reference_state *state)
{
    int64_t bytes = item_bytes[state->combination.post_storage][form_of(state)];
    xcy_assert(bytes > 0);
    return (struct xcy_sizes){.avg_bytes = {.value = (double)bytes},
                              .total_bytes = {.value = (double)(bytes * state->requests)}};
}

static enum xcy_status ask_cache(const struct xcy_reference_state *state,
                                 const struct xcy_deployment *d, struct xcy_sizes *sizes,
                                 struct xcy_error *err)
{
    const struct xcy_ask_whom whom = {
        .endpoint = d->endpoint,
        .region = state->combination.writer_region,
        .function = state->writer_function ? state->writer_function : d->writer.function,
    };
    struct xcy_buf reply;
    int attempts = 0;
    xcy_buf_init(&reply, MAX_REPLY_BYTES);
    enum xcy_status status = xcy_retry_attempts_few(&attempts, err);
    if (status == XCY_OK) {
        const struct xcy_retry_plan plan = xcy_retry_plan_of(attempts);
        status = xcy_ask_stats(&whom, &plan, &reply, err);
    }
    if (status == XCY_OK) {
        status = xcy_sizes_parse(xcy_buf_bytes(&reply), &state->combination, sizes, err);
    }
    xcy_buf_clear(&reply);
    return status == XCY_OK ? XCY_OK : xcy_error_context(err, "%s", whom.function);
}

/* The password that the deployment names, from our environment; NULL: it names none. */
static enum xcy_status find_password(const struct xcy_server_place *place, const char **password,
                                     struct xcy_error *err)
{
    *password = NULL;
    if (place->password_variable) {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here sets it */
        *password = getenv(place->password_variable);
        if (!*password) {
            return xcy_fail(err, XCY_EUSAGE,
                            "backends.mysql.password_variable: %s is not set; export it",
                            place->password_variable);
        }
    }
    return XCY_OK;
}

/* A number of the server's, where SQL's NULL is YAML's. */
static struct xcy_reference_number number_of(const struct xcy_mysql_column *column)
{
    int64_t value = 0;
    bool is_there =
        !column->is_null && xcy_int64_parse(xcy_bytes(column->to, column->length), &value);
    return (struct xcy_reference_number){.value = is_there ? (double)value : NAN};
}

static enum xcy_status read_table(struct xcy_mysql *mysql, const char *database, const char *table,
                                  struct xcy_mono deadline, struct xcy_sizes *sizes,
                                  struct xcy_error *err)
{
    char avg[NUMBER_BYTES];
    char total[NUMBER_BYTES];
    bool found = false;
    const struct xcy_bytes parameters[] = {xcy_bytes_of(database), xcy_bytes_of(table)};
    const struct xcy_mysql_statement statement = {
        .sql = "SELECT CAST(AVG_ROW_LENGTH AS CHAR), CAST(DATA_LENGTH + INDEX_LENGTH AS CHAR) FROM "
               "information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? LIMIT 1",
        .parameters = parameters,
        .n = sizeof parameters / sizeof *parameters,
    };
    struct xcy_mysql_column columns[] = {{.to = avg, .room = sizeof avg},
                                         {.to = total, .room = sizeof total}};
    enum xcy_status status = xcy_mysql_read(
        mysql, &statement, columns, sizeof columns / sizeof *columns, &found, deadline, err);
    if (status == XCY_OK && !found) {
        status = xcy_fail(err, XCY_ENOTFOUND, "no table %s in database %s", table, database);
    }
    if (status == XCY_OK) {
        *sizes = (struct xcy_sizes){.avg_bytes = number_of(&columns[0]),
                                    .total_bytes = number_of(&columns[1])};
    }
    return status;
}

static enum xcy_status ask_mysql(const struct xcy_reference_state *state,
                                 const struct xcy_deployment *d, struct xcy_sizes *sizes,
                                 struct xcy_error *err)
{
    struct xcy_mysql *mysql = NULL;
    struct xcy_mysql_options options = {
        .address = d->mysql.writer_address,
        .user = d->mysql.user,
        .tls = d->mysql.tls,
        .ca_file = d->ca_file,
    };
    struct xcy_mono deadline = xcy_mono_add(xcy_mono_now(), MYSQL_LIMIT_S * XCY_NS_PER_S);
    if (!options.address) {
        return xcy_fail(err, XCY_EUSAGE,
                        "%s names no backends.mysql.writer_address to ask for the sizes of the "
                        "posts; name it, or say --post-sizes TOTAL:AVERAGE",
                        d->source);
    }
    enum xcy_status status = find_password(&d->mysql, &options.password, err);
    if (status == XCY_OK) {
        status = xcy_mysql_open(&options, deadline, &mysql, err);
    }
    if (status == XCY_OK) {
        status = read_table(mysql, d->mysql_database, tables[form_of(state)], deadline, sizes, err);
    }
    xcy_mysql_close(mysql);
    return status;
}

enum xcy_status xcy_reference_sizes_ask(const struct xcy_reference_state *state,
                                        const struct xcy_deployment *deployment,
                                        struct xcy_sizes *sizes, struct xcy_error *err)
{
    bool is_cache = state->combination.post_storage == XCY_POST_CACHE;
    enum xcy_status status = (is_cache ? ask_cache : ask_mysql)(state, deployment, sizes, err);
    return status == XCY_OK ? XCY_OK : xcy_error_context(err, "the sizes of the posts");
}

enum xcy_status xcy_reference_sizes_parse(const char *text, struct xcy_sizes *sizes,
                                          struct xcy_error *err)
{
    struct xcy_reference_number numbers[2];
    const char *colon = strchr(text, ':');
    struct xcy_bytes parts[2] = {xcy_bytes(text, colon ? (size_t)(colon - text) : 0),
                                 xcy_bytes_of(colon ? colon + 1 : "")};
    for (size_t p = 0; p < 2; p++) {
        int64_t whole;
        numbers[p].is_float = !xcy_int64_parse(parts[p], &whole);
        if (!xcy_double_parse(parts[p], &numbers[p].value) || !(numbers[p].value >= 0) ||
            isinf(numbers[p].value)) {
            return xcy_fail(err, XCY_EUSAGE,
                            "--post-sizes must be the bytes of all posts and of one, such as "
                            "1351052538:2702002.608, got '%.60s'",
                            text);
        }
    }
    *sizes = (struct xcy_sizes){.total_bytes = numbers[0], .avg_bytes = numbers[1]};
    return XCY_OK;
}

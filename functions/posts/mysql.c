#include "functions/posts/mysql.h"

#include "common/base/mem.h"
#include "common/data/number.h"
#include "common/stores/mysql.h"

#include <stdlib.h>
#include <string.h>

enum {
    CALL_LIMIT_S = 5, /* where the place has none */
    POST_MAX_BYTES = 64 * 1024 * 1024,
    CID_BYTES = 64,
    NUMBER_BYTES = 32
};

/* What is asked, with the table's name put in. */
enum text { INSERT, LOOK, LOOK_WITH_CID, READ, MEASURE, EMPTY, CREATE_TABLE, N_TEXTS };

/* A repeated execution writes its post again, as it does in the other stores. */
static const char *const forms[N_TEXTS] = {
    [INSERT] = "INSERT INTO %s (k, cid, body) VALUES (?, ?, ?) "
               "ON DUPLICATE KEY UPDATE cid = VALUES(cid), body = VALUES(body)",
    [LOOK] = "SELECT 1 FROM %s WHERE k = ?",
    [LOOK_WITH_CID] = "SELECT 1 FROM %s WHERE k = ? AND cid = ?",
    [READ] = "SELECT body, cid FROM %s WHERE k = ?",
    [MEASURE] = "SELECT CAST(COUNT(*) AS CHAR), CAST(COALESCE(SUM(OCTET_LENGTH(k) + "
                "OCTET_LENGTH(body) + COALESCE(OCTET_LENGTH(cid), 0)), 0) AS CHAR) FROM %s",
    [EMPTY] = "TRUNCATE TABLE %s",
    [CREATE_TABLE] = "CREATE TABLE IF NOT EXISTS %s (k VARBINARY(64) NOT NULL PRIMARY KEY, "
                     "cid VARBINARY(64) NULL, body LONGBLOB NOT NULL) ENGINE=InnoDB",
};

struct mysql {
    const struct xcy_backend_place *place;
    struct xcy_mysql *connection; /* to this side's server; connects again by itself */
    char *texts[N_TEXTS];
    char *body; /* room for reads, kept */
    size_t body_room;
};

static struct xcy_mono deadline_of(const struct xcy_backend_place *place)
{
    return place->limit ? *place->limit : xcy_mono_add(xcy_mono_now(), CALL_LIMIT_S * XCY_NS_PER_S);
}

static enum xcy_status check_environment(const struct xcy_backend_place *place,
                                         struct xcy_error *err)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-$";
    const struct xcy_environment *environment = place->environment;
    bool is_writer = place->side == XCY_SIDE_WRITER;
    const char *address = is_writer ? environment->mysql.writer : environment->mysql.reader;
    if (!address || address[0] == '\0') {
        return xcy_fail(err, XCY_EUSAGE, "the environment names no MySQL server for the %s",
                        is_writer ? "writer" : "reader");
    }
    const char *database = environment->mysql_database ? environment->mysql_database : "";
    if (database[0] == '\0' || strlen(database) > 64 ||
        strspn(database, plain) != strlen(database)) {
        return xcy_fail(err, XCY_EUSAGE,
                        "XCY_MYSQL_DATABASE must be up to 64 letters, digits, _, - or $, got "
                        "'%.100s'",
                        database);
    }
    if (environment->combination.post_bytes > POST_MAX_BYTES) {
        return xcy_fail(err, XCY_EUSAGE, "post_bytes %lld is more than the %d allowed with mysql",
                        (long long)environment->combination.post_bytes, POST_MAX_BYTES);
    }
    return XCY_OK;
}

static enum xcy_status make_table(const struct mysql *mysql, struct xcy_error *err)
{
    const char *database = mysql->place->environment->mysql_database;
    char *create_database = xcy_format("CREATE DATABASE IF NOT EXISTS `%s`", database);
    enum xcy_status status = xcy_mysql_execute(mysql->connection, mysql->texts[CREATE_TABLE],
                                               deadline_of(mysql->place), err);
    if (status == XCY_ENOTFOUND) {
        status =
            xcy_mysql_execute(mysql->connection, create_database, deadline_of(mysql->place), err);
        if (status == XCY_OK) {
            status = xcy_mysql_execute(mysql->connection, mysql->texts[CREATE_TABLE],
                                       deadline_of(mysql->place), err);
        }
    }
    free(create_database);
    return status;
}

static enum xcy_status prepare(const struct mysql *mysql, const enum text *texts, size_t n,
                               struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; i < n && status == XCY_OK; i++) {
        status = xcy_mysql_prepare(mysql->connection, mysql->texts[texts[i]],
                                   deadline_of(mysql->place), err);
    }
    return status;
}

/* So that the first invocation need not. The table comes to the reader as the posts do: one that
 * is not there yet is no failure. */
static enum xcy_status get_ready(const struct mysql *mysql, struct xcy_error *err)
{
    static const enum text writes[] = {INSERT};
    static const enum text reads[] = {LOOK, LOOK_WITH_CID, READ};
    if (mysql->place->side == XCY_SIDE_READER) {
        enum xcy_status status = prepare(mysql, reads, sizeof reads / sizeof reads[0], err);
        return status == XCY_ENOTFOUND ? XCY_OK : status;
    }
    enum xcy_status status = prepare(mysql, writes, 1, err);
    if (status == XCY_ENOTFOUND) {
        status = make_table(mysql, err);
        status = status == XCY_OK ? prepare(mysql, writes, 1, err) : status;
    }
    return status;
}

static void close_table(void *state)
{
    struct mysql *mysql = state;
    if (!mysql) {
        return;
    }
    xcy_mysql_close(mysql->connection);
    for (size_t i = 0; i < N_TEXTS; i++) {
        free(mysql->texts[i]);
    }
    free(mysql->body);
    free(mysql);
}

/* "SELECT … FROM %s …" with the table's name. */
static char *fill_in(const char *form, const char *table)
{
    const char *hole = strstr(form, "%s");
    return xcy_format("%.*s%s%s", (int)(hole - form), form, table, hole + 2);
}

static struct mysql *mysql_new(const struct xcy_backend_place *place)
{
    const struct xcy_environment *environment = place->environment;
    struct mysql *mysql = xcy_alloc(sizeof *mysql);
    char *table = xcy_format("`%s`.posts", environment->mysql_database);
    for (size_t i = 0; i < N_TEXTS; i++) {
        mysql->texts[i] = fill_in(forms[i], table);
    }
    free(table);
    mysql->place = place;
    if (place->side == XCY_SIDE_READER) {
        mysql->body_room = (size_t)environment->combination.post_bytes;
        mysql->body = xcy_alloc(mysql->body_room + 1);
    }
    return mysql;
}

static enum xcy_status open_table(const struct xcy_backend_place *place, void **state,
                                  struct xcy_error *err)
{
    enum xcy_status status = check_environment(place, err);
    if (status != XCY_OK) {
        return status;
    }
    const struct xcy_environment *environment = place->environment;
    bool is_writer = place->side == XCY_SIDE_WRITER;
    const struct xcy_mysql_options options = {.address = is_writer ? environment->mysql.writer
                                                                   : environment->mysql.reader,
                                              .user = environment->mysql.user,
                                              .password = environment->mysql.password,
                                              .tls = environment->mysql.tls,
                                              .ca_file = environment->ca_file};
    struct mysql *mysql = mysql_new(place);
    status = xcy_mysql_open(&options, deadline_of(place), &mysql->connection, err);
    if (status == XCY_OK) {
        status = get_ready(mysql, err);
    }
    if (status != XCY_OK) {
        close_table(mysql);
        return status;
    }
    *state = mysql;
    return XCY_OK;
}

/* One row, so that no reader sees the body without the context id or the other way round. */
static enum xcy_status write_row(void *state, const char *key, struct xcy_bytes body,
                                 const struct xcy_metadata *metadata, size_t n_metadata,
                                 char *version, struct xcy_error *err)
{
    const struct mysql *mysql = state;
    xcy_assert(n_metadata == 0 || (n_metadata == 1 && strcmp(metadata[0].name, "cid") == 0));
    const struct xcy_bytes values[] = {
        xcy_bytes_of(key), n_metadata ? xcy_bytes_of(metadata[0].value) : xcy_bytes(NULL, 0),
        xcy_bytes(body.ptr ? body.ptr : "", body.len)};
    const struct xcy_mysql_statement insert = {mysql->texts[INSERT], values, 3};
    enum xcy_status status =
        xcy_mysql_write(mysql->connection, &insert, deadline_of(mysql->place), err);
    if (status == XCY_OK) {
        version[0] = '\0';
    }
    return status;
}

/* A table that is not there yet holds no post. */
static enum xcy_status ask(const struct mysql *mysql, enum text text,
                           const struct xcy_bytes *parameters, size_t n,
                           struct xcy_mysql_column *columns, size_t n_columns, bool *found,
                           struct xcy_error *err)
{
    const struct xcy_mysql_statement question = {mysql->texts[text], parameters, n};
    bool is_there = false;
    enum xcy_status status = xcy_mysql_read(mysql->connection, &question, columns, n_columns,
                                            &is_there, deadline_of(mysql->place), err);
    if (status == XCY_OK || status == XCY_ENOTFOUND) {
        *found = is_there;
        return XCY_OK;
    }
    return status;
}

/* The whole post, as a reader wants it, and what it weighs with its context id. */
static enum xcy_status read_row(const struct mysql *mysql, const char *key, const char *cid,
                                bool *found, struct xcy_post_size *size, struct xcy_error *err)
{
    char stored_cid[CID_BYTES];
    struct xcy_mysql_column columns[] = {{.to = mysql->body, .room = mysql->body_room},
                                         {.to = stored_cid, .room = sizeof stored_cid}};
    const struct xcy_bytes wanted = xcy_bytes_of(key);
    bool is_there = false;
    enum xcy_status status = ask(mysql, READ, &wanted, 1, columns, 2, &is_there, err);
    if (status != XCY_OK) {
        return status;
    }
    if (is_there && cid) {
        is_there = xcy_bytes_equal(xcy_bytes(stored_cid, columns[1].length), xcy_bytes_of(cid));
    }
    *found = is_there;
    *size = (struct xcy_post_size){0};
    if (is_there) {
        size->stored_bytes = (int64_t)(wanted.len + columns[0].length + columns[1].length);
        size->metadata_bytes = (int64_t)columns[1].length;
    }
    return XCY_OK;
}

/* A server has one answer; `strong` changes nothing. */
static enum xcy_status visible(void *state, const char *key, const char *version, const char *cid,
                               bool strong, bool *found, struct xcy_post_size *size,
                               struct xcy_error *err)
{
    (void)version;
    (void)strong;
    const struct mysql *mysql = state;
    if (size) {
        return read_row(mysql, key, cid, found, size, err);
    }
    const struct xcy_bytes wanted[] = {xcy_bytes_of(key), xcy_bytes_of(cid ? cid : "")};
    char one[NUMBER_BYTES];
    struct xcy_mysql_column column = {.to = one, .room = sizeof one};
    return ask(mysql, cid ? LOOK_WITH_CID : LOOK, wanted, cid ? 2 : 1, &column, 1, found, err);
}

/* Sums, since the server's own figures of a table are estimates in whole pages. */
static enum xcy_status measure(void *state, int64_t *items, int64_t *bytes, struct xcy_error *err)
{
    const struct mysql *mysql = state;
    char texts[2][NUMBER_BYTES];
    struct xcy_mysql_column columns[2] = {{.to = texts[0], .room = NUMBER_BYTES},
                                          {.to = texts[1], .room = NUMBER_BYTES}};
    int64_t numbers[2] = {0};
    bool found = false;
    enum xcy_status status = ask(mysql, MEASURE, NULL, 0, columns, 2, &found, err);
    if (status != XCY_OK) {
        return status;
    }
    for (size_t i = 0; found && i < 2; i++) {
        if (columns[i].length > NUMBER_BYTES ||
            !xcy_int64_parse(xcy_bytes(texts[i], columns[i].length), &numbers[i])) {
            return xcy_fail(err, XCY_EREMOTE, "the sizes of posts are no numbers");
        }
    }
    *items = numbers[0];
    *bytes = numbers[1];
    return XCY_OK;
}

/* Deleting row by row would write every body into the binary log once more. */
static enum xcy_status clean(void *state, struct xcy_error *err)
{
    const struct mysql *mysql = state;
    return xcy_mysql_execute(mysql->connection, mysql->texts[EMPTY], deadline_of(mysql->place),
                             err);
}

const struct xcy_post_backend xcy_mysql_posts = {
    .name = "mysql",
    .open = open_table,
    .close = close_table,
    .write = write_row,
    .visible = visible,
    .size = measure,
    .clean = clean,
};

#include "common/stores/redis_command.h"

#include <stdlib.h>

enum { MAX_INFO_BYTES = 1024 * 1024 };

enum xcy_status xcy_redis_info(struct xcy_redis *redis, const char *section, struct xcy_buf *text,
                               struct xcy_error *err)
{
    struct xcy_redis_command c;
    xcy_redis_command_init(&c, 2);
    xcy_redis_command_add(&c, xcy_bytes_of("INFO"));
    xcy_redis_command_add(&c, xcy_bytes_of(section));
    redisReply *reply = NULL;
    enum xcy_status status = xcy_redis_ask(redis, &c, true, &reply, err);
    if (status == XCY_OK && reply->type != REDIS_REPLY_STRING) {
        status = xcy_redis_fail_type(redis, "INFO", err);
    } else if (status == XCY_OK) {
        xcy_buf_add(text, xcy_bytes(reply->str, reply->len));
    }
    freeReplyObject(reply);
    xcy_redis_command_clear(&c);
    return status;
}

static bool parse_number(const char *text, double *value)
{
    char *end = NULL;
    double parsed = strtod(text, &end);
    if (end == text || (*end && *end != '\r' && *end != '\n')) {
        return false;
    }
    *value = parsed;
    return true;
}

/* From lines "field:value". */
static bool find_in_info(const char *text, const char *field, double *value)
{
    size_t len = strlen(field);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, field, len) == 0 && line[len] == ':') {
            return parse_number(line + len + 1, value);
        }
    }
    return false;
}

static bool find_in_pairs(const redisReply *reply, const char *field, double *value)
{
    for (size_t i = 0; reply->type == REDIS_REPLY_ARRAY && i + 1 < reply->elements; i += 2) {
        const redisReply *name = reply->element[i];
        const redisReply *number = reply->element[i + 1];
        if (name->type != REDIS_REPLY_STRING || strcmp(name->str, field) != 0) {
            continue;
        }
        if (number->type == REDIS_REPLY_INTEGER) {
            *value = (double)number->integer;
            return true;
        }
        return number->type == REDIS_REPLY_STRING && parse_number(number->str, value);
    }
    return false;
}

static enum xcy_status memory_stat(struct xcy_redis *redis, const char *field, bool *found,
                                   double *value, struct xcy_error *err)
{
    struct xcy_redis_command c;
    xcy_redis_command_init(&c, 2);
    xcy_redis_command_add(&c, xcy_bytes_of("MEMORY"));
    xcy_redis_command_add(&c, xcy_bytes_of("STATS"));
    redisReply *reply = NULL;
    enum xcy_status status = xcy_redis_ask(redis, &c, true, &reply, err);
    if (status == XCY_OK) {
        *found = find_in_pairs(reply, field, value);
        freeReplyObject(reply);
    }
    xcy_redis_command_clear(&c);
    return status;
}

static enum xcy_status info_stat(struct xcy_redis *redis, const char *section, const char *field,
                                 bool *found, double *value, struct xcy_error *err)
{
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_INFO_BYTES);
    enum xcy_status status = xcy_redis_info(redis, section, &text, err);
    if (status == XCY_OK) {
        *found = find_in_info(text.ptr, field, value);
    }
    xcy_buf_clear(&text);
    return status;
}

enum xcy_status xcy_redis_stat(struct xcy_redis *redis, const char *section, const char *field,
                               double *value, struct xcy_error *err)
{
    bool found = false;
    double got = 0;
    enum xcy_status status = section ? info_stat(redis, section, field, &found, &got, err)
                                     : memory_stat(redis, field, &found, &got, err);
    if (status != XCY_OK) {
        return status;
    }
    if (!found) {
        return xcy_fail(err, XCY_ENOTFOUND, "redis %s: no number %s in %s", redis->address, field,
                        section ? section : "MEMORY STATS");
    }
    *value = got;
    return XCY_OK;
}

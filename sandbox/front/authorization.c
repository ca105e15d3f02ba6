#include "sandbox/front/authorization.h"

#include <stdio.h>
#include <string.h>

static const char algorithm[] = "AWS4-HMAC-SHA256";

/* Copies a text that must fit and must not be empty. */
static bool copy_part(struct xcy_bytes part, char *to, size_t size)
{
    if (part.len == 0 || part.len >= size) {
        return false;
    }
    memcpy(to, part.ptr, part.len);
    to[part.len] = '\0';
    return true;
}

/* Takes the text before the separator (or all) off the front. */
static struct xcy_bytes take_until(struct xcy_bytes *text, char separator)
{
    const char *end = text->len > 0 ? memchr(text->ptr, separator, text->len) : NULL;
    size_t len = end ? (size_t)(end - text->ptr) : text->len;
    struct xcy_bytes part = xcy_bytes(text->ptr, len);
    size_t used = end ? len + 1 : len;
    *text = xcy_bytes(text->ptr + used, text->len - used);
    return part;
}

static struct xcy_bytes trimmed(struct xcy_bytes text)
{
    while (text.len > 0 && (text.ptr[0] == ' ' || text.ptr[0] == '\t')) {
        text = xcy_bytes(text.ptr + 1, text.len - 1);
    }
    while (text.len > 0 && (text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == '\t')) {
        text.len--;
    }
    return text;
}

/* The value of "Name=value" among the parts that commas separate; false unless there is one. */
static bool find_part(struct xcy_bytes list, const char *name, struct xcy_bytes *value)
{
    size_t n = 0;
    while (list.len > 0) {
        struct xcy_bytes part = take_until(&list, ',');
        struct xcy_bytes key = trimmed(take_until(&part, '='));
        if (xcy_bytes_equal(key, xcy_bytes_of(name))) {
            *value = trimmed(part);
            n++;
        }
    }
    return n == 1 && value->len > 0;
}

/* An access key never holds '/', so the scope is what stands behind the first one. */
static bool parse_credential(struct xcy_bytes credential, struct xcy_authorization *a)
{
    struct xcy_bytes rest = credential;
    return copy_part(take_until(&rest, '/'), a->access_key, sizeof a->access_key) &&
           copy_part(take_until(&rest, '/'), a->date, sizeof a->date) && strlen(a->date) == 8 &&
           copy_part(take_until(&rest, '/'), a->region, sizeof a->region) &&
           copy_part(take_until(&rest, '/'), a->service, sizeof a->service) &&
           copy_part(rest, a->terminator, sizeof a->terminator) && !strchr(a->terminator, '/');
}

/* Lower case, each once, ascending: else the canonical request would not be unique. */
static bool is_sorted_list(const char *names)
{
    struct xcy_bytes rest = xcy_bytes_of(names);
    char last[256] = "";
    while (rest.len > 0) {
        char name[256];
        if (!copy_part(take_until(&rest, ';'), name, sizeof name) || strcmp(last, name) >= 0 ||
            strpbrk(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ ")) {
            return false;
        }
        memcpy(last, name, sizeof last);
    }
    return names[0] && names[strlen(names) - 1] != ';';
}

static bool is_hex64(const char *text)
{
    return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

bool xcy_authorization_parse(const char *header, struct xcy_authorization *a, char *message,
                             size_t message_bytes)
{
    memset(a, 0, sizeof *a);
    size_t n = strlen(algorithm);
    if (strncmp(header, algorithm, n) != 0 || (header[n] != ' ' && header[n] != '\0')) {
        snprintf(message, message_bytes, "Unsupported AWS 'algorithm': only %s is known.",
                 algorithm);
        return false;
    }
    struct xcy_bytes list = xcy_bytes_of(header + n);
    struct xcy_bytes credential = {0};
    struct xcy_bytes signed_headers = {0};
    struct xcy_bytes signature = {0};
    bool has_credential = find_part(list, "Credential", &credential);
    bool has_signature = find_part(list, "Signature", &signature);
    bool has_headers = find_part(list, "SignedHeaders", &signed_headers);
    if (!has_credential || !has_signature || !has_headers) {
        snprintf(message, message_bytes, "%s%s%s",
                 has_credential ? "" : "Authorization header requires 'Credential' parameter. ",
                 has_signature ? "" : "Authorization header requires 'Signature' parameter. ",
                 has_headers ? "" : "Authorization header requires 'SignedHeaders' parameter. ");
        return false;
    }
    if (!parse_credential(credential, a)) {
        snprintf(message, message_bytes,
                 "Credential must have exactly 5 slash-delimited elements, e.g. "
                 "keyid/date/region/service/term.");
        return false;
    }
    if (!copy_part(signed_headers, a->signed_headers, sizeof a->signed_headers) ||
        !is_sorted_list(a->signed_headers)) {
        snprintf(message, message_bytes,
                 "'SignedHeaders' must be lower-case header names in ascending order, "
                 "separated by ';'.");
        return false;
    }
    if (!copy_part(signature, a->signature, sizeof a->signature) || !is_hex64(a->signature)) {
        snprintf(message, message_bytes, "'Signature' must be 64 lower-case hex digits.");
        return false;
    }
    return true;
}

bool xcy_authorization_has_header(const struct xcy_authorization *a, const char *name)
{
    struct xcy_bytes rest = xcy_bytes_of(a->signed_headers);
    while (rest.len > 0) {
        if (xcy_bytes_equal(take_until(&rest, ';'), xcy_bytes_of(name))) {
            return true;
        }
    }
    return false;
}

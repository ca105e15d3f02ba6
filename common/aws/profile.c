#include "common/aws/profile.h"

#include "common/base/file.h"
#include "common/base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_FILE_BYTES = 1024 * 1024 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct xcy_bytes trim(struct xcy_bytes text)
{
    while (text.len > 0 && is_blank(text.ptr[0])) {
        text = xcy_bytes(text.ptr + 1, text.len - 1);
    }
    while (text.len > 0 && is_blank(text.ptr[text.len - 1])) {
        text.len--;
    }
    return text;
}

/* Without the comment that a blank and # or ; begins. */
static struct xcy_bytes without_comment(struct xcy_bytes value)
{
    for (size_t i = 1; i < value.len; i++) {
        if ((value.ptr[i] == '#' || value.ptr[i] == ';') && is_blank(value.ptr[i - 1])) {
            value.len = i;
            break;
        }
    }
    return trim(value);
}

/* Whether the line "[name]" opens the section. */
static bool opens(struct xcy_bytes line, const char *section)
{
    const char *end = memchr(line.ptr, ']', line.len);
    if (!end) {
        return false;
    }
    struct xcy_bytes name = trim(xcy_bytes(line.ptr + 1, (size_t)(end - line.ptr) - 1));
    return xcy_bytes_equal(name, xcy_bytes_of(section));
}

static bool is_key(struct xcy_bytes name, const char *key)
{
    return name.len == strlen(key) && strncasecmp(name.ptr, key, name.len) == 0;
}

static void put(char **to, struct xcy_bytes value)
{
    if (value.len > 0) {
        if (*to) {
            explicit_bzero(*to, strlen(*to));
        }
        free(*to);
        *to = xcy_strndup(value.ptr, value.len);
    }
}

static void read_setting(struct xcy_bytes line, struct xcy_profile *profile)
{
    struct xcy_credentials *credentials = &profile->credentials;
    const char *equals = memchr(line.ptr, '=', line.len);
    if (!equals) {
        return;
    }
    size_t name_len = (size_t)(equals - line.ptr);
    struct xcy_bytes name = trim(xcy_bytes(line.ptr, name_len));
    struct xcy_bytes value = without_comment(xcy_bytes(equals + 1, line.len - name_len - 1));
    if (is_key(name, "aws_access_key_id")) {
        put(&credentials->access_key, value);
    } else if (is_key(name, "aws_secret_access_key")) {
        put(&credentials->secret_key, value);
    } else if (is_key(name, "aws_session_token")) {
        put(&credentials->session_token, value);
    } else if (is_key(name, "region")) {
        put(&profile->region, value);
    }
}

static bool read_lines(struct xcy_bytes rest, const char *section, struct xcy_profile *profile)
{
    bool found = false;
    bool is_inside = false;
    while (rest.len > 0) {
        const char *end = memchr(rest.ptr, '\n', rest.len);
        size_t len = end ? (size_t)(end - rest.ptr) : rest.len;
        struct xcy_bytes line = trim(xcy_bytes(rest.ptr, len));
        bool is_nested = len > 0 && is_blank(rest.ptr[0]);
        size_t used = end ? len + 1 : len;
        rest = xcy_bytes(rest.ptr + used, rest.len - used);
        if (line.len == 0 || line.ptr[0] == '#' || line.ptr[0] == ';') {
            continue;
        }
        if (line.ptr[0] == '[' && !is_nested) {
            is_inside = opens(line, section);
            found = found || is_inside;
        } else if (is_inside && !is_nested) {
            read_setting(line, profile);
        }
    }
    return found;
}

void xcy_profile_clear(struct xcy_profile *profile)
{
    xcy_credentials_clear(&profile->credentials);
    free(profile->region);
    *profile = (struct xcy_profile){.region = NULL};
}

enum xcy_status xcy_profile_read(const char *path, const char *section, struct xcy_profile *profile,
                                 bool *found, struct xcy_error *err)
{
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_FILE_BYTES);
    enum xcy_status status = xcy_file_read(path, &text, err);
    if (status == XCY_OK) {
        *found = read_lines(xcy_buf_bytes(&text), section, profile);
    }
    explicit_bzero(text.ptr, text.len);
    xcy_buf_clear(&text);
    return status;
}

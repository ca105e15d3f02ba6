#include "common/aws/ini.h"

#include "common/base/mem.h"

#include <stdlib.h>
#include <strings.h>

struct setting {
    size_t section; /* its index */
    char *key;
    char *value;
};

struct xcy_ini {
    char **sections;
    size_t n_sections;
    struct setting *settings;
    size_t n_settings;
};

/* Where the next line belongs. */
struct cursor {
    bool is_inside;          /* of a section */
    struct xcy_bytes parent; /* the last setting that is not indented */
};

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

/* Room is made in steps of powers of two. */
static bool is_full(size_t n)
{
    return (n & (n - 1)) == 0;
}

/* No text: what follows the zero would be lost unseen. */
static bool has_zero(struct xcy_bytes line)
{
    return memchr(line.ptr, '\0', line.len) != NULL;
}

static void open_section(struct xcy_ini *ini, struct xcy_bytes line, struct cursor *at)
{
    const char *end = has_zero(line) ? NULL : memchr(line.ptr, ']', line.len);
    at->is_inside = end != NULL;
    at->parent = xcy_bytes(NULL, 0);
    if (!end) {
        return;
    }
    if (is_full(ini->n_sections)) {
        size_t room = ini->n_sections ? ini->n_sections * 2 : 1;
        ini->sections = xcy_realloc_array(ini->sections, room, sizeof *ini->sections);
    }
    struct xcy_bytes name = trim(xcy_bytes(line.ptr + 1, (size_t)(end - line.ptr) - 1));
    ini->sections[ini->n_sections++] = xcy_strndup(name.len ? name.ptr : "", name.len);
}

static void add_setting(struct xcy_ini *ini, struct xcy_bytes parent, struct xcy_bytes key,
                        struct xcy_bytes value)
{
    if (is_full(ini->n_settings)) {
        size_t room = ini->n_settings ? ini->n_settings * 2 : 1;
        ini->settings = xcy_realloc_array(ini->settings, room, sizeof *ini->settings);
    }
    struct setting *s = &ini->settings[ini->n_settings++];
    s->section = ini->n_sections - 1;
    s->key = parent.len > 0
                 ? xcy_format("%.*s.%.*s", (int)parent.len, parent.ptr, (int)key.len, key.ptr)
                 : xcy_strndup(key.ptr, key.len);
    s->value = xcy_strndup(value.ptr, value.len);
}

static void read_setting(struct xcy_ini *ini, struct xcy_bytes line, bool is_nested,
                         struct cursor *at)
{
    const char *equals = memchr(line.ptr, '=', line.len);
    if (!equals || has_zero(line) || !at->is_inside || (is_nested && at->parent.len == 0)) {
        return;
    }
    size_t key_len = (size_t)(equals - line.ptr);
    struct xcy_bytes key = trim(xcy_bytes(line.ptr, key_len));
    struct xcy_bytes value = without_comment(xcy_bytes(equals + 1, line.len - key_len - 1));
    if (!is_nested) {
        at->parent = key;
    }
    if (key.len > 0 && value.len > 0) {
        add_setting(ini, is_nested ? at->parent : xcy_bytes(NULL, 0), key, value);
    }
}

struct xcy_ini *xcy_ini_parse(struct xcy_bytes text)
{
    struct xcy_ini *ini = xcy_alloc(sizeof *ini);
    struct cursor at = {.is_inside = false};
    while (text.len > 0) {
        const char *end = memchr(text.ptr, '\n', text.len);
        size_t len = end ? (size_t)(end - text.ptr) : text.len;
        struct xcy_bytes line = trim(xcy_bytes(text.ptr, len));
        bool is_nested = len > 0 && is_blank(text.ptr[0]);
        size_t used = end ? len + 1 : len;
        text = xcy_bytes(text.ptr + used, text.len - used);
        if (line.len == 0 || line.ptr[0] == '#' || line.ptr[0] == ';') {
            continue;
        }
        if (line.ptr[0] == '[' && !is_nested) {
            open_section(ini, line, &at);
        } else {
            read_setting(ini, line, is_nested, &at);
        }
    }
    return ini;
}

void xcy_ini_free(struct xcy_ini *ini)
{
    if (!ini) {
        return;
    }
    for (size_t i = 0; i < ini->n_sections; i++) {
        free(ini->sections[i]);
    }
    for (size_t i = 0; i < ini->n_settings; i++) {
        free(ini->settings[i].key);
        xcy_free_secret(&ini->settings[i].value);
    }
    free(ini->sections);
    free(ini->settings);
    free(ini);
}

bool xcy_ini_has(const struct xcy_ini *ini, const char *section)
{
    for (size_t i = 0; ini && i < ini->n_sections; i++) {
        if (strcmp(ini->sections[i], section) == 0) {
            return true;
        }
    }
    return false;
}

const char *xcy_ini_get(const struct xcy_ini *ini, const char *section, const char *key)
{
    for (size_t i = ini ? ini->n_settings : 0; i > 0; i--) {
        const struct setting *s = &ini->settings[i - 1];
        if (strcasecmp(s->key, key) == 0 && strcmp(ini->sections[s->section], section) == 0) {
            return s->value;
        }
    }
    return NULL;
}

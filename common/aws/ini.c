#include "common/aws/ini.h"

#include "common/base/buf.h"
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
    struct xcy_bytes parent; /* the last setting that belongs to none above; len 0: none yet */
    size_t indent;           /* the parent's */
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

/* Blanks between words count as one, and quotes only keep them: profile "my dev" is my dev. */
static char *section_name(struct xcy_bytes text)
{
    struct xcy_buf name;
    bool is_quoted = false;
    xcy_buf_init(&name, text.len);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '"') {
            is_quoted = !is_quoted;
        } else if (is_quoted || !is_blank(c)) {
            xcy_buf_add_char(&name, c);
        } else if (i > 0 && !is_blank(text.ptr[i - 1])) {
            xcy_buf_add_char(&name, ' ');
        }
    }
    return xcy_buf_take(&name);
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
    ini->sections[ini->n_sections++] = section_name(name);
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

static bool is_nested(const struct cursor *at, size_t indent)
{
    return at->parent.len > 0 && indent > at->indent;
}

static void read_setting(struct xcy_ini *ini, struct xcy_bytes line, size_t indent,
                         struct cursor *at)
{
    const char *equals = memchr(line.ptr, '=', line.len);
    struct xcy_bytes parent = is_nested(at, indent) ? at->parent : xcy_bytes(NULL, 0);
    if (!equals || has_zero(line) || !at->is_inside) {
        return;
    }
    size_t key_len = (size_t)(equals - line.ptr);
    struct xcy_bytes key = trim(xcy_bytes(line.ptr, key_len));
    struct xcy_bytes value = without_comment(xcy_bytes(equals + 1, line.len - key_len - 1));
    if (parent.len == 0) {
        at->parent = key;
        at->indent = indent;
    }
    if (key.len > 0 && value.len > 0) {
        add_setting(ini, parent, key, value);
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
        size_t indent = line.len > 0 ? (size_t)(line.ptr - text.ptr) : 0;
        size_t used = end ? len + 1 : len;
        text = xcy_bytes(text.ptr + used, text.len - used);
        if (line.len == 0 || line.ptr[0] == '#' || line.ptr[0] == ';') {
            continue;
        }
        if (line.ptr[0] == '[' && !is_nested(&at, indent)) {
            open_section(ini, line, &at);
        } else {
            read_setting(ini, line, indent, &at);
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

#include "common/cli/lookup.h"

#include "common/base/mem.h"
#include "common/base/nearest.h"
#include "common/cli/option.h"

#include <stdio.h>
#include <stdlib.h>

enum { NAMES_MAX_BYTES = 512 };

/* The table with the standard options after it. */
static const struct xcy_option *option_at(const struct xcy_program *program, size_t i)
{
    return i < program->n_options ? &program->options[i]
                                  : &xcy_standard_options[i - program->n_options];
}

static size_t n_all_options(const struct xcy_program *program)
{
    return program->n_options + XCY_N_STANDARD_OPTIONS;
}

bool xcy_lookup_is_standard(const struct xcy_option *option)
{
    return option >= xcy_standard_options && option < xcy_standard_options + XCY_N_STANDARD_OPTIONS;
}

static bool is_hidden(const struct xcy_option *option)
{
    return option == &xcy_standard_options[XCY_STANDARD_MAN];
}

/* A table with a name or letter twice is a bug of the program. */
void xcy_lookup_check(const struct xcy_program *program)
{
    for (size_t i = 0; i < n_all_options(program); i++) {
        const struct xcy_option *a = option_at(program, i);
        for (size_t j = 0; a->type != XCY_OPTION_GROUP && j < i; j++) {
            const struct xcy_option *b = option_at(program, j);
            if (b->type != XCY_OPTION_GROUP) {
                xcy_assert(strcmp(a->name, b->name) != 0);
                xcy_assert(!a->letter || a->letter != b->letter);
            }
        }
    }
}

/* Which option a word of `len` letters names, in full or by a unique beginning. */
struct match {
    const struct xcy_option *option;
    bool is_off; /* by --no-… */
    bool is_exact;
    size_t n; /* how many it could be */
    char names[NAMES_MAX_BYTES];
};

static void consider(struct match *m, const struct xcy_option *option, bool is_off,
                     const char *word, size_t len)
{
    char full[NAMES_MAX_BYTES];
    snprintf(full, sizeof full, "%s%s", is_off ? "no-" : "", option->name);
    bool fits = strncmp(full, word, len) == 0;
    bool is_exact = fits && strlen(full) == len;
    if (!fits || m->is_exact || (is_hidden(option) && !is_exact)) {
        return;
    }
    m->is_exact = is_exact;
    m->n = m->is_exact ? 1 : m->n + 1;
    m->option = option;
    m->is_off = is_off;
    size_t used = strlen(m->names);
    int n = snprintf(m->names + used, sizeof m->names - used, "%s--%s", used ? ", " : "", full);
    xcy_assert(n >= 0);
}

static void find_long(const struct xcy_program *program, const char *word, size_t len,
                      struct match *m)
{
    bool may_be_off = strncmp(word, "no-", 3) == 0; /* --n is no beginning of all the --no-… */
    for (size_t i = 0; i < n_all_options(program); i++) {
        const struct xcy_option *option = option_at(program, i);
        if (option->type == XCY_OPTION_GROUP) {
            continue;
        }
        consider(m, option, false, word, len);
        if (may_be_off && option->type == XCY_OPTION_BOOL && !xcy_lookup_is_standard(option)) {
            consider(m, option, true, word, len);
        }
    }
}

static enum xcy_status fail_unknown(const struct xcy_program *program, struct xcy_bytes word,
                                    struct xcy_error *err)
{
    const char **names = xcy_alloc_array(n_all_options(program), sizeof *names);
    size_t n = 0;
    for (size_t i = 0; i < n_all_options(program); i++) {
        const struct xcy_option *option = option_at(program, i);
        if (option->type != XCY_OPTION_GROUP && !is_hidden(option)) {
            names[n++] = option->name;
        }
    }
    char *name = xcy_strndup(word.ptr, word.len);
    const char *nearest = xcy_nearest(name, names, n);
    enum xcy_status status =
        nearest
            ? xcy_fail(err, XCY_EUSAGE, "unknown option --%s (did you mean --%s?)", name, nearest)
            : xcy_fail(err, XCY_EUSAGE, "unknown option --%s", name);
    free(names);
    free(name);
    return status;
}

enum xcy_status xcy_lookup_name(const struct xcy_program *program, struct xcy_bytes word,
                                struct xcy_lookup *found, struct xcy_error *err)
{
    struct match m = {.n = 0};
    find_long(program, word.ptr, word.len, &m);
    if (m.n == 0 || word.len == 0) {
        return fail_unknown(program, word, err);
    }
    if (m.n > 1) {
        return xcy_fail(err, XCY_EUSAGE, "--%.*s could be %s", (int)word.len, word.ptr, m.names);
    }
    *found = (struct xcy_lookup){.option = m.option, .is_off = m.is_off};
    return XCY_OK;
}

const struct xcy_option *xcy_lookup_letter(const struct xcy_program *program, char letter)
{
    for (size_t i = 0; i < n_all_options(program); i++) {
        const struct xcy_option *option = option_at(program, i);
        if (option->type != XCY_OPTION_GROUP && option->letter == letter) {
            return option;
        }
    }
    return NULL;
}

#include "plotconf/paths.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/nearest.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Of glob(7), and what takes their meaning away. */
static const char wildcards[] = "*?[\\";

static bool has(const struct xcy_paths *paths, const char *path)
{
    for (size_t i = 0; i < paths->n; i++) {
        if (strcmp(paths->items[i], path) == 0) {
            return true;
        }
    }
    return false;
}

static void add(struct xcy_paths *paths, const char *path)
{
    paths->items = xcy_realloc_array(paths->items, paths->n + 1, sizeof *paths->items);
    paths->items[paths->n++] = xcy_strdup(path);
}

char *xcy_paths_escape(const char *path)
{
    char *pattern = xcy_alloc(2 * strlen(path) + 1);
    char *to = pattern;
    for (const char *from = path; *from; from++) {
        if (strchr(wildcards, *from)) {
            *to++ = '\\';
        }
        *to++ = *from;
    }
    return pattern;
}

size_t xcy_paths_glob(struct xcy_paths *paths, const char *folder, const char *pattern)
{
    glob_t found = {0};
    char *as_it_is = folder ? xcy_paths_escape(folder) : NULL;
    char *whole = folder ? xcy_format("%s/%s", as_it_is, pattern) : xcy_strdup(pattern);
    /* plot has one thread */
    int code = glob(whole, GLOB_ONLYDIR, NULL, &found); /* NOLINT(concurrency-mt-unsafe) */
    size_t n = code == 0 ? found.gl_pathc : 0;
    for (size_t i = 0; i < n; i++) {
        add(paths, found.gl_pathv[i]);
    }
    globfree(&found);
    free(whole);
    free(as_it_is);
    return n;
}

void xcy_paths_clear(struct xcy_paths *paths)
{
    for (size_t i = 0; i < paths->n; i++) {
        free(paths->items[i]);
    }
    free(paths->items);
    *paths = (struct xcy_paths){0};
}

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

char *xcy_paths_nearest(const char *path)
{
    const char *base = base_of(path);
    if (base == path || base == path + 1) {
        return NULL;
    }
    char *folder = xcy_strndup(path, (size_t)(base - path) - 1);
    char *nearest = NULL;
    if (!xcy_file_exists(folder)) {
        nearest = xcy_paths_nearest(folder);
    } else {
        struct xcy_paths there = {0};
        xcy_paths_glob(&there, folder, "*");
        const char **names = xcy_alloc_array(there.n + 1, sizeof(const char *));
        for (size_t i = 0; i < there.n; i++) {
            names[i] = base_of(there.items[i]);
        }
        const char *name = xcy_nearest(base, names, there.n);
        nearest = name ? xcy_format("%s/%s", folder, name) : NULL;
        free((void *)names);
        xcy_paths_clear(&there);
    }
    free(folder);
    return nearest;
}

/* What an entry of the list means. */
struct wanted {
    const struct xcy_yaml *entry;
    const char *root; /* NULL: the entry is absolute */
    char *text;       /* without slashes at its end, so that a directory has one name */
    char *path;       /* under the root */
};

static struct wanted wanted_of(const struct xcy_yaml *entry, const char *root)
{
    struct wanted w = {.entry = entry, .text = xcy_strdup(xcy_yaml_text(entry))};
    for (size_t n = strlen(w.text); n > 1 && w.text[n - 1] == '/'; n--) {
        w.text[n - 1] = '\0';
    }
    w.root = w.text[0] == '/' ? NULL : root;
    w.path = w.root ? xcy_format("%s/%s", root, w.text) : xcy_strdup(w.text);
    return w;
}

static void wanted_clear(struct wanted *w)
{
    free(w->text);
    free(w->path);
}

static bool is_wild(const struct wanted *w)
{
    return strpbrk(w->text, wildcards) != NULL;
}

/* What an entry without a match is told by. */
static enum xcy_status fail_missing(const struct wanted *w, struct xcy_error *err)
{
    char *nearest = is_wild(w) ? NULL : xcy_paths_nearest(w->path);
    if (is_wild(w)) {
        xcy_yaml_fail(w->entry, err, "nothing matches %s", w->path);
    } else if (nearest) {
        xcy_yaml_fail(w->entry, err, "no directory %s; did you mean '%s'?", w->path, nearest);
    } else {
        xcy_yaml_fail(w->entry, err, "no directory %s", w->path);
    }
    free(nearest);
    err->status = XCY_ENOTFOUND;
    return err->status;
}

static bool is_directory(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Adds what one entry names; false: nothing. */
static bool expand(const struct wanted *w, struct xcy_notes *notes, struct xcy_paths *paths)
{
    struct xcy_paths found = {0};
    if (is_directory(w->path)) {
        add(&found, w->path);
    } else {
        xcy_paths_glob(&found, w->root, w->text);
    }
    for (size_t i = 0; i < found.n; i++) {
        if (has(paths, found.items[i])) {
            xcy_notes_add(notes, XCY_NOTE_REPEATED, found.items[i],
                          "%s is named twice; it counts twice, as in the reference, and makes "
                          "intervals too narrow",
                          found.items[i]);
        }
        add(paths, found.items[i]);
    }
    bool any = found.n > 0;
    xcy_paths_clear(&found);
    return any;
}

static void note_missing(const struct wanted *w, struct xcy_notes *notes)
{
    struct xcy_error err;
    fail_missing(w, &err);
    xcy_notes_add(notes, is_wild(w) ? XCY_NOTE_NO_MATCH : XCY_NOTE_MISSING_DIRECTORY, w->path, "%s",
                  err.text);
}

enum xcy_status xcy_paths_resolve(const struct xcy_yaml *list, const char *root,
                                  struct xcy_notes *notes, struct xcy_paths *paths,
                                  struct xcy_error *err)
{
    size_t n = xcy_yaml_size(list);
    struct xcy_paths made = {0};
    struct wanted *wanted = xcy_alloc_array(n + 1, sizeof *wanted);
    bool *is_missing = xcy_alloc_array(n + 1, sizeof *is_missing);
    for (size_t i = 0; i < n; i++) {
        wanted[i] = wanted_of(xcy_yaml_at(list, i), root);
        is_missing[i] = !expand(&wanted[i], notes, &made);
    }
    enum xcy_status status = XCY_OK;
    if (n > 0 && made.n == 0) {
        status = fail_missing(&wanted[0], err);
    }
    for (size_t i = 0; i < n; i++) {
        if (status == XCY_OK && is_missing[i]) {
            note_missing(&wanted[i], notes);
        }
        wanted_clear(&wanted[i]);
    }
    if (status == XCY_OK) {
        *paths = made;
    }
    free(is_missing);
    free(wanted);
    return status;
}

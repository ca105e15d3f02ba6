#include "plotconf/paths.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/nearest.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

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

size_t xcy_paths_glob(struct xcy_paths *paths, const char *pattern)
{
    glob_t found = {0};
    /* plot has one thread */
    int code = glob(pattern, GLOB_ONLYDIR, NULL, &found); /* NOLINT(concurrency-mt-unsafe) */
    size_t n = code == 0 ? found.gl_pathc : 0;
    for (size_t i = 0; i < n; i++) {
        add(paths, found.gl_pathv[i]);
    }
    globfree(&found);
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
        char *pattern = xcy_format("%s/*", folder);
        xcy_paths_glob(&there, pattern);
        const char **names = xcy_alloc_array(there.n + 1, sizeof(const char *));
        for (size_t i = 0; i < there.n; i++) {
            names[i] = base_of(there.items[i]);
        }
        const char *name = xcy_nearest(base, names, there.n);
        nearest = name ? xcy_format("%s/%s", folder, name) : NULL;
        free((void *)names);
        free(pattern);
        xcy_paths_clear(&there);
    }
    free(folder);
    return nearest;
}

/* Without slashes at its end, so that a directory has one name. */
static char *pattern_of(const struct xcy_yaml *entry, const char *root)
{
    const char *text = xcy_yaml_text(entry);
    char *pattern = text[0] == '/' ? xcy_strdup(text) : xcy_format("%s/%s", root, text);
    for (size_t n = strlen(pattern); n > 1 && pattern[n - 1] == '/'; n--) {
        pattern[n - 1] = '\0';
    }
    return pattern;
}

static bool is_wild(const char *pattern)
{
    return strpbrk(pattern, "*?[") != NULL;
}

/* What an entry without a match is told by. */
static enum xcy_status fail_missing(const struct xcy_yaml *entry, const char *pattern,
                                    struct xcy_error *err)
{
    char *nearest = is_wild(pattern) ? NULL : xcy_paths_nearest(pattern);
    if (is_wild(pattern)) {
        xcy_yaml_fail(entry, err, "nothing matches %s", pattern);
    } else if (nearest) {
        xcy_yaml_fail(entry, err, "no directory %s; did you mean '%s'?", pattern, nearest);
    } else {
        xcy_yaml_fail(entry, err, "no directory %s", pattern);
    }
    free(nearest);
    err->status = XCY_ENOTFOUND;
    return err->status;
}

/* Adds what one entry names; false: nothing. */
static bool expand(const char *pattern, struct xcy_notes *notes, struct xcy_paths *paths)
{
    struct xcy_paths found = {0};
    xcy_paths_glob(&found, pattern);
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

static void note_missing(const struct xcy_yaml *entry, const char *root, struct xcy_notes *notes)
{
    struct xcy_error err;
    char *pattern = pattern_of(entry, root);
    fail_missing(entry, pattern, &err);
    xcy_notes_add(notes, is_wild(pattern) ? XCY_NOTE_NO_MATCH : XCY_NOTE_MISSING_DIRECTORY, pattern,
                  "%s", err.text);
    free(pattern);
}

enum xcy_status xcy_paths_resolve(const struct xcy_yaml *list, const char *root,
                                  struct xcy_notes *notes, struct xcy_paths *paths,
                                  struct xcy_error *err)
{
    size_t n = xcy_yaml_size(list);
    struct xcy_paths made = {0};
    bool *is_missing = xcy_alloc_array(n + 1, sizeof *is_missing);
    for (size_t i = 0; i < n; i++) {
        char *pattern = pattern_of(xcy_yaml_at(list, i), root);
        is_missing[i] = !expand(pattern, notes, &made);
        free(pattern);
    }
    enum xcy_status status = XCY_OK;
    if (n > 0 && made.n == 0) {
        char *pattern = pattern_of(xcy_yaml_at(list, 0), root);
        status = fail_missing(xcy_yaml_at(list, 0), pattern, err);
        free(pattern);
    }
    for (size_t i = 0; status == XCY_OK && i < n; i++) {
        if (is_missing[i]) {
            note_missing(xcy_yaml_at(list, i), root, notes);
        }
    }
    if (status == XCY_OK) {
        *paths = made;
    }
    free(is_missing);
    return status;
}

#include "analyzers/run_set.h"

#include "common/base/mem.h"
#include "common/run/folder.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char manifest_name[] = "/run.yml";

static bool is_same(const struct xcy_set_run *a, const struct xcy_set_run *b)
{
    return a->inode == b->inode && a->device == b->device;
}

static bool has(const struct xcy_run_set *set, const struct xcy_set_run *run)
{
    for (size_t i = 0; i < set->n; i++) {
        if (is_same(&set->runs[i], run)) {
            return true;
        }
    }
    return false;
}

/* False where it is a link and links do not count, or is not there any more. */
static bool add(struct xcy_run_set *set, const char *path, bool takes_links)
{
    struct stat st;
    if (lstat(path, &st) != 0 || (S_ISLNK(st.st_mode) && (!takes_links || stat(path, &st) != 0))) {
        return false;
    }
    struct xcy_set_run run = {.device = st.st_dev, .inode = st.st_ino};
    if (!has(set, &run)) {
        run.path = xcy_strdup(path);
        set->runs = xcy_realloc_array(set->runs, set->n + 1, sizeof *set->runs);
        set->runs[set->n++] = run;
    }
    return true;
}

/* Adds the folder of each manifest that the pattern finds, and says how many there are. */
static size_t add_found(struct xcy_run_set *set, const char *pattern, bool takes_links)
{
    glob_t found;
    size_t n = 0;
    if (glob(pattern, 0, NULL, &found) == 0) { /* NOLINT(concurrency-mt-unsafe): one thread */
        for (size_t i = 0; i < found.gl_pathc; i++) {
            char *path = found.gl_pathv[i];
            path[strlen(path) - strlen(manifest_name)] = '\0';
            n += add(set, path, takes_links) ? 1 : 0;
        }
        globfree(&found);
    }
    return n;
}

/* The runs that the pattern names, else those in the folders that it names, else those below. */
static size_t add_matching(struct xcy_run_set *set, const char *pattern)
{
    static const char *const below[] = {"", "/*", "/*/*", "/*/*/*"};
    size_t n = 0;
    for (size_t depth = 0; depth < sizeof below / sizeof *below && n == 0; depth++) {
        char *manifests = xcy_format("%s%s%s", pattern, below[depth], manifest_name);
        n = add_found(set, manifests, depth == 0);
        free(manifests);
    }
    return n;
}

enum xcy_status xcy_run_set_add(struct xcy_run_set *set, const char *root, const char *argument,
                                struct xcy_error *err)
{
    size_t len = strlen(argument);
    while (len > 1 && argument[len - 1] == '/') {
        len--;
    }
    char *as_given = xcy_strndup(argument, len);
    char *under_root = xcy_run_file(root, as_given);
    size_t n = add_matching(set, as_given);
    n = n > 0 ? n : add_matching(set, under_root);
    free(under_root);
    free(as_given);
    if (n > 0) {
        return XCY_OK;
    }
    return xcy_fail(err, XCY_ENOTFOUND, "no run is called %s, here or in %s, and no folder of runs",
                    argument, root);
}

void xcy_run_set_clear(struct xcy_run_set *set)
{
    for (size_t i = 0; i < set->n; i++) {
        free(set->runs[i].path);
    }
    free(set->runs);
    *set = (struct xcy_run_set){.n = 0};
}

const char *xcy_run_set_shared(const struct xcy_run_set *a, const struct xcy_run_set *b)
{
    for (size_t i = 0; i < a->n; i++) {
        if (has(b, &a->runs[i])) {
            return a->runs[i].path;
        }
    }
    return NULL;
}

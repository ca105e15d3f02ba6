#ifndef XCY_PLOTCONF_PATHS_H
#define XCY_PLOTCONF_PATHS_H

/*
 * paths.h - the directories that gather_paths name.
 *
 * They are relative to the root and may hold the wildcards of glob(7): our own extension, so that a
 * config need not name each round. A directory that is there is taken by its name, whatever is in it.
 *
 * Memory:   xcy_paths_clear.
 */

#include "common/data/yaml.h"
#include "plotconf/notes.h"

struct xcy_paths {
    char **items;
    size_t n;
};

/* In the order of the list, each wildcard's in alphabetical order. What is named twice is noted; so is what
 * matches nothing, with file, line and the nearest name there is; XCY_ENOTFOUND with the first of them when
 * nothing is left. */
enum xcy_status xcy_paths_resolve(const struct xcy_yaml *list, const char *root,
                                  struct xcy_notes *notes, struct xcy_paths *paths,
                                  struct xcy_error *err) XCY_MUST_USE;

/* Adds the directories that match pattern, in alphabetical order; how many. It is relative to the folder,
 * whose name has no wildcards; an absolute one has none: NULL. */
size_t xcy_paths_glob(struct xcy_paths *paths, const char *folder, const char *pattern);

/* A pattern that matches this path alone; owned by the caller. */
char *xcy_paths_escape(const char *path);

/* The directory beside path whose name is nearest to path's: "<folder>/<name>"; NULL: none is near.
 * Where the folder itself is not there, the nearest to that. Owned by the caller. */
char *xcy_paths_nearest(const char *path);

void xcy_paths_clear(struct xcy_paths *paths);

#endif

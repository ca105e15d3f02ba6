#include "plotconf/run_list.h"

#include "common/base/file.h"
#include "common/base/mem.h"

#include <stdlib.h>

enum { MAX_SUMMARY_BYTES = 64 << 20 };

void xcy_run_note_validity(const struct xcy_gathered *g, struct xcy_notes *notes)
{
    const char *run_path = g->path;
    struct xcy_buf text;
    struct xcy_error err;
    struct xcy_json *summary = NULL;
    char *path = xcy_format("%s/summary.json", run_path);
    xcy_buf_init(&text, MAX_SUMMARY_BYTES);
    enum xcy_status status = xcy_file_read(path, &text, &err);
    if (status == XCY_OK) {
        status = xcy_json_parse(xcy_buf_bytes(&text), &summary, &err);
        if (status != XCY_OK) {
            xcy_notes_add(notes, XCY_NOTE_NOT_VALID, run_path,
                          "%s: %s; nobody knows if it is valid", path, err.text);
        }
    }
    if (status == XCY_OK && !xcy_json_get_bool(summary, "is_valid", true)) {
        xcy_notes_add(notes, XCY_NOTE_NOT_VALID, run_path, "%s is not valid: %s", run_path,
                      xcy_json_get_string(summary, "problem", "see its summary.json"));
    }
    xcy_json_free(summary);
    xcy_buf_clear(&text);
    free(path);
}

void xcy_run_note_unread(const char *run_path, const struct xcy_error *why, const char *follows,
                         struct xcy_notes *notes)
{
    enum xcy_note note = why->status == XCY_ENOTFOUND ? XCY_NOTE_MISSING_FILE : XCY_NOTE_UNREADABLE;
    xcy_notes_add(notes, note, run_path, "%s; %s", why->text,
                  follows ? follows : "it takes no part");
}

void xcy_run_list_read(const struct xcy_paths *paths, xcy_gathered_fn *read,
                       struct xcy_notes *notes, struct xcy_run_list *runs)
{
    struct xcy_error err;
    runs->items = xcy_alloc_array(paths->n + 1, sizeof *runs->items);
    for (size_t i = 0; i < paths->n; i++) {
        if (read(paths->items[i], &runs->items[runs->n], &err) == XCY_OK) {
            runs->n++;
        } else {
            xcy_run_note_unread(paths->items[i], &err, NULL, notes);
        }
    }
}

enum xcy_status xcy_run_fail_none(const char *root, struct xcy_error *err)
{
    return xcy_fail(err, XCY_ENOTFOUND, "no run to draw under %s; gather one first", root);
}

enum xcy_status xcy_run_list_find(const struct xcy_yaml *gather_paths, const char *root,
                                  struct xcy_notes *notes, struct xcy_run_list *runs,
                                  struct xcy_error *err)
{
    struct xcy_paths paths = {0};
    enum xcy_status status = xcy_paths_resolve(gather_paths, root, notes, &paths, err);
    if (status == XCY_OK) {
        xcy_run_list_read(&paths, xcy_gathered_read, notes, runs);
    }
    if (status == XCY_OK && runs->n == 0) {
        xcy_run_list_clear(runs);
        status = xcy_run_fail_none(root, err);
    }
    xcy_paths_clear(&paths);
    return status;
}

void xcy_run_list_clear(struct xcy_run_list *runs)
{
    for (size_t i = 0; i < runs->n; i++) {
        xcy_gathered_clear(&runs->items[i]);
    }
    free(runs->items);
    *runs = (struct xcy_run_list){0};
}

#include "plotconf/notes.h"

#include "common/base/log.h"

#include <stdio.h>

enum { TEXT_BYTES = 1024 };

/* As they stand in --json. */
static const char *const names[] = {
    [XCY_NOTE_NOT_CONFIGURED] = "not_configured",
    [XCY_NOTE_NOTHING_TO_DRAW] = "nothing_to_draw",
    [XCY_NOTE_MISSING_DIRECTORY] = "missing_directory",
    [XCY_NOTE_MISSING_FILE] = "missing_file",
    [XCY_NOTE_UNREADABLE] = "unreadable",
    [XCY_NOTE_MISSING_TAG] = "missing_tag",
    [XCY_NOTE_MISSING_SIDE] = "missing_side",
    [XCY_NOTE_NO_MATCH] = "no_match",
    [XCY_NOTE_LEFT_OUT] = "left_out",
    [XCY_NOTE_REPEATED] = "repeated",
    [XCY_NOTE_NOT_VALID] = "not_valid",
    [XCY_NOTE_OTHER_NUMBER] = "other_number",
    [XCY_NOTE_DIFFERENT_NUMBERS] = "different_numbers",
    [XCY_NOTE_MIXED_ROLES] = "mixed_roles",
    [XCY_NOTE_MIXED_CONSISTENCIES] = "mixed_consistencies",
    [XCY_NOTE_MIXED_SETTINGS] = "mixed_settings",
    [XCY_NOTE_CLAMPED] = "clamped",
    [XCY_NOTE_NO_CURVE] = "no_curve",
    [XCY_NOTE_UNDECIDED] = "undecided",
    [XCY_NOTE_DISAGREES] = "disagrees",
};

void xcy_notes_init(struct xcy_notes *notes)
{
    *notes = (struct xcy_notes){.list = xcy_json_new_array(), .plot = ""};
}

struct xcy_json *xcy_notes_take(struct xcy_notes *notes)
{
    struct xcy_json *list = notes->list;
    *notes = (struct xcy_notes){0};
    return list;
}

void xcy_notes_begin(struct xcy_notes *notes, const char *plot)
{
    notes->plot = plot;
    notes->n_not_valid = 0;
}

void xcy_notes_add(struct xcy_notes *notes, enum xcy_note note, const char *path, const char *fmt,
                   ...)
{
    char text[TEXT_BYTES];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    struct xcy_json *row = xcy_json_append_object(notes->list);
    xcy_json_put_string(row, "plot", notes->plot);
    xcy_json_put_string(row, "kind", names[note]);
    xcy_json_put_string(row, "path", path);
    xcy_json_put_string(row, "text", text);
    notes->n_not_valid += note == XCY_NOTE_NOT_VALID;
    xcy_log(XCY_LOG_WARNING, "%s: %s", notes->plot, text);
}

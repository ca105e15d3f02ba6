#include "plotconf/mixture.h"

#include "common/base/buf.h"
#include "common/base/mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TEXT_BYTES = 1 << 16 };

static const char *const titles[XCY_N_SETTINGS] = {
    [XCY_SETTING_DELAY] = "delays",
    [XCY_SETTING_WRITER_REGION] = "writer regions",
    [XCY_SETTING_READER_REGION] = "reader regions",
    [XCY_SETTING_POST_BYTES] = "sizes of posts",
};

/* An empty text is not known, and no value. */
static void add_value(struct xcy_setting_values *values, const char *text)
{
    for (size_t i = 0; i < values->n; i++) {
        if (strcmp(values->items[i], text) == 0) {
            return;
        }
    }
    if (text[0] != '\0') {
        values->items = xcy_realloc_array(values->items, values->n + 1, sizeof *values->items);
        snprintf(values->items[values->n++], sizeof *values->items, "%s", text);
    }
}

static void add_number(struct xcy_setting_values *values, double number, const char *unit)
{
    char text[XCY_REGION_BYTES];
    if (!isnan(number)) {
        snprintf(text, sizeof text, "%.10g %s", number, unit);
        add_value(values, text);
    }
}

void xcy_mixture_add(struct xcy_mixture *mixture, const struct xcy_gathered *g,
                     const struct xcy_combination *c)
{
    struct xcy_setting_values *of = mixture->values[g->post_storage];
    add_number(&of[XCY_SETTING_DELAY], c ? (double)c->delay_ms : g->delay_ms, "ms");
    add_value(&of[XCY_SETTING_WRITER_REGION], c ? c->writer_region : g->writer_region);
    add_value(&of[XCY_SETTING_READER_REGION], c ? c->reader_region : g->reader_region);
    add_number(&of[XCY_SETTING_POST_BYTES], c ? (double)c->post_bytes : NAN, "bytes");
}

static void note_setting(enum xcy_post_storage storage, enum xcy_setting setting,
                         const struct xcy_setting_values *values, struct xcy_notes *notes)
{
    struct xcy_buf list;
    xcy_buf_init(&list, MAX_TEXT_BYTES);
    for (size_t i = 0; i < values->n; i++) {
        xcy_buf_addf(&list, "%s%s", i > 0 ? ", " : "", values->items[i]);
    }
    xcy_notes_add(notes, XCY_NOTE_MIXED_SETTINGS, NULL,
                  "%s: runs of different %s are taken together, as in the reference: %s",
                  xcy_post_storage_title(storage), titles[setting], list.ptr);
    xcy_buf_clear(&list);
}

void xcy_mixture_note(const struct xcy_mixture *mixture, struct xcy_notes *notes)
{
    for (size_t storage = 0; storage < XCY_N_POST_STORAGES; storage++) {
        for (size_t setting = 0; setting < XCY_N_SETTINGS; setting++) {
            const struct xcy_setting_values *values = &mixture->values[storage][setting];
            if (values->n > 1) {
                note_setting((enum xcy_post_storage)storage, (enum xcy_setting)setting, values,
                             notes);
            }
        }
    }
}

void xcy_mixture_clear(struct xcy_mixture *mixture)
{
    for (size_t storage = 0; storage < XCY_N_POST_STORAGES; storage++) {
        for (size_t setting = 0; setting < XCY_N_SETTINGS; setting++) {
            free(mixture->values[storage][setting].items);
        }
    }
    *mixture = (struct xcy_mixture){0};
}

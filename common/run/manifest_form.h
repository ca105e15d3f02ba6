#ifndef XCY_RUN_MANIFEST_FORM_H
#define XCY_RUN_MANIFEST_FORM_H

/*
 * manifest_form.h - the keys of run.yml as one table, from which it is written and read; for
 * manifest.c.
 *
 * Threads:  plain data.
 */

#include "common/data/yaml.h"
#include "common/run/manifest.h"

enum { XCY_MANIFEST_MAX_KEYS = 64 };

/* The manifest with what a key table cannot point at directly. */
struct xcy_manifest_form {
    struct xcy_manifest *m;
    char *run;
    char *boot_id;
    char *writer_region;
    char *reader_region;
    int state;
    int post_storage;
    int notification_storage;
    int consistency;
    int visibility;
    int verdict;
    struct xcy_key keys[XCY_MANIFEST_MAX_KEYS];
    size_t n_keys;
};

/* Borrows the manifest; release with xcy_manifest_form_clear. The keys of an outcome table are CUSTOM,
 * and point to XCY_N_OUTCOMES counts. */
void xcy_manifest_form_init(struct xcy_manifest_form *f, struct xcy_manifest *m);
void xcy_manifest_form_clear(struct xcy_manifest_form *f);

/* Brings what was read into the manifest; a text that is too long is XCY_EPARSE. */
enum xcy_status xcy_manifest_form_take(const struct xcy_manifest_form *f,
                                       struct xcy_error *err) XCY_MUST_USE;

#endif

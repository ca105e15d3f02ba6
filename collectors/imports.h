#ifndef XCY_COLLECTORS_IMPORTS_H
#define XCY_COLLECTORS_IMPORTS_H

/*
 * imports.h - all that one gather imports (import.h): the run's file of orphans, which gathers of other
 * runs may add to at any time, and the journals that the user names.
 *
 * Threads:  one owner.
 */

#include "collectors/import.h"

#include "common/cli/program.h"

/* All borrowed. */
struct xcy_imports {
    const char *orphans_root; /* xcy_orphans_root */
    const char *run;          /* its id */
    const struct xcy_string_list *files;
    struct xcy_ledger *ledger;
    struct xcy_collection *collection; /* the ledger replayed */
    int64_t n_imported;                /* so far */
};

/* Whether there is anything to import; asks for neither ledger nor collection. */
bool xcy_imports_any(const struct xcy_imports *imports);

enum xcy_status xcy_imports_orphans(struct xcy_imports *imports,
                                    struct xcy_error *err) XCY_MUST_USE;
/* The orphans, then the files. XCY_ENOTFOUND: no such file. */
enum xcy_status xcy_imports_all(struct xcy_imports *imports, struct xcy_error *err) XCY_MUST_USE;

#endif

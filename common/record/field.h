#ifndef XCY_RECORD_FIELD_H
#define XCY_RECORD_FIELD_H

/*
 * field.h - how members of messages become members of structs, by table, for our own keys. loose.h
 * has the rules for the reference's.
 *
 * Use inside this folder. Every message is `<key>: <what is wrong>`, XCY_EPARSE; no value of any
 * kind or length can do harm.
 *
 * Threads:  safe.
 */

#include "common/data/json.h"
#include "common/record/point.h"

enum xcy_field_kind {
    XCY_FIELD_ID,    /* char[size]: visible ASCII without blanks; too long is refused */
    XCY_FIELD_TEXT,  /* char[size]: for people; too long is cut at a character */
    XCY_FIELD_COUNT, /* int64_t, 0 or more */
    XCY_FIELD_BOOL,  /* bool */
};

struct xcy_field {
    const char *name;
    enum xcy_field_kind kind;
    bool is_required;
    size_t offset;
    size_t size; /* of the array, for texts */
};

/* Empty texts are not written. */
void xcy_fields_put(struct xcy_json *object, const struct xcy_field *fields, size_t n,
                    const void *record);
/* A field that is absent or null and not required keeps its value. */
enum xcy_status xcy_fields_read(const struct xcy_json *object, const struct xcy_field *fields,
                                size_t n, void *record, struct xcy_error *err) XCY_MUST_USE;

/* Copies an id as XCY_FIELD_ID does; key is for the message. An empty text is refused. */
enum xcy_status xcy_id_read(const struct xcy_json *node, const char *key, char *to, size_t size,
                            struct xcy_error *err) XCY_MUST_USE;

/* Stamps as {"seen": us, …}, those that happened; names that are not known are passed over. */
void xcy_stamps_put(struct xcy_json *object, const struct xcy_stamps *stamps);
enum xcy_status xcy_stamps_read(const struct xcy_json *object, struct xcy_stamps *stamps,
                                struct xcy_error *err) XCY_MUST_USE;

/* Whether "xcy" is an object of a version that we know. */
enum xcy_status xcy_format_check(const struct xcy_json *xcy, struct xcy_error *err) XCY_MUST_USE;

#endif

#ifndef XCY_AWS_XML_H
#define XCY_AWS_XML_H

/*
 * xml.h - the elements in what AWS's XML protocols send: the text of one, or one after another.
 *
 * Not a parser: those texts have no CDATA, no comments, and no element within one of its own name.
 * Whatever else comes, nothing outside the text is read, and an element without an end is none.
 *
 * Threads:  safe.
 */

#include "common/base/buf.h"

/* The first <name>text</name>, entities resolved, cut at size - 1 bytes; false if there is none. */
bool xcy_xml_text(struct xcy_bytes xml, const char *name, char *to, size_t size);

/* The same, whole: appended to `to`. */
bool xcy_xml_value(struct xcy_bytes xml, const char *name, struct xcy_buf *to);

/* What is inside the first <name ...>...</name> of *rest, as it stands there (a view); *rest goes on behind
 * it. False, with *rest left alone: there is none. */
bool xcy_xml_next(struct xcy_bytes *rest, const char *name, struct xcy_bytes *inner);

#endif

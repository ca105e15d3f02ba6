#ifndef XCY_AWS_XML_H
#define XCY_AWS_XML_H

/*
 * xml.h - the text of one element in an answer of AWS's Query protocol. Private to common/aws.
 *
 * Not a parser: those answers are flat, without attributes on what is read here.
 *
 * Threads:  safe.
 */

#include "common/base/bytes.h"

/* The first <name>text</name>, entities resolved, cut at size - 1 bytes; false if there is none. */
bool xcy_xml_text(struct xcy_bytes xml, const char *name, char *to, size_t size);

#endif

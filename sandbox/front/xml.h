#ifndef XCY_SANDBOX_FRONT_XML_H
#define XCY_SANDBOX_FRONT_XML_H

/* xml.h - the little XML that the Query protocol answers with. Threads: safe. */

#include "common/base/buf.h"

/* The text with & < > " and control characters as entities. */
void xcy_xml_add_text(struct xcy_buf *out, const char *text);

/* <name>text</name> */
void xcy_xml_add_element(struct xcy_buf *out, const char *name, const char *text);

#endif

#ifndef XCY_COLLECTORS_SOURCES_LINES_H
#define XCY_COLLECTORS_SOURCES_LINES_H

/*
 * lines.h - evaluation messages in a file, one a line, in their order of arrival; the place's queue is its
 * path. A line is an object whose "body" is the message's text (as in evaluations.jsonl), or else the
 * message itself. Empty lines are passed over. Nothing is taken out of the file.
 */

#include "collectors/sources/source.h"

extern const struct xcy_source xcy_source_lines;

#endif

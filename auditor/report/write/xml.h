/* SPDX-License-Identifier: ISC */
/* xml - an XML 1.0 document, written element by element. The only file that knows libxml2's
 * writer is xml.c. Errors stick and are told at the end. Every text goes through quote(), which
 * leaves no character that XML forbids. */
#ifndef KMODAUDIT_XML_H
#define KMODAUDIT_XML_H

#include "base/array.h"
#include "base/error.h"

#include <stdio.h>

struct xml;

/* HEADLINE becomes a comment, and that the first line: in UTF-8 a document needs no declaration
 * in front of it. */
struct xml *xml_begin(FILE *out, const char *headline);
/* Ends the document and frees XML. */
bool xml_end(struct xml *xml, struct error *error);

void xml_open(struct xml *xml, const char *element);
void xml_attribute(struct xml *xml, const char *name, const char *text);
void xml_attribute_number(struct xml *xml, const char *name, size_t number);
/* Text of several lines. */
void xml_lines(struct xml *xml, const struct strings *lines);
void xml_close(struct xml *xml);

#endif

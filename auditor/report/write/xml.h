/* SPDX-License-Identifier: ISC */
/* xml - writes an XML 1.0 document element by element. Only xml.c uses libxml2's
 * writer. An error is remembered and reported at the end. All texts are escaped with
 * quote(), which leaves no character that XML forbids. */
#ifndef KMODAUDIT_XML_H
#define KMODAUDIT_XML_H

#include "base/array.h"
#include "base/error.h"

#include <stdio.h>

struct xml;

/* Starts a document. HEADLINE becomes a comment on the first line, before which a UTF-8
 * document needs no declaration. */
struct xml *xml_begin(FILE *out, const char *headline);
/* Ends the document and frees XML. False if writing failed. */
bool xml_end(struct xml *xml, struct error *error);

void xml_open(struct xml *xml, const char *element);
void xml_attribute(struct xml *xml, const char *name, const char *text);
void xml_attribute_number(struct xml *xml, const char *name, size_t number);
/* Writes text of several lines. */
void xml_lines(struct xml *xml, const struct strings *lines);
void xml_close(struct xml *xml);

#endif

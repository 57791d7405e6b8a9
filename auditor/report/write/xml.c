/* SPDX-License-Identifier: ISC */
/* Writes an XML document with libxml2's text writer. */
#include "report/write/xml.h"

#include "base/quote.h"

#include <errno.h>
#include <libxml/xmlwriter.h>

struct xml {
	struct arena own; /* contains this struct */
	struct arena arena; /* for the escaped copy of one string */
	xmlTextWriterPtr writer;
	FILE *out;
	int why; /* errno of a failed write */
	bool failed;
};

/* Records a failure instead of returning it, because libxml2 would print a message. */
static int xml_write(void *context, const char *bytes, int size)
{
	struct xml *xml = context;

	if (!xml->failed && fwrite(bytes, 1, (size_t)size, xml->out) != (size_t)size) {
		xml->why = errno;
		xml->failed = true;
	}
	return size;
}

static const xmlChar *xml_quote(struct xml *xml, const char *text)
{
	return (const xmlChar *)quote(&xml->arena, text);
}

/* WROTE is the return value of a writer function. */
static void xml_check(struct xml *xml, int wrote)
{
	if (wrote < 0)
		xml->failed = true;
	arena_reset(&xml->arena);
}

/* TEXT for a comment, which must not contain "--" or end with "-". */
static const char *comment_text(struct arena *arena, const char *text)
{
	char *spaced = arena_get(arena, strlen(text) * 2 + 1), *to = spaced;

	for (; *text; text++) {
		*to++ = *text;
		if (*text == '-' && (text[1] == '-' || !text[1]))
			*to++ = ' ';
	}
	return spaced;
}

struct xml *xml_begin(FILE *out, const char *headline)
{
	struct arena own = {0};
	struct xml *xml = arena_new(&own, struct xml);
	xmlOutputBufferPtr buffer = xmlOutputBufferCreateIO(xml_write, NULL, xml, NULL);

	xml->own = own;
	xml->out = out;
	xml->writer = buffer ? xmlNewTextWriter(buffer) : NULL;
	if (!xml->writer) {
		xmlOutputBufferClose(buffer);
		xml->failed = true;
		return xml;
	}
	xmlTextWriterSetIndent(xml->writer, 1);
	xml_check(xml, xmlTextWriterWriteFormatComment(
			       xml->writer, " %s ",
			       comment_text(&xml->arena, quote(&xml->arena, headline))));
	return xml;
}

bool xml_end(struct xml *xml, struct error *error)
{
	bool fine = !xml->failed && xmlTextWriterEndDocument(xml->writer) >= 0;

	if (xml->writer)
		xmlFreeTextWriter(xml->writer);
	fine = fine && !xml->failed;
	if (!fine)
		fail(error, "cannot write: %s",
		     xml->why ? strerror(xml->why) : "it cannot be represented as XML");
	arena_free(&xml->arena);

	struct arena own = xml->own;
	arena_free(&own);
	return fine;
}

void xml_open(struct xml *xml, const char *element)
{
	if (!xml->failed)
		xml_check(xml, xmlTextWriterStartElement(xml->writer, (const xmlChar *)element));
}

void xml_attribute(struct xml *xml, const char *name, const char *text)
{
	if (!xml->failed)
		xml_check(xml, xmlTextWriterWriteAttribute(xml->writer, (const xmlChar *)name,
							   xml_quote(xml, text)));
}

void xml_attribute_number(struct xml *xml, const char *name, size_t number)
{
	if (!xml->failed)
		xml_check(xml, xmlTextWriterWriteFormatAttribute(xml->writer, (const xmlChar *)name,
								 "%zu", number));
}

void xml_lines(struct xml *xml, const struct strings *lines)
{
	array_each(line, lines) {
		if (!xml->failed && line > lines->list)
			xml_check(xml,
				  xmlTextWriterWriteString(xml->writer, (const xmlChar *)"\n"));
		if (!xml->failed)
			xml_check(xml,
				  xmlTextWriterWriteString(xml->writer, xml_quote(xml, *line)));
	}
}

void xml_close(struct xml *xml)
{
	if (!xml->failed)
		xml_check(xml, xmlTextWriterEndElement(xml->writer));
}

/* SPDX-License-Identifier: ISC */
/* Prints compiled-in template texts and replaces each of their "@WORD" lines by the output of
 * a function. */
#include "commands/help/template.h"

#include "base/embed.h"

#include <string.h>

struct span template_text(const char *name)
{
	for (const struct embedded *file = embedded_texts; file->name; file++)
		if (!strcmp(file->name, name))
			return span_text(file->text);
	return (struct span){0};
}

static const struct filler *filler_of(const struct filler *fillers, struct span line)
{
	if (!span_starts(line, "@"))
		return NULL;
	for (const struct filler *filler = fillers; filler->word; filler++)
		if (span_is(span_skip(line, 1), filler->word))
			return filler;
	return NULL;
}

void template_print(FILE *out, struct span text, const struct filler *fillers, const void *context)
{
	struct span line;

	while (span_line(&text, &line)) {
		const struct filler *filler = filler_of(fillers, line);

		if (filler)
			filler->print(out, context);
		else
			fprintf(out, "%.*s\n", (int)line.size, (const char *)line.data);
	}
}

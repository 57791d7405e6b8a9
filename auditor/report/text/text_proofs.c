/* SPDX-License-Identifier: ISC */
/* Prints the finding no-proof as lines: each proof and what it lacks. */
#include "report/text/text_parts.h"

#include <string.h>

/* The form of the text, which verdict/ writes: "no accepted proof: identity: WHY; twins
 * (not accepted): WHY; ..." */
static const char start[] = "no accepted proof: ";

bool text_is_no_proof(const struct finding *finding)
{
	return finding && finding->id && strcmp(finding->id, "no-proof") == 0;
}

/* The end of the clause at the start of TEXT: the "; " before the next proof, or the
 * end of the text. WHY may contain a "; ". */
static const char *clause_end(const char *text)
{
	for (const char *at = strstr(text, "; "); at; at = strstr(at + 1, "; "))
		for (size_t i = 0; i < PROOF_COUNT; i++) {
			const char *next = at + strlen("; ");
			size_t size = strlen(proof_name[i]);

			if (strncmp(next, proof_name[i], size) == 0 &&
			    (next[size] == ':' || next[size] == ' '))
				return at;
		}
	return text + strlen(text);
}

void text_lacks(const struct text *text, const char *words, const char *indent)
{
	const char *rest = arena_format(text->arena, "%s    ", indent);

	if (strncmp(words, start, strlen(start)) != 0)
		return;
	for (const char *at = words + strlen(start), *end; *at; at = *end ? end + 2 : end) {
		const char *clause;

		end = clause_end(at);
		clause = arena_string(text->arena, span_from(at, (size_t)(end - at)));
		if (!strstr(clause, " (not accepted): "))
			text_line(text, indent, rest, "%s", clause);
	}
}

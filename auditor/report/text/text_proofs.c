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

/* True if TEXT begins with the name of a proof. */
static bool at_proof(const char *text)
{
	for (size_t i = 0; i < PROOF_COUNT; i++) {
		size_t size = strlen(proof_name[i]);

		if (strncmp(text, proof_name[i], size) == 0 &&
		    (text[size] == ':' || text[size] == ' '))
			return true;
	}
	return false;
}

/* The end of the clause at the start of TEXT: the "; " before the next proof, or the
 * end of the text. WHY may contain a "; ". */
static const char *clause_end(const char *text)
{
	for (const char *at = strstr(text, "; "); at; at = strstr(at + 1, "; "))
		if (at_proof(at + 2))
			return at;
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

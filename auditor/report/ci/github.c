/* SPDX-License-Identifier: ISC */
/* Prints a ledger as workflow commands of GitHub Actions, which become annotations. One per
 * line:
 *
 *     ::error file=packages/x.ipk,title=symbol-missing%3A 1 package on 1 image::what is wrong
 *
 * In data, "%", CR and LF are written %25, %0D, %0A; in properties also ":" and "," (%3A, %2C).
 * The runner treats a line as a command if it starts, after blanks, with "::", or if it contains
 * "##[", an older form. It shows the first ten errors, ten warnings and ten notices of a step. */
#include "report/remarks.h"
#include "report/report.h"

#include <unistd.h>

enum {
	ANNOTATIONS_MOST = 10,
	RULE_MOST = 3,
	NAMES_MOST = 10,
	TEXT_MOST = 1000,
	TITLE_MOST = 200,
	WORD_MOST = 200
};

struct github {
	FILE *out;
	struct arena *arena;
	const struct ledger *ledger;
	const char *cwd; /* the working directory; NULL: unknown */
};

static const char *const command_of[] = {
	[GATE_PASS] = "notice", [GATE_WARN] = "warning", [GATE_FAIL] = "error"};

/* Writes "%" and the characters in ALSO as %XX. */
static const char *escape(struct arena *arena, const char *text, const char *also)
{
	char *escaped = arena_raw(arena, strlen(text) * 4 + 1), *to = escaped;

	for (const char *at = text; *at; at++)
		if (strchr(also, *at) || *at == '%')
			to += sprintf(to, "%%%02X", (unsigned char)*at);
		else if (at - text >= 2 && memcmp(at - 2, "##[", 3) == 0)
			to += sprintf(to, "\\x5b");
		else
			*to++ = *at;
	*to = '\0';
	return escaped;
}

/* Escapes text that went through quote() for the data of a command. */
static const char *data(const struct github *github, const char *text)
{
	return escape(github->arena, text, "\r\n");
}

static const char *property(const struct github *github, const char *text)
{
	return escape(github->arena, text, "\r\n:,");
}

/* FILE relative to the working directory; NULL if it is not below it, as for a URL. */
static const char *file_below(const struct github *github, const char *file)
{
	size_t size = github->cwd ? strlen(github->cwd) : 0;

	if (!file)
		return NULL;
	if (*file == '/') {
		if (!size || strncmp(file, github->cwd, size) != 0 || file[size] != '/')
			return NULL;
		file += size + 1;
	}
	while (strncmp(file, "./", 2) == 0)
		file += 2;
	if (strstr(file, "://") || strncmp(file, "../", 3) == 0 || strstr(file, "/../"))
		return NULL;
	return file;
}

static void print_names(const struct github *github, const char *what, const struct strings *list)
{
	struct strings quoted = {0};

	array_each(name, list)
		*array_add(github->arena, &quoted) = quote_short(github->arena, *name, WORD_MOST);
	if (list->count)
		fprintf(github->out, "%%0A%s: %s", what,
			data(github, strings_join(github->arena, &quoted, NAMES_MOST)));
}

static const char *title(const struct github *github, const struct remark *remark)
{
	const char *reach = remark_scope(github->arena, remark);

	return quote_short(
		github->arena,
		arena_format(github->arena, "%s%s%s", remark->id, *reach ? ": " : "", reach),
		TITLE_MOST);
}

static void print_remark(const struct github *github, const struct remark *remark)
{
	const struct rule *rule = rules_find(github->ledger->rules, remark->id);
	const char *file = file_below(github, remark->file),
		   *passes = remark_passes(github->arena, remark);
	struct arena *arena = github->arena;

	fprintf(github->out, "::%s ", command_of[remark->weight]);
	if (file)
		fprintf(github->out, "file=%s,", property(github, quote(arena, file)));
	if (file && remark->line)
		fprintf(github->out, "line=%zu,", remark->line);
	fprintf(github->out, "title=%s::%s", property(github, title(github, remark)),
		data(github, quote_short(arena, remark->text, TEXT_MOST)));
	if (remark->texts > 1)
		fprintf(github->out, " (the first of %zu similar findings)", remark->texts);
	print_names(github, "packages", &remark->packages);
	print_names(github, "images", &remark->images);
	print_names(github, "feeds", &remark->feeds);
	if (remark->settle)
		fprintf(github->out, "%%0Ato settle it: %s",
			data(github, quote_short(arena, remark->settle, TEXT_MOST)));
	if (passes)
		fprintf(github->out, "%%0A%s", data(github, quote_short(arena, passes, TEXT_MOST)));
	else if (rule && rule->remedy)
		fprintf(github->out, "%%0Awhat to do: %s",
			data(github, quote_short(arena, rule->remedy, TEXT_MOST)));
	fputc('\n', github->out);
}

static void print_weight(const struct github *github, const struct remarks *remarks,
			 enum gate weight)
{
	struct remarks some = {0};

	array_each(remark, remarks)
		if (remark->weight == weight)
			*array_add(github->arena, &some) = *remark;
	some = remarks_by_rule(github->arena, &some, RULE_MOST);
	if (some.count > ANNOTATIONS_MOST)
		some = remarks_by_rule(github->arena, &some, 1);

	size_t shown = some.count > ANNOTATIONS_MOST ? ANNOTATIONS_MOST - 1 : some.count;

	for (size_t i = 0; i < shown; i++)
		print_remark(github, &some.list[i]);
	if (shown == some.count)
		return;

	/* one annotation for all that ten annotations have no room for */
	const struct remark *rest = &some.list[shown];
	size_t more = some.count - shown;
	struct strings titles = {0};

	for (size_t i = 0; i < more; i++)
		*array_add(github->arena, &titles) = title(github, &rest[i]);
	fprintf(github->out,
		"::%s title=and %zu more::and %zu more: %s%%0Asee the report for all of them\n",
		command_of[rest->weight], more, more,
		data(github, strings_join(github->arena, &titles, titles.count)));
}

bool github_print(FILE *out, const struct ledger *ledger, const struct report_style *style,
		  struct error *error)
{
	struct arena arena _cleanup_arena_ = {0};
	char cwd[4096];
	struct github github = {out, &arena, ledger, getcwd(cwd, sizeof cwd)};
	struct remarks remarks = remarks_of(&arena, ledger);

	(void)style;
	fprintf(out, "kmodaudit: %s\n",
		data(&github, quote(&arena, ledger_headline(&arena, ledger))));
	print_weight(&github, &remarks, GATE_FAIL);
	print_weight(&github, &remarks, GATE_WARN);
	print_weight(&github, &remarks, GATE_PASS);
	return report_end(out, error);
}

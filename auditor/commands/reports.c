/* SPDX-License-Identifier: ISC */
/* Parses --format, --report and --output into the list of outputs, rejects two for one
 * destination, and writes them all. */
#include "commands/reports.h"

#include "base/suggest.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

static const struct report_format *format_find(struct span name)
{
	for (const struct report_format *format = report_formats; format->name; format++)
		if (span_is(name, format->name))
			return format;
	return NULL;
}

bool path_is_json(const char *path)
{
	const char *dot = strrchr(path_last(path), '.');

	return dot && strcasecmp(dot, ".json") == 0;
}

static bool folder_stat(struct arena *arena, const char *path, struct stat *ret)
{
	const char *name = path_last(path);

	return stat(name > path ? arena_format(arena, "%.*s", (int)(name - path), path) : ".",
		    ret) == 0;
}

/* True if A and B are the same name in the same folder, however they are written. */
static bool path_same(struct arena *arena, const char *a, const char *b)
{
	struct stat left, right;

	if (strcmp(path_last(a), path_last(b)) != 0)
		return false;
	return strcmp(a, b) == 0 ||
	       (folder_stat(arena, a, &left) && folder_stat(arena, b, &right) &&
		left.st_dev == right.st_dev && left.st_ino == right.st_ino);
}

/* PATH: "-" or NULL is standard output. */
static bool report_add(struct arena *arena, const struct report_format *format, const char *path,
		       struct reports *reports, struct error *error)
{
	if (path && strcmp(path, "-") == 0)
		path = NULL;
	array_each(other, reports) {
		if (other->path && path && path_same(arena, other->path, path))
			return fail(error, "two reports would be written to %s", path);
		if (!other->path && !path)
			return fail(error, "two reports would be written to standard output");
	}

	struct report_wanted *wanted = array_add(arena, reports);

	wanted->format = format;
	wanted->path = path;
	return true;
}

/* parses "FORMAT=FILE" */
static bool report_option_read(struct arena *arena, const char *given, struct reports *reports,
			       struct error *error)
{
	struct span name, rest;

	if (!span_split(span_text(given), '=', &name, &rest) || !rest.size)
		return fail(error, "--report needs FORMAT=FILE, not '%s'", given);

	const struct report_format *format = format_find(name);
	const char *path = arena_string(arena, rest), *given_name = arena_string(arena, name);
	struct strings names = {0};

	for (const struct report_format *one = report_formats; one->name; one++)
		*array_add(arena, &names) = one->name;
	if (!format)
		return fail(error, "--report needs one of %s, not '%s'%s",
			    strings_join(arena, &names, names.count), given_name,
			    suggest_clause(arena, given_name, &names));
	return report_add(arena, format, path, reports, error);
}

bool reports_plan(struct arena *arena, const struct strings *given, unsigned format,
		  const char *output, struct reports *ret, struct error *error)
{
	bool to_file = output && strcmp(output, "-") != 0;
	const char *name = "yaml";

	*ret = (struct reports){0};
	array_each(one, given)
		if (!report_option_read(arena, *one, ret, error))
			return false;
	if (given->count > 0 && format == FORMAT_NONE && !output)
		return true;
	if (to_file && path_is_json(output))
		name = "json";
	else if (!to_file && isatty(STDOUT_FILENO))
		name = "text";
	return report_add(arena,
			  format == FORMAT_NONE ? format_find(span_text(name))
						: &report_formats[format],
			  output, ret, error);
}

bool color_wanted(unsigned color, const char *path)
{
	const char *none = getenv("NO_COLOR"), *terminal = getenv("TERM");

	if (color != COLOR_AUTO)
		return color == COLOR_ALWAYS;
	return !path && isatty(STDOUT_FILENO) && !(none && *none) &&
	       !(terminal && !strcmp(terminal, "dumb"));
}

bool reports_write(const struct reports *reports, const struct verdicts *verdicts,
		   const struct ledger *ledger, unsigned color, bool verbose)
{
	bool good = true;

	array_each(wanted, reports) {
		const struct report_format *format = wanted->format;
		struct report_style style = {color_wanted(color, wanted->path), verbose};
		struct error error = {0};
		struct output output;
		bool written = output_open(wanted->path, &output, &error);

		if (written) {
			bool printed =
				verdicts && format->print
					? format->print(output.file, verdicts, &style, &error)
					: format->print_ledger(output.file, ledger, &style, &error);
			written = output_close(&output, printed, &error);
		}
		if (!written)
			complain("%s", error.text);
		good &= written;
	}
	return good;
}

/* SPDX-License-Identifier: ISC */
/* Shares the output of the text printers: painted and wrapped lines, shell commands,
 * lists of names, the image's summary, advice. */
#include "report/text/text_parts.h"

#include "report/write/wrap.h"
#include "verdict/settle.h"

#include <stdarg.h>
#include <string.h>

void text_painted(const struct text *text, enum paint paint, const char *words)
{
	paint_print(text->out, text->style->color, paint, words);
}

void text_head(const struct text *text, enum paint paint, const char *words)
{
	const char *lines = wrap_at(text->arena, text->columns, "", "  ", words);

	text_painted(text, paint, arena_format(text->arena, "%.*s", (int)strlen(lines) - 1, lines));
	fputc('\n', text->out);
}

void text_line(const struct text *text, const char *first, const char *rest, const char *format,
	       ...)
{
	va_list args;

	va_start(args, format);
	wrap_print(text->out, text->columns, first, rest, arena_vformat(text->arena, format, args));
	va_end(args);
}

void text_say(const struct text *text, const char *first, const char *rest, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_line(text, first, rest, "%s",
		  quote(text->arena, arena_vformat(text->arena, format, args)));
	va_end(args);
}

/* The start of the next clause in WORDS, or NULL. */
static const char *clause_next(const char *words)
{
	static const char *const starts[] = {"; without force: ", "; install it all the same",
					     "; then copy ", "; risk: "};
	const char *next = NULL;

	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
		const char *found = strstr(words, starts[i]);

		if (found && (!next || found < next))
			next = found;
	}
	return next;
}

void text_command(const struct text *text, const char *indent, const char *command)
{
	const char *lines =
		wrap_at(text->arena, text->columns - strlen(" \\"), indent, indent, command);
	size_t size;

	for (const char *at = lines; *at; at += size + 1) {
		size = strcspn(at, "\n");
		fprintf(text->out, "%.*s%s\n", (int)size, at, at[size + 1] ? " \\" : "");
	}
}

void text_clauses(const struct text *text, const char *first, const char *rest, const char *words)
{
	static const char install[] = "install it all the same";
	const char *deeper = arena_format(text->arena, "%s    ", rest), *next;

	for (const char *from = words; from; from = next ? next + strlen("; ") : NULL) {
		next = clause_next(from);

		const char *clause =
			next ? arena_format(text->arena, "%.*s", (int)(next - from), from) : from;
		const char *after = from == words ? rest : deeper;
		bool command = strncmp(clause, install, strlen(install)) == 0;
		const char *colon = command ? strstr(clause, ": ") : NULL;

		text_line(
			text, from == words ? first : rest, after, "%s",
			colon ? arena_format(text->arena, "%.*s", (int)(colon + 1 - clause), clause)
			      : clause);
		if (colon)
			text_command(text, after, colon + strlen(": "));
	}
}

void text_names(const struct text *text, const char *indent, const struct strings *names,
		size_t rows)
{
	size_t left;

	fputs(wrap_names(text->arena, text->columns, indent, names, rows, &left), text->out);
	if (left)
		fprintf(text->out, "%sand %zu more: -v lists them\n", indent, left);
}

const char *text_needing(struct arena *arena, const char *packages, size_t count, const char *whom)
{
	return arena_format(arena, "and so %s, which need%s %s", packages, count == 1 ? "s" : "",
			    whom);
}

const char *text_level(const struct text *text, const struct finding *finding)
{
	const char *level = level_name[rules_level(text->verdicts->rules, finding)];

	if (!finding->waiver && !finding->known)
		return level;
	return arena_format(text->arena, "%s, %s", level, finding->waiver ? "waived" : "known");
}

const char *text_waiver(const struct text *text, const struct waiver *waiver)
{
	return quote(text->arena, arena_format(text->arena, "%s: until %s, %s: %s", waiver->witness,
					       waiver->expires, waiver->owner, waiver->reason));
}

const char *text_proof(const char *proof)
{
	static const char *const words[PROOF_COUNT] = {
		[PROOF_SYMBOL_CRCS] = "the CRC of every imported symbol equals the kernel's",
		[PROOF_IDENTITY] = "built for this kernel: same version and config hash",
		[PROOF_OSRELDATE] = "built for the version of this kernel, whose symbols it finds",
		[PROOF_OSRELDATE_BRANCH] = "built for a kernel of the same number, of a "
					   "development branch",
		[PROOF_CONFIG_CORE] = "the kernel configs differ in nothing that the modules use",
		[PROOF_CONFIG_HASH] =
			"the lines behind the config hashes differ in nothing that the "
			"modules use",
		[PROOF_DECLARED] = "the kernel's provider declares support for this build",
		[PROOF_TWINS] = "modules that exist in both image and feed are equal",
	};

	for (size_t i = 0; i < PROOF_COUNT; i++)
		if (strcmp(proof, proof_name[i]) == 0)
			return words[i];
	return "";
}

/* What modules must be built for. */
static const char *build_words(const struct text *text, const struct image *image)
{
	const struct kld_boot *boot = image->boot;
	const struct abi *abi = &image->abi;

	if (boot && !boot->osreldate)
		return "__FreeBSD_version not known";
	if (boot)
		return arena_format(text->arena, "__FreeBSD_version %d%s", boot->osreldate,
				    boot->source == KLD_SOURCE_HINTS ? " by linker.hints" : "");
	if (!abi->version)
		return "kernel abi not known";
	return arena_format(text->arena, "kernel abi %s%s", abi_text(text->arena, abi),
			    abi->hash ? "" : ", no hash");
}

static const char *exports_words(const struct text *text, const struct image *image)
{
	const struct kernel *kernel = image->kernel;

	if (!kernel)
		return image->boot && image->boot->kernel_problem ? "its kernel cannot be read"
								  : "no kernel found";
	if (!kernel->exports.source)
		return "exported symbols not known";
	return arena_format(text->arena, "%zu exported symbols%s%s", kernel->exports.table.count,
			    kernel->exports.complete ? "" : " (perhaps incomplete)",
			    kernel->exports.crcs ? " with CRCs" : "");
}

/* A clause about the image's distribution, such as "OpenWrt 19.07.8 r11364-ef56c85848,
 * target ath79/generic"; NULL: nothing of it is known. */
static const char *distribution_words(struct arena *arena, const struct image *image)
{
	const char *name = image->distribution.value, *revision = image->revision.value;
	struct strings words = {0};

	if (name)
		*array_add(arena, &words) = name;
	if (image->target.value)
		*array_add(arena, &words) = arena_format(arena, "target %s", image->target.value);
	if (revision && !(name && strstr(name, revision)))
		*array_add(arena, &words) = arena_format(arena, "revision %s", revision);
	return words.count > 0 ? strings_join(arena, &words, words.count) : NULL;
}

void text_image(const struct text *text)
{
	const struct image *image = world_image(text->verdicts->world);
	const char *release = image->release.value,
		   *machine = machine_name(text->arena, image->machine);
	const char *distribution = distribution_words(text->arena, image);
	const char *words = arena_format(
		text->arena, "%s %s, %s, %s, %s", loader_name[image->loader],
		release ? release : "release unknown", machine ? machine : "machine unknown",
		build_words(text, image), exports_words(text, image));

	text_say(text, "image ", "      ", "%s", image->source);
	if (distribution)
		text_say(text, "  ", "  ", "%s", distribution);
	text_say(text, "  ", "  ", "%s", words);
	if (image->database_known || image->manifest.count > 0 || image->boot)
		return;
	text_line(text, "  ", "  ",
		  "No package database: only modules were judged. %s lists the "
		  "installed packages.",
		  settle_told(text->arena, "--image-manifest", SETTLE_AUDIT));
}

void text_advice(const struct text *text, const struct finding *finding, const char *indent)
{
	const struct rule *rule = finding ? rules_find(text->verdicts->rules, finding->id) : NULL;
	const char *rest = arena_format(text->arena, "%s    ", indent);

	const struct strings missing = {
		finding ? (const char **)(uintptr_t)&finding->subject : NULL, 1, 1};

	if (finding && finding->settle && text->single && finding_misses_package(finding))
		text_missing(text, &missing, indent);
	else if (finding && finding->settle)
		text_say(text, arena_format(text->arena, "%sto settle it: ", indent), rest, "%s%s",
			 strncmp(finding->settle, "no input", 8) == 0 ? "" : "give ",
			 settle_told(text->arena, finding->settle, SETTLE_AUDIT));
	else if (rule && rule->remedy)
		text_say(text, arena_format(text->arena, "%swhat to do: ", indent), rest, "%s",
			 rule->remedy);
}

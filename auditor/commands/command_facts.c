/* SPDX-License-Identifier: ISC */
/* Implements the command facts, which recognises a file or directory by its content and
 * prints what was read from the module, package, feed or image. */
#include "commands/choice.h"

#include "base/pool.h"
#include "base/text.h"
#include "commands/confine/confine.h"
#include "commands/image_source.h"
#include "commands/inputs.h"
#include "commands/mistake/mistake.h"
#include "facts/catalogue/pkg_repo.h"
#include "facts/feed/nature.h"
#include "facts/package/package_file.h"
#include "report/report.h"
#include "unpack/file.h"
#include "unpack/limits.h"

#include <errno.h>

struct facts_values {
	unsigned part, form; /* FORM: enum emit_form */
	bool no_sandbox;
};

/* What the first entries of a file show about it. */
struct glance {
	struct arena *arena;
	const char *path;
	struct span alone; /* the bytes, if the file contains only one file */
	const char *alone_path;
	size_t entries;
	bool package; /* it has a control member */
	bool index; /* it is an apk index */
};

static enum want glance_want(void *context, const char *path, uint64_t size, enum part part)
{
	const struct glance *glance = context;

	(void)size;
	if (part == PART_CONTROL && !strcmp(path, APK_INDEX_PATH))
		return WANT_BYTES;
	return part == PART_ROOT && !glance->entries ? WANT_BYTES : WANT_NAME;
}

static bool glance_entry(void *context, const struct entry *entry, struct error *error)
{
	struct glance *glance = context;

	glance->index = entry->part == PART_CONTROL && !strcmp(entry->path, APK_INDEX_PATH);
	if (entry->part != PART_ROOT)
		glance->package = !glance->index;
	if (!glance->entries++ && entry->kind == ENTRY_FILE) {
		glance->alone = arena_copy(glance->arena, entry->bytes);
		glance->alone_path = arena_format(glance->arena, "%s", entry->path);
	}
	/* two entries are enough to distinguish a container from a single file */
	return !glance->package && !glance->index && glance->entries < 2
		       ? true
		       : fail(error, "seen enough");
}

/* Nothing inside an image need be decoded to know that it is one. */
static bool glance_format(void *context, bool image)
{
	(void)context;
	return !image;
}

static bool facts_module(struct arena *arena, const struct glance *glance, enum emit_form form,
			 struct error *error)
{
	struct arena scratch _cleanup_arena_ = {0};
	struct map names = {0};
	struct module_reader reader = {.arena = arena, .names = &names, .scratch = &scratch};
	struct module module =
		module_read(&reader, glance->alone_path, glance->path, glance->alone);

	if (!yaml_module(stdout, form, &module, error))
		return false;
	return module.problem ? fail(error, "%s: %s", glance->path, module.problem) : true;
}

static bool facts_package(struct arena *arena, const struct source *source, enum emit_form form,
			  struct error *error)
{
	struct arena scratch _cleanup_arena_ = {0};
	struct map names = {0};
	struct module_reader reader = {.arena = arena, .names = &names, .scratch = &scratch};
	struct package package;
	struct span bytes;

	if (strcmp(source->name, source->local) == 0) {
		package = package_read(&reader, source->name);
	} else {
		if (!file_read(arena, source->local, LIMIT_FILE, &bytes, error))
			return false;
		package = package_from_bytes(&reader, source->name, bytes);
	}
	if (!yaml_package(stdout, form, &package, error))
		return false;
	return package.problem ? fail(error, "%s", package.problem) : true;
}

static bool facts_feed(struct arena *arena, const char *path, enum emit_form form,
		       struct error *error)
{
	static const struct keys no_keys = {0};
	struct feeds feeds = {0};

	if (!feeds_read(arena, &path, 1, pool_size(0), &feeds, error))
		return false;
	feeds_verify(arena, &no_keys, &feeds);
	for (size_t i = 0; i < feeds.count; i++)
		if (!yaml_feed(stdout, form, &feeds.list[i], error))
			return false;
	return true;
}

/* Prints a kernel if the file contains nothing else, else an image. */
static bool facts_image(struct arena *arena, const struct source *source,
			const struct facts_values *wanted, struct error *error)
{
	struct image_options options = {
		.threads = pool_size(0), .part = wanted->part, .local = source->local};
	static const char *const file_systems[] = {"squashfs", "cramfs", "ubifs", "jffs2",
						   "ext",      "ufs",	 NULL};
	enum emit_form form = (enum emit_form)wanted->form;
	struct image image;

	if (!image_read(arena, source->name, &options, &image, error)) {
		/* no reader accepted it; ERROR is that of the last one */
		struct nature nature = nature_of_head(source->local);

		if (nature.kind == NATURE_ABSENT)
			return fail(error, "%s: %s%s", source->name, strerror(errno),
				    mistake_absent(arena, source->name));
		if (!nature.words || nature.kind == NATURE_DIRECTORY)
			return false;
		return fail(error,
			    "%s: is %s; facts reads firmware images, kernels, packages, package "
			    "indexes, modules and kernel configs",
			    source->name, nature.words);
	}
	if (image.kernel && !image.modules.count && !image.releases.count &&
	    !image.packages.count && !image.unread.count &&
	    !array_any(layout, &image.layout, text_among(layout->kind, file_systems)))
		return yaml_kernel(stdout, form, image.kernel, error);
	return yaml_image(stdout, form, &image, error);
}

static bool facts_of_file(struct arena *arena, const struct source *source,
			  const struct facts_values *wanted, struct error *error)
{
	struct glance glance = {.arena = arena, .path = source->name};
	struct visitor visitor = {.context = &glance,
				  .want = glance_want,
				  .entry = glance_entry,
				  .format = glance_format};
	enum emit_form form = (enum emit_form)wanted->form;
	size_t line = 1, bad = 0;
	struct stanza stanza;
	struct error ignored; /* the reader of the file reports what is wrong with it */
	struct config config;

	unpack_named(source->local, source->name, &visitor, &ignored);
	if (glance.entries != 1)
		glance.alone = (struct span){0};
	if (glance.package)
		return facts_package(arena, source, form, error);
	if (glance.alone.size && module_here(glance.alone, glance.alone_path))
		return facts_module(arena, &glance, form, error);

	struct span rest = glance.alone;
	bool index = glance.index || pkg_catalogue_is_path(source->name) ||
		     (span_starts(rest, "Package:") &&
		      stanza_read(arena, &rest, &line, &stanza, &bad) && !bad);

	/* it is compared with the files beside it */
	if (index && (strcmp(source->name, "-") == 0 || url_is_remote(source->name)))
		return fail(error,
			    "%s: an index of packages; facts reads it only as a file beside its "
			    "packages",
			    source->name);
	if (index)
		return facts_feed(arena, source->local, form, error);
	if (glance.alone.size && config_read(arena, source->name, glance.alone, &config, &ignored))
		return yaml_config(stdout, form, &config, error);
	return facts_image(arena, source, wanted, error);
}

/* A directory is read as a root file system, else as a feed. */
static bool facts_of_directory(struct arena *arena, const struct source *source,
			       const struct facts_values *wanted, struct error *error)
{
	struct error no_feed;

	if (facts_image(arena, source, wanted, error) ||
	    facts_feed(arena, source->local, (enum emit_form)wanted->form, &no_feed))
		return true;
	/* facts asked for no image: what is wrong with the feed is the answer */
	if (nature_is_feed(nature_of(source->local)))
		*error = no_feed;
	return false;
}

#define AT(member) offsetof(struct facts_values, member)

const struct choice facts_choices[] = {
	{"--format", 0, CHOICE_WORD, AT(form), "yaml|json",
	 "format of the documents (default: yaml)"},
	{"--image-part", 0, CHOICE_NUMBER, AT(part), "N",
	 "use the N-th of several kernels or root file systems"},
	CHOICE_NO_SANDBOX,
	CHOICE_END,
};

enum status command_facts(const struct command *command, int count, char **arguments)
{
	const struct feeds_wanted how = {0};
	struct facts_values values = {0};
	struct arena arena _cleanup_arena_ = {0};
	struct strings operands = {0};
	enum status status = STATUS_SAFE;

	if (!options_read(command, count, arguments, &values, &arena, &operands, &status))
		return status;
	if (!operands.count)
		return usage_error(command, "facts: no FILE given");
	if (!confine_reading(&arena, &operands, NULL, values.no_sandbox))
		return STATUS_NO_ANSWER;
	array_each(path, &operands) {
		struct arena each _cleanup_arena_ = {0};
		_cleanup_source_ struct source source = {.handle = -1};
		struct error error = {0};

		if (!source_open(&each, *path, &how, &source, &error) ||
		    !(path_is_directory(source.local) ? facts_of_directory : facts_of_file)(
			    &each, &source, &values, &error))
			status = complain("%s", error.text);
	}
	return status;
}

/* SPDX-License-Identifier: ISC */
/* Searches the directories of kern.module_path for the file that
 * provides an interface (sys/kern/kern_linker.c,
 * linker_search_module, linker_hints_lookup, linker_lookup_file). */
#include "facts/linker/linker_session.h"

#include "base/text.h"
#include "facts/package/pkg.h"

#include <string.h>

static enum sight sight_of(const struct session *session, const struct linker_file *file)
{
	return session->view->sight(session->view->context, file);
}

/* A file of a package that is installed takes the place of a file of the image. */
static bool is_replaced(const struct session *session, const struct linker_file *file)
{
	size_t count;
	const struct linker_file *same =
		linker_based(session->linker, file->directory, file->base, &count);

	if (file->directory == LINKER_ELSEWHERE)
		return false;
	for (size_t i = 0; i < count; i++)
		if (same[i].package && &same[i] != file &&
		    (!file->package || sight_of(session, file) == SIGHT_OFFERED) &&
		    sight_of(session, &same[i]) == SIGHT_THERE)
			return true;
	return false;
}

bool session_sees(struct session *session, const struct linker_file *file)
{
	enum sight sight = sight_of(session, file);

	session->hidden += sight == SIGHT_OFFERED && !session->offered;
	return (sight == SIGHT_THERE || (sight == SIGHT_OFFERED && session->offered)) &&
	       !is_replaced(session, file);
}

/* The best row so far. linker_hints_lookup starts with version 0, so lower ones only
 * count where they are the preferred one. */
struct best {
	bool found; /* the preferred version: the search ends */
	int32_t version;
	bool any;
	const struct linker_file *file;
	const char *base;
};

/* Returns true if the search ends here. */
static bool best_weigh(struct best *best, const struct kld_depend *depend, int32_t version,
		       const struct linker_file *file, const char *base)
{
	bool preferred = version == depend->preferred;

	if (!kld_depend_fits(depend, version) || (!preferred && version <= best->version))
		return false;
	*best = (struct best){
		.found = preferred, .version = version, .any = true, .file = file, .base = base};
	return preferred;
}

/* The file BASE in DIRECTORY, or BASE with ".ko" (linker_lookup_file). */
static const struct linker_file *file_lookup(struct session *session, uint32_t directory,
					     const char *base)
{
	const char *names[] = {base, arena_format(session->arena, "%s.ko", base)};

	for (size_t i = 0; i < 2; i++) {
		size_t count;
		const struct linker_file *file =
			linker_based(session->linker, directory, names[i], &count);

		for (size_t j = 0; j < count; j++)
			if (session_sees(session, &file[j]))
				return &file[j];
	}
	return NULL;
}

/* Weighs the files of DIRECTORY as in hints that kldxref would write now: sorted by
 * file, then in the order of the set (usr.sbin/kldxref/kldxref.c). */
static bool rows_weigh(struct session *session, uint32_t directory, const struct kld_depend *depend,
		       struct best *best)
{
	const struct linker *linker = session->linker;
	size_t count;
	const struct linker_row *row = linker_named(&linker->rows, depend->name, &count);
	bool any = false;

	for (size_t i = 0; i < count && session->steps > 0; i++, session->steps--) {
		const struct linker_file *file = &linker->files.list[row[i].file];

		if (file->directory != directory || !session_sees(session, file))
			continue;
		any = true;
		if (best_weigh(best, depend, row[i].version, file, file->base))
			break;
	}
	return any;
}

/* True if the installation of PACKAGE runs kldxref. Of a bare module that is assumed. */
static bool writes_hints(const struct package *package)
{
	return package && (!package->pkg || package->pkg->indexes);
}

/* True if a package that is there puts a file into DIRECTORY and runs kldxref, which
 * writes new hints. */
static bool directory_fresh(struct session *session, uint32_t directory,
			    const struct kld_depend *depend)
{
	const struct linker *linker = session->linker;
	size_t count;
	const struct linker_row *row = linker_named(&linker->rows, depend->name, &count);

	for (size_t i = 0; i < count && session->steps > 0; i++, session->steps--) {
		const struct linker_file *file = &linker->files.list[row[i].file];

		if (file->directory == directory && writes_hints(file->package) &&
		    session_sees(session, file))
			return true;
	}
	for (size_t i = 0; i < session->depth; i++)
		if (session->loading[i]->directory == directory &&
		    writes_hints(session->loading[i]->package))
			return true;
	return false;
}

static void hints_weigh(struct session *session, const struct kld_hints *hints,
			const struct kld_depend *depend, struct best *best)
{
	array_each(row, hints) {
		if (session->steps == 0)
			return;
		session->steps--;
		if (row->type == HINT_VERSION && strcmp(row->name, depend->name) == 0 &&
		    best_weigh(best, depend, row->version, NULL, row->file))
			return;
	}
}

/* Without linker.hints the linker finds a file by its name only. */
static void without_hints(struct session *session, uint32_t directory,
			  const struct kld_depend *depend, const char **unsure)
{
	struct best best = {0};

	if (rows_weigh(session, directory, depend, &best) && best.file)
		*unsure = arena_format(
			session->arena,
			"/%s has no linker.hints that the kernel reads, so %s in %s is not found, "
			"unless kldxref is run",
			session->linker->path.list[directory], depend->name, best.file->base);
}

/* False if it is not known where the search ends; why is in UNSURE. RET is NULL if it goes on
 * in the next directory. */
static bool directory_search(struct session *session, uint32_t directory,
			     const struct kld_depend *depend, const struct linker_file **ret,
			     const char **hinted, const char **unsure)
{
	const struct kld_hints *hints = session->linker->hints[directory];
	struct best best = {0};

	*ret = NULL;
	if (directory_fresh(session, directory, depend))
		rows_weigh(session, directory, depend, &best);
	else if (hints)
		hints_weigh(session, hints, depend, &best);
	if (hints && hints->torn && !best.found && !directory_fresh(session, directory, depend)) {
		/* the kernel takes what lies behind the damage for rows */
		*unsure = arena_format(session->arena,
				       "/%s/linker.hints is damaged, and which file the kernel "
				       "takes for %s is not known",
				       session->linker->path.list[directory], depend->name);
		return false;
	}
	if (best.any) {
		*ret = best.file ? best.file : file_lookup(session, directory, best.base);
		if (!*ret)
			*hinted = arena_format(session->arena, "/%s/%s",
					       session->linker->path.list[directory], best.base);
		/* no fallback after a row that fits */
		return true;
	}
	*ret = file_lookup(session, directory, depend->name);
	if (!*ret && !hints)
		without_hints(session, directory, depend, unsure);
	return true;
}

bool session_search(struct session *session, const struct kld_depend *depend,
		    const struct linker_file **ret, const char **hinted, const char **unsure)
{
	*hinted = NULL;
	for (uint32_t i = 0; i < session->linker->path.count; i++) {
		const char *gone = NULL;

		if (!directory_search(session, i, depend, ret, &gone, unsure))
			return false;
		if (*ret)
			return true;
		if (gone && !*hinted)
			*hinted = gone;
	}
	return false;
}

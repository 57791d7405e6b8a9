/* SPDX-License-Identifier: ISC */
/* Loads a file as the kernel linker of FreeBSD does: its
 * interfaces must be new, what it depends on is loaded first, then
 * its symbols are looked up (sys/kern/kern_linker.c,
 * linker_load_dependencies, linker_load_module, modlist_lookup2). */
#include "facts/linker/linker_file.h"
#include "facts/linker/linker_session.h"

#include <string.h>

const char linker_too_many[] = "it depends on more files than are followed";

/* Old kldxref wrote what was not there for a version of 0 (10.1: g_part 852157148). */
static const char *row_doubted(struct session *session, const struct kld_depend *depend,
			       const struct loaded_best *best)
{
	const struct kld_boot *boot = session->linker->image->boot;

	if (!boot || boot->source != KLD_SOURCE_HINTS || !best->other || best->other_file ||
	    !kld_depend_fits(depend, 0))
		return NULL;
	return arena_format(session->arena,
			    "linker.hints says that the kernel has %s %d, but kldxref of older "
			    "releases wrote any number for 0, which would fit",
			    depend->name, best->other_version);
}

/* Why the interface NAME, which is not among those of the kernel, may be there all the
 * same; NULL: it is not. Only the kernel has "kernel". */
static const char *kernel_unknown(struct session *session, const char *name)
{
	const struct image *image = session->linker->image;
	const struct kld_boot *boot = image->boot;

	if (!boot || boot->source == KLD_SOURCE_NONE)
		return "the interfaces of the image's kernel are not known";
	if (boot->source == KLD_SOURCE_KERNEL && strcmp(name, "kernel") == 0)
		return NULL;
	if (image->unread.count > 0)
		return "the image was not read completely";
	if (image->modules.count == 0 && boot->hints.count == 0)
		return "the image contains no modules and no linker.hints";
	return NULL;
}

/* Loads FILE, which the search found for DEPEND. */
static void file_load(struct session *session, const struct linker_file *file,
		      struct linker_answer *answer)
{
	bool cycle = false;

	answer->file = file;
	for (size_t i = 0; i < session->depth; i++)
		cycle |= session->loading[i] == file;
	if (cycle) {
		answer->result = LINKER_CYCLE;
		return;
	}
	if (session_has_name(session, file->base)) {
		answer->result = LINKER_CLASH;
		return;
	}

	size_t loaded = session->loaded.count, clashes = session->clashes.count;
	const struct linker_trial *trial = session_try(session, file, false);
	struct loaded_best best = {0};
	if (trial->fails || trial->unsure) {
		answer->result = LINKER_INHERITED;
		answer->because = trial;
		answer->unsure = trial->fails ? NULL : trial->unsure;
	} else {
		best = session_loaded(session, answer->depend);
		answer->result = best.any ? LINKER_FITS : LINKER_VERSION;
	}
	if (best.any) {
		answer->provided = true;
		answer->version = best.version;
		answer->file = best.file;
		return;
	}
	/* the kernel unloads what was loaded for it */
	session->loaded.count = loaded;
	session->clashes.count = clashes;
}

/* Sets a version of the interface that exists, although it does not fit. */
static void other_find(struct session *session, const struct loaded_best *best,
		       struct linker_answer *answer)
{
	const struct linker *linker = session->linker;
	size_t count;
	const struct linker_row *row = linker_named(&linker->rows, answer->depend->name, &count);

	if (best->other) {
		answer->provided = true;
		answer->version = best->other_version;
		answer->file = best->other_file;
		return;
	}
	for (size_t i = 0; i < count && session->steps > 0; i++, session->steps--) {
		const struct linker_file *file = &linker->files.list[row[i].file];

		if (file->directory == LINKER_ELSEWHERE || !session_sees(session, file))
			continue;
		answer->provided = true;
		answer->version = row[i].version;
		answer->file = file;
		return;
	}
}

/* Searches and loads. With OFFERED, packages that are not installed count as well. */
static bool search_load(struct session *session, bool offered, struct linker_answer *answer)
{
	const struct linker_file *file;
	bool before = session->offered, found;

	session->offered |= offered;
	found = session_search(session, answer->depend, &file, &answer->hinted, &answer->unsure);
	if (found)
		file_load(session, file, answer);
	session->offered = before;
	return found;
}

/* If what is installed does not do, a package of the feeds may, unless the first search
 * saw all of them: a second one would double the work at each file of a chain. */
static bool found_search(struct session *session, struct linker_answer *answer)
{
	struct linker_answer other = {.depend = answer->depend};
	size_t hidden = session->hidden;
	bool found = search_load(session, false, answer);

	if (found && answer->result == LINKER_FITS)
		return true;
	if (session->hidden == hidden)
		return found;
	if (search_load(session, true, &other) && (!found || other.result == LINKER_FITS)) {
		*answer = other;
		return true;
	}
	return found;
}

static void answer_find(struct session *session, struct linker_answer *answer)
{
	struct loaded_best best = session_loaded(session, answer->depend);

	if (best.any) {
		answer->result = LINKER_FITS;
		answer->version = best.version;
		answer->provided = true;
		answer->file = best.file;
		return;
	}
	answer->unsure = row_doubted(session, answer->depend, &best);
	if (answer->unsure) {
		answer->result = LINKER_VERSION;
		other_find(session, &best, answer);
		return;
	}
	if (found_search(session, answer)) {
		if (answer->result == LINKER_VERSION)
			other_find(session, &best, answer);
		return;
	}
	if (!answer->unsure)
		answer->unsure = kernel_unknown(session, answer->depend->name);
	other_find(session, &best, answer);
	answer->result = answer->hinted	    ? LINKER_GONE
			 : answer->provided ? LINKER_VERSION
					    : LINKER_ABSENT;
}

/* True if the file has a version of the interface itself: it refers to itself. */
static bool is_own(struct session *session, const struct kld *kld, const char *name)
{
	array_each(version, &kld->versions) {
		if (session->steps == 0)
			return false;
		session->steps--;
		if (strcmp(version->name, name) == 0)
			return true;
	}
	return false;
}

static void depends_answer(struct session *session, struct linker_trial *trial, bool whole)
{
	const struct kld *kld = session_records(trial->file);

	array_each(depend, &kld->depends) {
		bool seen = array_any(answer, &trial->answers,
				      answer->depend->minimum == depend->minimum &&
					      answer->depend->maximum == depend->maximum &&
					      answer->depend->preferred == depend->preferred &&
					      strcmp(answer->depend->name, depend->name) == 0);

		if (seen || is_own(session, kld, depend->name))
			continue;
		if (session->steps == 0 || trial->answers.count >= LINKER_ANSWERS_MOST) {
			trial->unsure = linker_too_many;
			return;
		}

		struct linker_answer answer = {.depend = depend};
		answer_find(session, &answer);
		*array_add(session->arena, &trial->answers) = answer;
		if (answer.result == LINKER_FITS)
			continue;
		if (!answer.unsure)
			trial->fails = true;
		else if (!trial->unsure)
			trial->unsure = answer.unsure;
		if (!whole)
			return;
	}
}

enum linker_symbol linker_symbol(const struct linker *linker, const struct linker_trial *trial,
				 const struct import *import)
{
	const struct image *image = linker->image;
	const struct kernel *kernel = image->kernel;
	bool fits = !linker_may_make(image, import);

	if (import->weak || linker_makes(image, trial->file->module, import))
		return SYMBOL_THERE;
	if (kernel && exports_find(&kernel->exports.table, import->name))
		return SYMBOL_THERE;
	array_each(answer, &trial->answers) {
		fits &= answer->result == LINKER_FITS;
		if (answer->result == LINKER_FITS && answer->file &&
		    exports_find(&answer->file->module->exports, import->name))
			return SYMBOL_THERE;
	}
	return fits && kernel && kernel->exports.complete ? SYMBOL_MISSING : SYMBOL_UNKNOWN;
}

static void symbols_find(struct session *session, struct linker_trial *trial)
{
	array_each(import, &trial->file->module->imports)
		if (linker_symbol(session->linker, trial, import) == SYMBOL_MISSING &&
		    (!trial->symbol || import->place < trial->symbol->place))
			trial->symbol = import;
	trial->fails |= trial->symbol != NULL;
}

static void modules_find(struct session *session, struct linker_trial *trial)
{
	const struct linker_clash *clash = session_modules_clash(session, trial->file);

	trial->fails |= clash != NULL;
	if (!trial->clash)
		trial->clash = clash;
	array_each(module, &session_records(trial->file)->modules)
		if (!module->name && !trial->unsure)
			trial->unsure = "it registers a module whose name cannot be read";
}

struct linker_trial *session_try(struct session *session, const struct linker_file *file,
				 bool whole)
{
	struct linker_trial *trial = arena_new(session->arena, struct linker_trial);

	trial->file = file;
	if (file->module->problem) {
		trial->fails = true;
		return trial;
	}
	trial->refused =
		linker_machine_refusal(session->arena, session->linker->image, file->module);
	if (!trial->refused)
		trial->refused = linker_form_refusal(session->arena, file->module);
	trial->fails = trial->refused != NULL;
	if (trial->fails && !whole)
		return trial;
	if (!session->booting)
		trial->unsure = linker_form_doubt(session->arena, file->module);
	if (session->depth == LINKER_DEPTH_MOST || session->steps == 0) {
		trial->unsure = linker_too_many;
		return trial;
	}
	session->steps -= session->steps < LINKER_TRY_STEPS ? session->steps : LINKER_TRY_STEPS;
	session->loading[session->depth++] = file;
	trial->clash = session_interfaces_clash(session, file);
	trial->fails |= trial->clash != NULL;
	if (!trial->fails || whole)
		depends_answer(session, trial, whole);
	if (!trial->fails || whole)
		symbols_find(session, trial);
	/* the boot loader's files stay loaded when their modules fail to register */
	if ((!trial->fails || whole) && !session->booting)
		modules_find(session, trial);
	if (session->steps == 0 && !trial->unsure)
		trial->unsure = linker_too_many;
	session->depth--;
	if (!trial->fails && !trial->unsure)
		*array_add(session->arena, &session->loaded) = file;
	return trial;
}

const struct linker_trial *linker_try(struct arena *arena, const struct linker *linker,
				      const struct linker_view *view,
				      const struct linker_file *file)
{
	struct session session = {
		.linker = linker, .view = view, .arena = arena, .steps = LINKER_STEPS_MOST};
	struct linker_trial *trial;

	/* files that were loaded at boot, without those that a package of the view
	 * replaces */
	array_each(other, &linker->booted)
		if (session_sees(&session, *other))
			*array_add(arena, &session.loaded) = *other;
	session.booted = session.loaded.count;
	/* for a file that is loaded at boot the question is whether it loads at boot */
	array_each(other, &session.loaded)
		if (*other == file)
			session.loaded.count = session.booted = 0;
	trial = session_try(&session, file, true);
	trial->clashes = session.clashes;
	return trial;
}

const struct linker_trial *linker_root(const struct linker_trial *trial)
{
	for (size_t depth = 0; depth < LINKER_DEPTH_MOST; depth++) {
		const struct linker_trial *inner = NULL;

		array_each(answer, &trial->answers) {
			if (answer->result == LINKER_FITS)
				continue;
			inner = answer->result == LINKER_INHERITED ? answer->because : NULL;
			break;
		}
		if (!inner)
			break;
		trial = inner;
	}
	return trial;
}

/* SPDX-License-Identifier: ISC */
/* Finds which files of an image the boot loader loads, those that loader.conf names and what they
 * depend on (stand/common/module.c, mod_loadkld; sys/kern/kern_linker.c, linker_preload). */
#include "facts/linker/linker_session.h"

#include "base/text.h"

#include <string.h>

/* The number of files that are loaded at boot. */
enum { BOOTED_MOST = 1024 };

static enum sight image_sight(const void *context, const struct linker_file *file)
{
	(void)context;
	return file->package ? SIGHT_NONE : SIGHT_THERE;
}

static const struct linker_file *directory_lookup(const struct session *session, uint32_t directory,
						  const char *base)
{
	size_t count;
	const struct linker_file *file = linker_based(session->linker, directory, base, &count);

	for (size_t i = 0; i < count; i++)
		if (session_sees(session, &file[i]))
			return &file[i];
	return NULL;
}

/* A path with directories names one file; a name is searched in all directories of module_path. In
 * each the name itself, with ".ko", and with ".ko.gz" count (file_search). */
static const struct linker_file *load_lookup(const struct session *session,
					     const struct kld_load *load)
{
	static const char *const ends[] = {"", ".ko", ".ko.gz"};
	const struct strings *path = &session->linker->path;
	const char *name = load->file ? load->file : load->name;
	const char *base = path_last(name);
	size_t folder = (size_t)(base - name);
	size_t slash = strspn(name, "/");

	for (uint32_t i = 0; i < path->count; i++) {
		const char *directory = path->list[i];

		if (folder > slash && (strncmp(name + slash, directory, strlen(directory)) != 0 ||
				       folder - slash != strlen(directory) + 1))
			continue;
		for (size_t j = 0; j < sizeof ends / sizeof *ends; j++) {
			const struct linker_file *file = directory_lookup(
				session, i, arena_format(session->arena, "%s%s", base, ends[j]));

			if (file)
				return file;
		}
	}
	return NULL;
}

void linker_boot(struct arena *arena, struct linker *linker)
{
	_cleanup_arena_ struct arena scratch = {0};
	const struct linker_view view = {image_sight, NULL};
	struct session session = {.linker = linker,
				  .view = &view,
				  .arena = &scratch,
				  .steps = LINKER_STEPS_MOST,
				  .booting = true};

	if (!linker->image->boot)
		return;
	array_each(load, &linker->image->boot->loads) {
		const struct linker_file *file = load_lookup(&session, load);

		if (!file || session_has_name(&session, file->base) ||
		    session.loaded.count >= BOOTED_MOST)
			continue;
		session.depth = 0;
		session_try(&session, file, false);
	}
	array_each(file, &session.loaded)
		*array_add(arena, &linker->booted) = *file;
}

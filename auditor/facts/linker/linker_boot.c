/* SPDX-License-Identifier: ISC */
/* Finds which files of an image the boot loader loads, those that
 * loader.conf names and what they depend on (stand/common/module.c,
 * mod_loadkld; sys/kern/kern_linker.c, linker_preload). */
#include "facts/linker/linker_session.h"

#include "base/text.h"

#include <string.h>

/* Bounds the work for a hostile image. */
enum { BOOTED_MOST = 1024 };

static enum sight image_sight(const void *context, const struct linker_file *file)
{
	(void)context;
	return file->package ? SIGHT_NONE : SIGHT_THERE;
}

/* The file that the boot loader finds for LOAD. */
static const struct linker_file *load_lookup(const struct session *session,
					     const struct kld_load *load)
{
	if (!load->path)
		return NULL;
	for (uint32_t i = 0; i < session->linker->path.count; i++) {
		size_t count;
		const struct linker_file *file =
			linker_based(session->linker, i, path_last(load->path), &count);

		for (size_t j = 0; j < count; j++)
			if (!file[j].package && strcmp(file[j].module->path, load->path) == 0)
				return &file[j];
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
		session_try(&session, file, false);
	}
	array_each(file, &session.loaded)
		*array_add(arena, &linker->booted) = *file;
}

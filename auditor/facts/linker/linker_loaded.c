/* SPDX-License-Identifier: ISC */
/* Searches what is loaded: for the provider of an interface (sys/kern/kern_linker.c,
 * modlist_lookup2) and for a file of a name (linker_find_file_by_name). */
#include "facts/linker/linker_session.h"

#include <string.h>

const struct kld *session_records(const struct linker_file *file)
{
	static const struct kld none;
	const struct kld *kld = file->module->kld;

	return kld && kld->set == KLD_SET_FOUND ? kld : &none;
}

static void loaded_weigh(struct loaded_best *best, const struct kld_depend *depend, int32_t version,
			 const struct linker_file *file)
{
	bool preferred = version == depend->preferred;

	if (best->preferred)
		return;
	if (kld_depend_fits(depend, version) &&
	    (preferred || !best->any || version > best->version)) {
		best->any = true;
		best->preferred = preferred;
		best->version = version;
		best->file = file;
	} else if (!best->other) {
		best->other = true;
		best->other_version = version;
		best->other_file = file;
	}
}

struct loaded_best session_loaded(struct session *session, const struct kld_depend *depend)
{
	struct loaded_best best = {0};
	size_t count;
	const struct linker_row *row = linker_named(&session->linker->kernel, depend->name, &count);

	for (size_t i = 0; i < count && session->steps > 0; i++, session->steps--)
		loaded_weigh(&best, depend, row[i].version, NULL);
	array_each(file, &session->loaded)
		array_each(version, &session_records(*file)->versions) {
			if (session->steps == 0)
				return best;
			session->steps--;
			if (strcmp(version->name, depend->name) == 0)
				loaded_weigh(&best, depend, version->version, *file);
		}
	return best;
}

bool session_has_name(const struct session *session, const char *base)
{
	for (size_t i = 0; i < session->depth; i++)
		if (strcmp(session->loading[i]->base, base) == 0)
			return true;
	array_each(file, &session->loaded)
		if (strcmp((*file)->base, base) == 0)
			return true;
	return strcmp(base, "kernel") == 0;
}

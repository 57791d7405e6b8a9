/* SPDX-License-Identifier: ISC */
/* Finds names of a file that something loaded has already: interfaces, which keep it
 * from being loaded at all (sys/kern/kern_linker.c, linker_load_dependencies), and
 * modules, which fail to register (sys/kern/kern_module.c, module_register). */
#include "facts/linker/linker_session.h"

#include <string.h>

/* The label of hints stands for the name, which they do not have. */
static bool is_registered(const struct kld_boot *boot, const struct kld_module *module)
{
	array_each(other, &boot->registered) {
		const char *theirs = other->name ? other->name : other->label;
		const char *ours = other->name ? module->name : module->label;

		if (theirs && ours && strcmp(theirs, ours) == 0)
			return true;
	}
	return false;
}

/* Returns CLASH if it is not avoidable, and NULL otherwise. */
static const struct linker_clash *clash_add(struct session *session, struct linker_clash clash)
{
	struct linker_clash *ret = arena_new(session->arena, struct linker_clash);

	*ret = clash;
	*array_add(session->arena, &session->clashes) = clash;
	return clash.avoidable ? NULL : ret;
}

/* modlist_lookup: version 0 equals any. */
static bool same_interface(const struct kld_version *wanted, const char *name, int32_t version)
{
	return strcmp(wanted->name, name) == 0 &&
	       (wanted->version == 0 || wanted->version == version);
}

static bool kernel_provides(struct session *session, const struct kld_version *version)
{
	size_t count;
	const struct linker_row *row =
		linker_named(&session->linker->kernel, version->name, &count);

	for (size_t i = 0; i < count && session->steps > 0; i++, session->steps--)
		if (same_interface(version, row[i].name, row[i].version))
			return true;
	return false;
}

static bool file_provides(struct session *session, const struct linker_file *file,
			  const struct kld_version *version)
{
	array_each(other, &session_records(file)->versions) {
		if (session->steps == 0)
			return false;
		session->steps--;
		if (same_interface(version, other->name, other->version))
			return true;
	}
	return false;
}

const struct linker_clash *session_interfaces_clash(struct session *session,
						    const struct linker_file *file)
{
	const struct linker_clash *first = NULL;

	array_each(version, &session_records(file)->versions) {
		struct linker_clash clash = {
			.file = file, .name = version->name, .interface = version};

		if (kernel_provides(session, version)) {
			const struct linker_clash *ret = clash_add(session, clash);

			first = first ? first : ret;
			continue;
		}
		for (size_t i = 0; i < session->loaded.count; i++) {
			if (!file_provides(session, session->loaded.list[i], version))
				continue;
			clash.other = session->loaded.list[i];
			clash.avoidable = i < session->booted;
			const struct linker_clash *ret = clash_add(session, clash);
			first = first ? first : ret;
			break;
		}
	}
	return first;
}

/* True if one of the first COUNT modules of FILE has that name. */
static bool file_registers(struct session *session, const struct linker_file *file,
			   const struct kld_module *module, size_t count)
{
	const struct kld_modules *modules = &session_records(file)->modules;

	for (size_t i = 0; i < count && i < modules->count && session->steps > 0;
	     i++, session->steps--)
		if (modules->list[i].name && strcmp(modules->list[i].name, module->name) == 0)
			return true;
	return false;
}

/* The file of which a module called as MODULE, number PLACE of FILE, is registered
 * before it is; NULL if there is none. */
static const struct linker_file *registered_by(struct session *session,
					       const struct linker_file *file,
					       const struct kld_module *module, size_t place,
					       bool *avoidable)
{
	for (size_t i = 0; i < session->loaded.count; i++)
		if (file_registers(session, session->loaded.list[i], module, SIZE_MAX)) {
			*avoidable = i < session->booted;
			return session->loaded.list[i];
		}
	*avoidable = false;
	return file_registers(session, file, module, place) ? file : NULL;
}

const struct linker_clash *session_modules_clash(struct session *session,
						 const struct linker_file *file)
{
	const struct kld_boot *boot = session->linker->image->boot;
	const struct kld_modules *modules = &session_records(file)->modules;
	const struct linker_clash *first = NULL;

	for (size_t i = 0; i < modules->count; i++) {
		const struct kld_module *module = &modules->list[i];
		struct linker_clash clash = {.file = file,
					     .name = module->name ? module->name : module->label};

		if (boot && is_registered(boot, module)) {
			clash.avoidable = true;
			clash_add(session, clash);
			continue;
		}
		if (module->name)
			clash.other = registered_by(session, file, module, i, &clash.avoidable);
		if (!clash.other)
			continue;
		const struct linker_clash *ret = clash_add(session, clash);
		first = first ? first : ret;
	}
	return first;
}

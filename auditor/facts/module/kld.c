/* SPDX-License-Identifier: ISC */
/* Reads the metadata records of a FreeBSD module or kernel (sys/sys/module.h; FreeBSD
 * sys/kern/kern_linker.c, linker_load_dependencies; usr.sbin/kldxref).
 *
 *   set_modmetadata_set: an array of pointers to
 *     struct mod_metadata { int version; int type; [pad;] void *data; char *cval; }
 *   where data points, by type, to
 *     1 DEPEND    struct mod_depend { int minimum, preferred, maximum; }, cval: the interface
 *     2 MODULE    moduledata_t { char *name; ... }, cval: the name in linker.hints
 *     3 VERSION   struct mod_version { int version; }, cval: the interface
 *     4 PNP_INFO  struct mod_pnp_match_info { char *descr; char *bus; void *table;
 *                 int entry_len, num_entry; }, cval: the bus
 *
 * int has 4 bytes everywhere; a pointer 4 or 8. */
#include "facts/module/kld_elf.h"

enum { RECORDS_MOST = 1 << 16 };

enum type { TYPE_DEPEND = 1, TYPE_MODULE, TYPE_VERSION, TYPE_PNP };

/* Where the array of pointers is. */
struct set {
	struct kld_place start;
	uint64_t count;
};

const struct kld_version *kld_provides(const struct kld *kld, const char *name)
{
	return array_find(version, &kld->versions, strcmp(version->name, name) == 0);
}

const struct kld_depend *kld_needs(const struct kld *kld, const char *name)
{
	return array_find(depend, &kld->depends, strcmp(depend->name, name) == 0);
}

bool kld_depend_fits(const struct kld_depend *depend, int32_t version)
{
	return version == depend->preferred ||
	       (version >= depend->minimum && version <= depend->maximum);
}

const char *osreldate_words(struct arena *arena, int32_t version)
{
	return arena_format(arena, "%d.%d", version / 100000, version / 1000 % 100);
}

static struct kld_place moved(struct kld_place place, uint64_t bytes)
{
	place.offset += bytes;
	return place;
}

static unsigned pointer_size(const struct kld_reading *reading)
{
	return reading->memory.elf->machine.bits / 8u;
}

/* The set of an ET_REL is its section of that name (link_elf_obj.c,
 * link_elf_lookup_set), which need not be a whole number of pointers: the kernel
 * ignores the rest. */
static bool set_in_section(const struct kld_reading *reading, struct set *ret)
{
	const struct elf *elf = reading->memory.elf;

	for (size_t i = 1; i < elf->sections.count; i++) {
		const struct elf_section *section = &elf->sections.list[i];

		if (!(section->flags & SHF_ALLOC) || strcmp(section->name, KLD_SET) != 0)
			continue;
		*ret = (struct set){.start = {elf->type == ET_REL ? i : 0,
					      elf->type == ET_REL ? 0 : section->address},
				    .count = section->size / pointer_size(reading)};
		return true;
	}
	return false;
}

static bool name_read(const struct kld_reading *reading, struct kld_place place, const char *what,
		      const char **ret, struct error *error)
{
	struct kld_place at;
	struct span text;

	if (!kld_pointer(&reading->memory, place, &at, error))
		return within(error, "the pointer to its %s", what);
	if (!kld_text(&reading->memory, at, &text))
		return fail(error, "its %s has no end within %d bytes", what, KLD_NAME_MOST);
	*ret = text.size > 0 ? map_intern(reading->reader->names, reading->reader->arena, text)
			     : "";
	return true;
}

static bool depend_read(const struct kld_reading *reading, struct kld_place body, const char *name,
			struct error *error)
{
	uint32_t numbers[3];

	for (unsigned i = 0; i < 3; i++)
		if (!kld_number(&reading->memory, moved(body, 4 * i), &numbers[i]))
			return fail(error, "its versions lie outside of the file's memory");
	*array_add(reading->reader->arena, &reading->kld->depends) = (struct kld_depend){
		name, (int32_t)numbers[0], (int32_t)numbers[1], (int32_t)numbers[2]};
	return true;
}

/* The hardware decides nothing here, so a table that cannot be read is left out. */
static void pnp_read(const struct kld_reading *reading, struct kld_place body, const char *bus)
{
	struct kld_pnp pnp = {.bus = bus};
	struct error ignored;

	if (name_read(reading, body, "fields", &pnp.fields, &ignored) &&
	    kld_number(&reading->memory, moved(body, 3 * (uint64_t)pointer_size(reading) + 4),
		       &pnp.entries))
		*array_add(reading->reader->arena, &reading->kld->pnps) = pnp;
}

static bool record_read(const struct kld_reading *reading, struct kld_place place,
			struct error *error)
{
	const struct kld_memory *memory = &reading->memory;
	unsigned pointer = pointer_size(reading);
	struct kld_place record, body;
	uint32_t type, version;
	const char *name;
	struct error ignored;

	if (!kld_pointer(memory, place, &record, error))
		return within(error, "its pointer");
	if (!kld_number(memory, moved(record, 4), &type))
		return fail(error, "it lies outside of the file's memory");
	if (type < TYPE_DEPEND || type > TYPE_PNP)
		return true; /* the kernel reads only the types that it knows */
	if (!name_read(reading, moved(record, 8 + pointer), "name", &name, error))
		return false;
	if (!kld_pointer(memory, moved(record, 8), &body, error))
		return within(error, "%s: the pointer to its data", name);
	if (type == TYPE_DEPEND)
		return depend_read(reading, body, name, error) || within(error, "%s", name);
	if (type == TYPE_MODULE) {
		struct kld_module *module =
			array_add(reading->reader->arena, &reading->kld->modules);

		module->label = name;
		if (!name_read(reading, body, "name", &module->name, &ignored))
			module->name = NULL;
	} else if (type == TYPE_PNP) {
		pnp_read(reading, body, name);
	} else if (kld_number(memory, body, &version)) {
		*array_add(reading->reader->arena, &reading->kld->versions) =
			(struct kld_version){name, (int32_t)version};
	} else {
		return fail(error, "its version lies outside of the file's memory") ||
		       within(error, "%s", name);
	}
	return true;
}

static bool set_read(const struct kld_reading *reading, const struct set *set, struct error *error)
{
	if (set->count > RECORDS_MOST)
		return fail(error, KLD_SET " has %llu records, %d are read",
			    (unsigned long long)set->count, RECORDS_MOST);
	for (uint64_t i = 0; i < set->count; i++)
		if (!record_read(reading, moved(set->start, i * pointer_size(reading)), error))
			return within(error, "record %llu of " KLD_SET, (unsigned long long)i + 1);
	return true;
}

bool kld_begin(struct module_reader *reader, const struct elf *elf, uint64_t file_size,
	       struct kld_reading *ret, struct error *error)
{
	struct kld *kld = arena_new(reader->arena, struct kld);

	kld->type = elf->type;
	kld->dynamic = elf->dynamic.size > 0;
	kld->segments = (uint16_t)elf->segments.count;
	*ret = (struct kld_reading){.reader = reader, .kld = kld};
	return kld_memory_open(reader->scratch, elf, file_size, &ret->memory, error);
}

/* Records that the kernel does not see cannot make the file unreadable. */
bool kld_records(const struct kld_reading *reading, struct error *error)
{
	struct kld *kld = reading->kld;
	struct set set = {.count = 0};
	struct kld_place start, stop;
	struct error ignored;

	if (reading->memory.elf->type == ET_REL) {
		if (set_in_section(reading, &set))
			kld->set = KLD_SET_FOUND;
	} else if (!kld_symbol(&reading->memory, "__start_" KLD_SET, &start) ||
		   !kld_symbol(&reading->memory, "__stop_" KLD_SET, &stop)) {
		/* the set of other types than ET_REL lies between two symbols
		 * (link_elf.c, link_elf_lookup_set) */
		kld->set = set_in_section(reading, &set) ? KLD_SET_HIDDEN : KLD_SET_NONE;
	} else if (stop.offset < start.offset) {
		return fail(error, "__stop_" KLD_SET " is before __start_" KLD_SET);
	} else {
		set = (struct set){start, (stop.offset - start.offset) / pointer_size(reading)};
		kld->set = KLD_SET_FOUND;
	}
	if (set_read(reading, &set, kld->set == KLD_SET_HIDDEN ? &ignored : error))
		return true;
	return kld->set == KLD_SET_HIDDEN;
}

/* The file of a Linux module has the section .gnu.linkonce.this_module. FreeBSD's own
 * tools write EI_OSABI 9 into every file, but its kernel does not look at it: a file of
 * another linker with the set is loaded as well. */
bool kld_is(const struct elf *elf)
{
	if (elf_section(elf, ".gnu.linkonce.this_module"))
		return false;
	return elf->system == ELFOSABI_FREEBSD || elf_section(elf, KLD_SET);
}

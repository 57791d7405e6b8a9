/* SPDX-License-Identifier: ISC */
/* Reads a .ko: imports, appended signature and problems; calls modinfo.c and the other
 * module_*.c for the rest (Linux kernel/module/main.c, elf_validity_cache_copy). */
#include "facts/module/kld_elf.h"
#include "base/text.h"
#include "facts/module/module_elf.h"

static const char *const suffixes[] = {".ko", ".ko.gz", ".ko.xz", ".ko.zst", NULL};
/* of Linux before 2.5 */
static const char *const old_suffixes[] = {".o", ".o.gz", NULL};

/* The length of PATH without its ending; SIZE_MAX if it has none of ENDINGS. */
static size_t stem_of(const char *path, const char *const *endings)
{
	size_t length = strlen(path);

	for (size_t i = 0; endings[i]; i++) {
		size_t suffix = strlen(endings[i]);

		if (length > suffix && strcmp(path + length - suffix, endings[i]) == 0 &&
		    path[length - suffix - 1] != '/')
			return length - suffix;
	}
	return SIZE_MAX;
}

bool module_is_path(const char *path)
{
	return stem_of(path, suffixes) != SIZE_MAX;
}

bool module_is_old_path(const char *path, struct span release)
{
	return release.size > 4 && span_starts(release, "2.") && release.data[2] < '5' &&
	       release.data[3] == '.' && stem_of(path, old_suffixes) != SIZE_MAX;
}

const char *module_name_spelled(struct arena *arena, struct span name)
{
	char *copy = (char *)(uintptr_t)arena_string(arena, name);

	for (char *at = copy; *at; at++)
		if (*at == '-')
			*at = '_';
	return copy;
}

const char *module_name_of_path(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *file = slash ? slash + 1 : path;
	size_t stem = stem_of(file, suffixes);

	if (stem == SIZE_MAX)
		stem = stem_of(file, old_suffixes);
	return module_name_spelled(arena, span_from(file, stem == SIZE_MAX ? strlen(file) : stem));
}

static int import_compare(const void *a, const void *b)
{
	const struct import *left = a, *right = b;

	return strcmp(left->name, right->name);
}

struct import *imports_find(const struct imports *imports, const char *name)
{
	struct import key = {.name = name};

	return imports->count
		       ? bsearch(&key, imports->list, imports->count, sizeof key, import_compare)
		       : NULL;
}

static bool starts_with_any(const char *name, const char *const *prefixes)
{
	for (; *prefixes; prefixes++)
		if (strncmp(name, *prefixes, strlen(*prefixes)) == 0)
			return true;
	return false;
}

/* True for symbols that the linker, loader or compiler supplies (Linux
 * scripts/mod/modpost.c, ignore_undef_symbol; arch/mips). */
static bool is_supplied(uint16_t machine, const char *name)
{
	static const char *const powerpc[] = {"_restgpr_",   "_savegpr_", "_rest32gpr_",
					      "_save32gpr_", "_restvr_",  "_savevr_",
					      NULL};
	static const char *const powerpc64[] = {"_restgpr0_", "_savegpr0_", "_restvr_", "_savevr_",
						NULL};

	if (strcmp(name, "__this_module") == 0 || strcmp(name, "_GLOBAL_OFFSET_TABLE_") == 0)
		return true;
	if (machine == EM_MIPS)
		return strcmp(name, "_gp_disp") == 0;
	if (machine == EM_PPC)
		return starts_with_any(name, powerpc);
	return machine == EM_PPC64 && (strcmp(name, ".TOC.") == 0 || strcmp(name, "TOC.") == 0 ||
				       starts_with_any(name, powerpc64));
}

void imports_unique(struct imports *imports)
{
	size_t kept = 0;

	array_sort(imports, import_compare);
	for (size_t i = 0; i < imports->count; i++) {
		if (kept > 0 && imports->list[kept - 1].name == imports->list[i].name) {
			struct import *into = &imports->list[kept - 1];
			const struct import *from = &imports->list[i];

			into->weak &= from->weak;
			if (from->place < into->place)
				into->place = from->place;
		} else {
			imports->list[kept++] = imports->list[i];
		}
	}
	imports->count = kept;
}

static bool imports_read(struct module_reader *reader, const struct elf *elf, struct imports *ret,
			 struct error *error)
{
	for (size_t i = 1; i < elf->symbol_count; i++) {
		struct elf_symbol symbol = elf_symbol(elf, i);

		if (symbol.section == SHN_COMMON && strncmp(symbol.name, "__gnu_lto", 9) != 0)
			return fail(error, "symbol %s is common: please compile with -fno-common",
				    symbol.name);
		/* kernel/module/main.c, simplify_symbols, finds no symbol
		 * of that name */
		if (symbol.section == SHN_UNDEF && !symbol.name[0] && symbol.bind != STB_WEAK)
			return fail(error,
				    "symbol %zu is undefined and has no name: data corrupted", i);
		if (symbol.section == SHN_XINDEX ||
		    (symbol.section < SHN_LORESERVE && symbol.section >= elf->sections.count))
			return fail(error, "symbol %zu is in section %u, which does not exist", i,
				    symbol.section);
		if (symbol.section != SHN_UNDEF || !symbol.name[0] ||
		    is_supplied(elf->machine.elf, symbol.name))
			continue;
		/* 64-bit powerpc, ELFv1: ".printk" is the function entry of "printk" */
		if (elf->machine.elf == EM_PPC64 && symbol.name[0] == '.')
			symbol.name++;

		struct import *import = array_add(reader->arena, ret);

		import->name = map_intern(reader->names, reader->arena, span_text(symbol.name));
		import->weak = symbol.bind == STB_WEAK;
		import->place = (uint32_t)i;
	}
	imports_unique(ret);
	return true;
}

static size_t sections_named(const struct elf *elf, const char *name,
			     const struct elf_section **ret)
{
	size_t count = 0;

	for (size_t i = 1; i < elf->sections.count; i++) {
		if (strcmp(elf->sections.list[i].name, name) != 0)
			continue;
		*ret = &elf->sections.list[i];
		count++;
	}
	return count;
}

/* The checks of elf_validity_cache_copy (Linux kernel/module/main.c). */
static bool shape_check(const struct elf *elf, const struct elf_section **this_module,
			const struct elf_section **modinfo, struct error *error)
{
	if (elf->type != ET_REL)
		return fail(error, "not a relocatable ELF file (e_type %u)", elf->type);
	if (elf->sections.count == 0)
		return fail(error, "no section headers");
	if (sections_named(elf, ".modinfo", modinfo) > 1)
		return fail(error, "only one .modinfo section must exist");
	if (elf->symbol_tables == 0)
		return fail(error, "module has no symbols (stripped?)");
	if (elf->symbol_tables > 1)
		return fail(error, "only one symbol table must exist");

	size_t count = sections_named(elf, ".gnu.linkonce.this_module", this_module);

	if (count == 0)
		return fail(error,
			    "no module found in object: no .gnu.linkonce.this_module section");
	if (count > 1)
		return fail(error, "only one .gnu.linkonce.this_module section must exist");
	if ((*this_module)->type == SHT_NOBITS)
		return fail(error, ".gnu.linkonce.this_module section must have a size set");
	if (!((*this_module)->flags & SHF_ALLOC))
		return fail(
			error,
			".gnu.linkonce.this_module must occupy memory during process execution");
	return true;
}

/* Removes an appended signature from BYTES, as the loader does
 * (include/linux/module_signature.h):
 *     module | signature | struct module_signature 12 | "~Module signature appended~\n" 28
 *     struct module_signature: algo 1, hash 1, id_type 1, signer_len 1, key_id_len 1, pad 3,
 *         sig_len 4 big-endian
 * DAMAGED: the marker is there, but no plausible struct before it. */
static bool signature_cut(struct span *bytes, bool *damaged)
{
	static const char mark[] = "~Module signature appended~\n";
	enum { MARK = sizeof mark - 1, HEADER = 12 };
	uint32_t size;

	if (bytes->size < MARK || !span_has(*bytes, bytes->size - MARK, SPAN_OF(mark)))
		return false;
	*damaged = true;
	if (bytes->size < MARK + HEADER)
		return false;

	size_t header = bytes->size - MARK - HEADER;

	if (!span_u32(*bytes, header + 8, ENDIAN_BIG, &size) || size == 0 || size >= header)
		return false;
	bytes->size = header - size;
	*damaged = false;
	return true;
}

static struct span section_keep(struct arena *arena, const struct elf *elf, const char *name)
{
	const struct elf_section *section = elf_section(elf, name);
	uint8_t *copy =
		section && section->bytes.size > 0 ? arena_raw(arena, section->bytes.size) : NULL;

	if (!copy)
		return (struct span){0};
	memcpy(copy, section->bytes.data, section->bytes.size);
	return span_from(copy, section->bytes.size);
}

static void sections_digest(struct module_reader *reader, const struct elf *elf,
			    struct module *module)
{
	module->digested = !reader->undigested &&
			   (!reader->twins || map_get(reader->twins, module->name) != MAP_NONE);
	if (module->digested)
		module->sections = module_digest(reader->scratch, elf);
}

static bool parts_read(struct module_reader *reader, struct span bytes, struct module *module,
		       struct error *error)
{
	const struct elf_section *this_module = NULL, *modinfo = NULL;
	struct elf elf;
	bool readable = elf_read(reader->scratch, bytes, &elf, error);

	module->machine = elf.machine;
	if (readable && kld_is(&elf)) {
		bool whole = kld_module_read(reader, &elf, bytes.size, module, error);

		module->relocations = kld_relocations(reader->arena, &elf);
		sections_digest(reader, &elf, module);
		return whole;
	}
	if (!readable || !shape_check(&elf, &this_module, &modinfo, error) ||
	    !elf_relocations_check(&elf, error))
		return false;
	if (modinfo)
		modinfo_read(reader, modinfo->bytes, &module->modinfo);
	this_module_read(reader, &elf, this_module, &module->this_module);
	module->relocations = module_relocations(reader->arena, &elf);
	module->writable_code = module_writable_code(reader->arena, &elf);
	module->marks = module_marks(reader->scratch, &elf);
	module->unflagged = ksymtab_unflagged(&elf);
	module->btf = section_keep(reader->arena, &elf, ".BTF");
	module->btf_base = section_keep(reader->arena, &elf, ".BTF.base");
	if (!module->modinfo.name)
		module->modinfo.name = this_module_name(reader->arena, &elf, this_module);
	if (module->modinfo.name)
		module->name = module->modinfo.name;
	sections_digest(reader, &elf, module);
	return imports_read(reader, &elf, &module->imports, error) &&
	       module_exports_read(reader, &elf, &module->exports, error) &&
	       module_versions_read(reader, &elf, module, error);
}

struct module module_read(struct module_reader *reader, const char *path, const char *witness,
			  struct span bytes)
{
	struct module module = {.path = path, .witness = witness, .size = bytes.size};
	struct error error;

	struct span whole = bytes;

	module.name = module_name_of_path(reader->arena, path);
	module.is_signed = signature_cut(&bytes, &module.signature_damaged);
	bool readable = parts_read(reader, bytes, &module, &error);
	if (module.digested || !readable)
		module.file = sha256_of(whole);
	if (!readable) {
		module.problem = arena_format(reader->arena, "%s", error.text);
		/* a lost block reads as zeros or ones */
		module.damaged = span_starts(bytes, "\177ELF") ||
				 span_has(bytes, 0, SPAN_OF("\0\0\0\0")) ||
				 span_has(bytes, 0, SPAN_OF("\xff\xff\xff\xff"));
	}
	return module;
}

bool module_here(struct span bytes, const char *path)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct elf elf;
	struct error ignored;

	if (!elf_read(&scratch, bytes, &elf, &ignored))
		return elf.type == ET_REL;
	return elf.type == ET_REL || (elf.type == ET_DYN && !elf.interpreter.size && kld_is(&elf) &&
				      (text_ends(path, ".ko") || elf_section(&elf, KLD_SET)));
}

/* arch_ignore names in arch/mips and arch/powerpc, kernel/module*.c */
bool import_ignored(const char *name)
{
	static const char *const ignored[] = {"_gp_disp", ".TOC.", "TOC.", "_GLOBAL_OFFSET_TABLE_",
					      NULL};

	return text_among(name, ignored);
}

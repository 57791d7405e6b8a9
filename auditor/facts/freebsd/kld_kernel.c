/* SPDX-License-Identifier: ISC */
/* Reads a FreeBSD kernel (sys/conf/newvers.sh: sccs, version, osrelease,
 * osreldate, kern_ident; sys/kern/kern_module.c: the interface "kernel";
 * usr.sbin/config: section kern_conf). */
#include "facts/freebsd/kld_kernel.h"
#include "facts/freebsd/kld_arm.h"
#include "facts/module/kld_elf.h"
#include "unpack/firmware/program.h"

#include <elf.h>

/* The kernel that kld_kernel_read is reading. */
struct kernel_reading {
	struct arena *arena;
	struct kld_reading kld;
	struct span bytes;
	const char *witness;
};

bool kld_kernel_here(struct span bytes)
{
	return program_of(bytes) == PROGRAM_FREEBSD_KERNEL;
}

static bool text_at(const struct kernel_reading *reading, const char *symbol, struct span *ret)
{
	struct kld_place place;

	return kld_symbol(&reading->kld.memory, symbol, &place) &&
	       kld_text(&reading->kld.memory, place, ret) && ret->size > 0;
}

static struct span first_line(struct span text)
{
	struct span line = {NULL, 0};

	return span_line(&text, &line) ? line : text;
}

/* The text of sccs without "@(#)": "FreeBSD
 * 14.2-RELEASE releng/14.2-n269506 GENERIC". */
static struct span banner_find(struct span bytes)
{
	const struct span mark = SPAN_OF("@(#)FreeBSD ");
	size_t at = span_find(bytes, 0, mark);
	struct span text = {NULL, 0};

	if (at == SIZE_MAX ||
	    !span_string(span_head(span_skip(bytes, at), KLD_NAME_MOST), 4, &text))
		return (struct span){NULL, 0};
	return text;
}

struct span kld_kernel_release(struct span bytes)
{
	struct span text = banner_find(bytes), word = {NULL, 0};

	return span_token(&text, &word) && span_token(&text, &word) ? word : (struct span){NULL, 0};
}

static void fact_note(const struct kernel_reading *reading, struct span text, const char *source,
		      struct fact *ret)
{
	ret->value = arena_string(reading->arena, text);
	ret->witness = arena_format(reading->arena, "%s: %s", reading->witness, source);
}

static void version_read(const struct kernel_reading *reading, struct kld_kernel *ret)
{
	struct span text, word = {NULL, 0};

	if (text_at(reading, "version", &text))
		fact_note(reading, first_line(text), "variable version", &ret->version);
	else if (banner_find(reading->bytes).size > 0)
		fact_note(reading, first_line(banner_find(reading->bytes)), "banner",
			  &ret->version);
	else
		ret->version.witness = arena_format(
			reading->arena, "%s: no variable version and no banner", reading->witness);
	text = ret->version.value ? span_text(ret->version.value) : text;
	if (text_at(reading, "osrelease", &word))
		fact_note(reading, word, "variable osrelease", &ret->release);
	else if (ret->version.value && span_token(&text, &word) && span_token(&text, &word))
		fact_note(reading, word, "banner", &ret->release);
	else
		ret->release.witness = ret->version.witness;
	if (text_at(reading, "kern_ident", &word))
		fact_note(reading, word, "variable kern_ident", &ret->ident);
	else
		ret->ident.witness = arena_format(reading->arena, "%s: no variable kern_ident",
						  reading->witness);
}

static void osreldate_read(const struct kernel_reading *reading, struct kld_kernel *ret)
{
	const struct kld_version *own = kld_provides(ret->records, "kernel");
	struct kld_place place;
	uint32_t number;

	if (own) {
		ret->osreldate = own->version;
		ret->osreldate_witness =
			arena_format(reading->arena, "%s: interface kernel", reading->witness);
	} else if (kld_symbol(&reading->kld.memory, "osreldate", &place) &&
		   kld_number(&reading->kld.memory, place, &number)) {
		ret->osreldate = (int32_t)number;
		ret->osreldate_witness =
			arena_format(reading->arena, "%s: variable osreldate", reading->witness);
	} else {
		ret->osreldate_witness = arena_format(reading->arena,
						      "%s: no interface kernel and no variable "
						      "osreldate",
						      reading->witness);
	}
}

bool kld_kernel_read(struct arena *arena, struct span bytes, const char *witness,
		     struct machine *ret_machine, struct kld_kernel *ret, struct error *error)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct map names = {0};
	struct module_reader reader = {.arena = arena, .names = &names, .scratch = &scratch};
	struct kernel_reading reading = {.arena = arena, .bytes = bytes, .witness = witness};
	struct elf elf;

	*ret = (struct kld_kernel){.records = NULL};
	if (!elf_read(&scratch, bytes, &elf, error) ||
	    !kld_begin(&reader, &elf, bytes.size, &reading.kld, error) ||
	    !kld_records(&reading.kld, error))
		return within(error, "%s", witness);

	const struct elf_section *config = elf_section(&elf, "kern_conf");

	const struct elf_section *arm = elf_section(&elf, ".ARM.attributes");

	*ret_machine = elf.machine;
	ret->arm = arm && elf.machine.elf == EM_ARM ? kld_arm_name(arm->bytes) : NULL;
	ret->records = reading.kld.kld;
	ret->config = config && config->bytes.size ? arena_string(arena, config->bytes) : NULL;
	version_read(&reading, ret);
	osreldate_read(&reading, ret);
	kld_exports(&reading.kld, &ret->symbols);
	ret->symbols_whole = elf.symbol_count > 0;
	ret->symbols_witness =
		arena_format(arena, "%s: %s", witness,
			     elf.symbol_count			       ? "symbol table"
			     : reading.kld.memory.dynamic.symbol_count ? "dynamic symbol table"
								       : "no symbol table");
	return true;
}

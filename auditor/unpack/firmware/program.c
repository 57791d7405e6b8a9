/* SPDX-License-Identifier: ISC */
/* Reads kernels of FreeBSD, names those of its relatives, and hands its modules
 * over as files. */
#include "unpack/firmware/program.h"
#include "unpack/firmware/payload.h"

enum { SYSTEM_FREEBSD = 9 }; /* EI_OSABI */
enum { TYPE_PROGRAM = 2, SEGMENT_INTERPRETER = 3 };

/* Elf32_Phdr: type 4, offset 4, ...; Elf64_Phdr: type 4, flags 4, offset 8. The
 * loader's name ends with NUL. */
static struct span interpreter_of(struct span bytes, const struct elf_header *elf)
{
	struct span name = {NULL, 0};

	for (unsigned i = 0; i < elf->program_count; i++) {
		uint64_t at = elf->programs + (uint64_t)i * elf->program_size, offset;
		uint32_t type;

		if (span_u32(bytes, at, elf->endian, &type) && type == SEGMENT_INTERPRETER &&
		    span_word(bytes, at + elf->word, elf->word, elf->endian, &offset) &&
		    span_string(span_head(span_skip(bytes, offset), 64), 0, &name))
			break;
	}
	return name;
}

static bool bytes_have(struct span bytes, const char *text)
{
	return span_find(bytes, 0, span_text(text)) != SIZE_MAX;
}

/* The kernels of all four have a banner (sys/conf/newvers.sh); the first row
 * that occurs counts. */
static enum program kernel_of_banner(struct span bytes)
{
	static const struct {
		const char *banner;
		enum program program;
	} rows[] = {
		{"@(#)DragonFly ", PROGRAM_DRAGONFLY_KERNEL},
		{"@(#)FreeBSD ", PROGRAM_FREEBSD_KERNEL},
		{"@(#)NetBSD ", PROGRAM_NETBSD_KERNEL},
		{"@(#)OpenBSD ", PROGRAM_OPENBSD_KERNEL},
	};
	const struct span start = SPAN_OF("@(#)");
	size_t first = sizeof rows / sizeof *rows, count = first;

	for (size_t at = span_find(bytes, 0, start); at != SIZE_MAX && first > 0;
	     at = span_find(bytes, at + start.size, start))
		for (size_t i = 0; i < first; i++)
			if (span_has(bytes, at, span_text(rows[i].banner)))
				first = i;
	return first < count ? rows[first].program : PROGRAM_OTHER;
}

/* The loader of a FreeBSD kernel is "/red/herring" (sys/conf/kern.pre.mk), and of a
 * DragonFly kernel too. */
enum program program_of(struct span bytes)
{
	struct elf_header elf;
	uint8_t system = 0;

	if (!elf_header_read(bytes, &elf) || !span_u8(bytes, 7, &system))
		return PROGRAM_OTHER;

	struct span interpreter = interpreter_of(bytes, &elf);
	bool freebsd = system == SYSTEM_FREEBSD;

	if (span_is(interpreter, "/red/herring"))
		return kernel_of_banner(bytes) == PROGRAM_DRAGONFLY_KERNEL ||
				       bytes_have(bytes, "DragonFly v")
			       ? PROGRAM_DRAGONFLY_KERNEL
			       : PROGRAM_FREEBSD_KERNEL;
	if (interpreter.size > 0)
		return freebsd ? PROGRAM_FREEBSD : PROGRAM_OTHER;
	if (elf.type != TYPE_PROGRAM)
		return freebsd || bytes_have(bytes, "set_modmetadata_set") ? PROGRAM_FREEBSD_MODULE
									   : PROGRAM_OTHER;
	enum program kernel = kernel_of_banner(bytes);

	return kernel == PROGRAM_FREEBSD_KERNEL && !freebsd ? PROGRAM_OTHER : kernel;
}

static bool program_probe(struct span bytes)
{
	return program_of(bytes) != PROGRAM_OTHER;
}

static bool program_read(const struct place *place, struct span bytes, struct error *error)
{
	static const char *const others[] = {
		[PROGRAM_FREEBSD] = "a program of FreeBSD, not a kernel",
		[PROGRAM_NETBSD_KERNEL] = "a kernel of NetBSD, which this program does not read",
		[PROGRAM_OPENBSD_KERNEL] = "a kernel of OpenBSD, which this program does not read",
		[PROGRAM_DRAGONFLY_KERNEL] =
			"a kernel of DragonFly BSD, which this program does not read",
	};
	enum program program = program_of(bytes);

	if (program == PROGRAM_FREEBSD_MODULE)
		return place_entry(place, place_name(place), ENTRY_FILE, NULL, bytes, bytes.size,
				   WANT_BYTES, error);
	if (program != PROGRAM_FREEBSD_KERNEL)
		return fail(error, "%s", others[program]);
	place_layout(place, 0, bytes.size, "kernel", "elf, FreeBSD");
	return place_kernel(place, bytes, NULL, NULL, error);
}

const struct format format_program = {
	.kind = "program", .probe = program_probe, .read = program_read};

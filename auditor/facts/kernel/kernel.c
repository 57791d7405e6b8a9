/* SPDX-License-Identifier: ISC */
/* Reads release, banner, vermagic, machine, export table and BTF of a decompressed
 * kernel, ELF or raw (banner: Linux init/version.c, linux_banner). */
#include "facts/kernel/kernel.h"
#include "facts/kernel/kernel_machine.h"
#include "facts/kernel/ksymtab.h"
#include "unpack/firmware/payload.h"
#include "unpack/limits.h"

#include <ctype.h>

/* The kernel that kernel_read is reading. */
struct source {
	struct span bytes;
	bool is_elf;
	struct elf elf;
	const char *witness;
	struct arena *scratch;
	/* NULL, or why tables in BYTES may be those of another kernel inside of it */
	const char *second;
};

/* The text of a banner that begins at AT, up to the end of the line. */
static struct span banner_line(struct span bytes, size_t at)
{
	struct span line = span_head(span_skip(bytes, at), 1024);
	size_t size = 0;

	while (size < line.size && line.data[size] != '\n' && line.data[size] != 0)
		size++;
	return span_head(line, size);
}

/* The offset of the first banner at AT or behind it (Linux init/version.c,
 * linux_banner):
 *   "Linux version " release " (" user "@" host ") (" compiler ") #" number ...
 * SIZE_MAX: there is none; the format string "%s version %s (..." and other texts with
 * "Linux version" are none. NUMBERED: only one with the number of the build. Since 6.1
 * a kernel may have one without number and date as well (Linux init/version.c beside
 * init/version-timestamp.c). */
static size_t banner_find(const struct source *source, size_t at, bool numbered,
			  struct span *banner, struct span *release)
{
	static const struct span start = {(const uint8_t *)"Linux version ", 14};

	for (at = span_find(source->bytes, at, start); at != SIZE_MAX;
	     at = span_find(source->bytes, at + start.size, start)) {
		*banner = banner_line(source->bytes, at);

		struct span rest = *banner, token;

		if (!span_token(&rest, &token) || !span_token(&rest, &token) ||
		    !span_token(&rest, release) || !isdigit(release->data[0]) ||
		    release->size >= 128 || !span_starts(span_trim(rest), "(") ||
		    !span_contains(rest, "@") || !span_contains(rest, ") #"))
			continue;

		struct span number = span_skip(*banner, span_find(*banner, 0, SPAN_OF(") #")) + 3);

		if (!numbered || (number.size > 0 && isdigit(number.data[0])))
			return at;
	}
	return SIZE_MAX;
}

static bool banner_read(struct arena *arena, struct source *source, struct kernel *ret)
{
	struct span banner, release, other, unused;
	size_t at = banner_find(source, 0, true, &banner, &release), next = at;
	const char *witness;

	/* A kernel has one banner with a number. Where a raw one has another one as
	 * well, a second kernel is in its initramfs, and both may have an export table,
	 * a config and BTF. Those of an ELF kernel are in sections. */
	while (!source->is_elf && !source->second && next != SIZE_MAX) {
		next = banner_find(source, next + 1, true, &other, &unused);
		if (next != SIZE_MAX && !span_equal(other, banner))
			source->second = arena_format(
				arena,
				"%s: a second kernel is in it: the banners at 0x%zx and "
				"0x%zx differ",
				source->witness, at, next);
	}
	if (at == SIZE_MAX)
		at = banner_find(source, 0, false, &banner, &release);
	if (at == SIZE_MAX)
		return false;
	witness = arena_format(arena, "%s: banner at 0x%zx", source->witness, at);
	ret->banner = (struct fact){arena_string(arena, banner), witness};
	ret->release = (struct fact){arena_string(arena, release), witness};
	return true;
}

/* Some vendors remove the release from the banner. init_uts_ns, which uname(2) returns,
 * still has it; see unpack/firmware/payload.h. */
static bool uts_read(struct arena *arena, const struct source *source, struct kernel *ret)
{
	size_t at = kernel_uts(source->bytes);
	struct span release;

	if (at == SIZE_MAX ||
	    !span_string(span_head(span_skip(source->bytes, at + UTS_RELEASE), UTS_FIELD), 0,
			 &release))
		return false;
	ret->release =
		(struct fact){arena_string(arena, release),
			      arena_format(arena, "%s: init_uts_ns at 0x%zx", source->witness, at)};
	ret->banner.witness =
		arena_format(arena, "%s: no banner that names a release", source->witness);
	return true;
}

/* True if all words have the characters of include/linux/vermagic.h, and one of them is
 * a word that does not depend on the machine: in 2.6.10 to 2.6.17 the last one, gcc-4.1. */
static bool is_vermagic(struct span words)
{
	static const char *const sure[] = {"SMP", "preempt", "preempt_rt", "mod_unload",
					   "modversions"};
	struct span word;
	bool any = false;

	while (span_token(&words, &word)) {
		for (size_t i = 0; i < word.size; i++)
			if (!isalnum(word.data[i]) && !strchr("_-.", word.data[i]))
				return false;
		for (size_t i = 0; i < sizeof sure / sizeof *sure; i++)
			any |= span_is(word, sure[i]);
		any |= span_starts(word, "gcc-");
	}
	return any;
}

/* Finds the vermagic of kernel/module: release ' ' words NUL. A trailing blank is part
 * of it. */
static void vermagic_read(struct arena *arena, const struct source *source, struct kernel *ret)
{
	const char *release = ret->release.value ? ret->release.value : "";
	struct span start = span_text(arena_format(source->scratch, "%s ", release));
	struct span text;

	for (size_t at = *release ? span_find(source->bytes, 0, start) : SIZE_MAX; at != SIZE_MAX;
	     at = span_find(source->bytes, at + start.size, start)) {
		/* what is before a constant in the kernel is the NUL of another text,
		 * or any other data; else it is the end of a longer text */
		if (at > 0 && source->bytes.data[at - 1] >= ' ' &&
		    source->bytes.data[at - 1] <= '~')
			continue;
		if (!span_string(span_head(span_skip(source->bytes, at), 256), 0, &text) ||
		    !is_vermagic(span_skip(text, start.size)))
			continue;
		ret->vermagic.value = arena_string(arena, text);
		ret->vermagic.witness =
			arena_format(arena, "%s: vermagic at 0x%zx", source->witness, at);
		return;
	}
	ret->vermagic.witness = arena_format(arena, "%s: no string \"%s ...\" of a vermagic's form",
					     source->witness, release);
}

/* Finds a vermagic by its word mod_unload, which most kernels have, and returns the
 * release with which it begins (include/linux/vermagic.h: UTS_RELEASE " " ...). */
static bool vermagic_release(struct arena *arena, const struct source *source, struct fact *ret)
{
	static const struct span word = {(const uint8_t *)" mod_unload ", 12};
	struct span text, rest, release;

	for (size_t at = span_find(source->bytes, 0, word); at != SIZE_MAX;
	     at = span_find(source->bytes, at + 1, word)) {
		size_t start = at;

		while (start > 0 && at - start < 128 && source->bytes.data[start - 1] != 0)
			start--;
		if (!span_string(span_head(span_skip(source->bytes, start), 256), 0, &text))
			continue;
		rest = text;
		if (!span_token(&rest, &release) || !isdigit(release.data[0]) || !is_vermagic(rest))
			continue;
		*ret = (struct fact){
			arena_string(arena, release),
			arena_format(arena, "%s: vermagic at 0x%zx; the banner names no release",
				     source->witness, start)};
		return true;
	}
	return false;
}

/* Finds a banner that has the usual form but no release, and takes the release from the
 * vermagic. */
static bool nameless_read(struct arena *arena, const struct source *source, struct kernel *ret)
{
	size_t at = kernel_nameless(source->bytes);

	if (at == SIZE_MAX)
		return false;
	ret->banner =
		(struct fact){arena_string(arena, banner_line(source->bytes, at)),
			      arena_format(arena, "%s: banner at 0x%zx", source->witness, at)};
	if (!vermagic_release(arena, source, &ret->release))
		ret->release.witness = arena_format(arena,
						    "%s: the banner at 0x%zx names no release, and "
						    "there is no init_uts_ns and no vermagic",
						    source->witness, at);
	return true;
}

static void machine_read(struct arena *arena, const struct source *source, const char *architecture,
			 struct kernel *ret)
{
	const char *how;

	if (source->is_elf) {
		ret->machine = source->elf.machine;
		ret->machine_witness = arena_format(arena, "%s: ELF header", source->witness);
	} else if (machine_of_image(source->bytes, &ret->machine, &how)) {
		ret->machine_witness = arena_format(arena, "%s: %s", source->witness, how);
	} else if (machine_of_label(architecture, &ret->machine)) {
		ret->machine_witness = arena_format(arena, "%s: container says \"%s\"",
						    source->witness, architecture);
	} else {
		ret->machine_witness = arena_format(
			arena, "%s: neither the header nor the instructions show the machine",
			source->witness);
	}
}

static void exports_read(struct arena *arena, const struct source *source, struct kernel *ret)
{
	struct machine found;
	uint64_t base;
	struct span image = source->bytes;

	if (source->is_elf &&
	    ksymtab_from_elf(arena, source->scratch, &source->elf, source->witness, &ret->exports))
		return;
	if (source->is_elf) {
		struct span flat = elf_flatten(source->scratch, &source->elf, &base);

		image = flat.size > 0 ? flat : image;
	}
	if (source->second) {
		ret->exports.why = source->second;
		return;
	}
	ret->exports = ksymtab_recover(arena, image, source->witness, ret->machine, &found);
	if (source->is_elf || !ret->exports.source || ret->machine.elf == EM_NONE)
		return;
	/* the table's pointers are more reliable than instructions or a word
	 * in a header */
	ret->machine.endian = found.endian;
	ret->machine.bits = found.bits;
}

/* The BTF is in the section .BTF of an ELF kernel, or at __start_BTF in a raw image,
 * where it is searched by its header (include/asm-generic/vmlinux.lds.h). */
static void types_read(struct arena *arena, const struct source *source, struct kernel *ret)
{
	const struct elf_section *section =
		source->is_elf ? elf_section(&source->elf, ".BTF") : NULL;

	ret->btf_witness =
		arena_format(arena, section ? "%s: section .BTF" : "%s: no BTF", source->witness);
	if (section)
		ret->btf = btf_of_section(arena, section->bytes, source->elf.machine.endian);
	else if (source->second)
		ret->btf_witness = source->second;
	else if (!source->is_elf || source->elf.sections.count == 0)
		ret->btf = btf_find(arena, source->bytes, source->witness, &ret->btf_witness);
}

/* What the kernel's own messages show of its options. */
static void messages_read(struct span bytes, struct kernel *ret)
{
	/* Every kernel that loads modules has the second message, unless it was built
	 * without PRINTK. Only one that loads modules without versions has the first
	 * (Linux kernel/module/main.c, simplify_symbols, try_to_force_load; before
	 * 2.6.27 check_version). */
	if (span_contains(bytes, ": kernel tainted.\n"))
		ret->force_load = "y";
	else if (span_contains(bytes, "%s: Unknown symbol %s"))
		ret->force_load = "n";

	/* A kernel that only warns of a missing import of a namespace prints the same
	 * text with another level: "\0014", not "\0013" (kernel/module/main.c,
	 * verify_namespace_is_imported; include/linux/kern_levels.h). */
	if (span_contains(bytes, "\0013%s: module uses symbol (%s) from namespace %s, but"))
		ret->missing_imports = "n";
	else if (span_contains(bytes, "\0014%s: module uses symbol (%s) from namespace %s, but"))
		ret->missing_imports = "y";
}

bool kernel_read(struct arena *arena, struct span bytes, const char *witness, const char *label,
		 const char *architecture, struct kernel *ret, struct error *error)
{
	_cleanup_arena_ struct arena scratch = {.top = NULL};
	struct source source = {.witness = witness, .scratch = &scratch};
	struct kernel kernel = {.witness = witness, .label = label};

	if (bytes.size > LIMIT_KERNEL)
		return fail(error, "%s: too large for a kernel: %zu bytes", witness, bytes.size);
	if (kld_kernel_here(bytes))
		return kernel_freebsd_read(arena, bytes, witness, label, ret, error);

	struct error why;

	source.bytes = bytes;
	source.is_elf = elf_read(source.scratch, bytes, &source.elf, &why);
	if (!source.is_elf && span_starts(bytes, "\177ELF"))
		kernel.problem = arena_string(arena, span_text(why.text));
	if (!banner_read(arena, &source, &kernel) && !uts_read(arena, &source, &kernel) &&
	    !nameless_read(arena, &source, &kernel))
		return fail(error,
			    "%s: no \"Linux version\" banner in %zu bytes: not a Linux kernel",
			    witness, bytes.size);
	vermagic_read(arena, &source, &kernel);
	machine_read(arena, &source, architecture, &kernel);
	exports_read(arena, &source, &kernel);
	types_read(arena, &source, &kernel);
	kernel.second = source.second;
	if (!source.second)
		messages_read(bytes, &kernel);
	kernel.config = source.second ? NULL : ikconfig_read(arena, witness, bytes);
	kernel.config_witness =
		kernel.config ? kernel.config->witness
		: source.second
			? source.second
			: arena_format(arena, "%s: no IKCFG_ST in %zu bytes", witness, bytes.size);
	*ret = kernel;
	return true;
}

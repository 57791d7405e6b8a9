/* SPDX-License-Identifier: ISC */
/* Reads linker.hints (sys/sys/linker.h; usr.sbin/kldxref/kldxref.c; sys/kern/kern_linker.c,
 * linker_hints_lookup). Numbers have the byte order of the machine.
 *
 *   0  version 4 (1)
 *   then records: size 4 (of what follows), type 4, and by type
 *     2 MODULE   text module, text file
 *     3 VERSION  text interface, padding to 4, version 4, text file
 *     4 PNP      text bus, text fields, ...
 *   text: size 1, bytes */
#include "facts/freebsd/kld_hints.h"
#include "unpack/limits.h"

enum { HINTS_VERSION = 1 };
#define HINTS_MOST MIB /* LINKER_HINTS_MAX: the kernel ignores a larger file */

static bool text_read(struct span record, uint64_t *at, struct span *ret)
{
	uint8_t size;

	if (!span_u8(record, *at, &size) || !span_cut(record, *at + 1, size, ret))
		return false;
	*at += 1 + (uint64_t)size;
	return true;
}

/* RECORD begins with its type. */
static bool hint_read(struct arena *arena, struct map *names, struct span record, uint32_t type,
		      struct kld_hints *ret)
{
	struct span name, file = {NULL, 0};
	uint32_t version = 0;
	uint64_t at = 4;

	if (!text_read(record, &at, &name))
		return false;
	if (type == HINT_VERSION) {
		at = (at + 3) / 4 * 4;
		if (!span_u32(record, at, ret->endian, &version))
			return false;
		at += 4;
	}
	if (type != HINT_PNP && !text_read(record, &at, &file))
		return false;
	*array_add(arena, ret) =
		(struct kld_hint){.type = (enum hint_type)type,
				  .name = map_intern(names, arena, name),
				  .version = (int32_t)version,
				  .file = type == HINT_PNP ? NULL : map_intern(names, arena, file)};
	return true;
}

/* The name of what is wrong with the record at AT, or NULL. RET_NEXT is
 * the next record. */
static const char *record_read(struct arena *arena, struct map *names, struct span bytes,
			       uint64_t at, uint64_t *ret_next, struct kld_hints *ret)
{
	struct span record;
	uint32_t size, type;

	if (!span_u32(bytes, at, ret->endian, &size))
		return "is cut off";
	if (size < 4 || size % 4 != 0)
		return "has an impossible size";
	if (!span_cut(bytes, at + 4, size, &record) || !span_u32(record, 0, ret->endian, &type))
		return "reaches beyond the file";
	*ret_next = at + 4 + size;
	if (type < HINT_MODULE || type > HINT_PNP)
		return NULL; /* the kernel skips types that it does not know */
	return hint_read(arena, names, record, type, ret) ? NULL : "has a text beyond its end";
}

static bool modules_whole(const struct kld_hints *hints)
{
	struct map seen = {0};
	_cleanup_arena_ struct arena scratch = {0};
	uint32_t files = 0;

	array_each(hint, hints) {
		if (hint->type != HINT_MODULE)
			continue;
		if (map_put(&seen, &scratch, hint->file, files) != files)
			return true;
		files++;
	}
	return false;
}

struct kld_hints kld_hints_read(struct arena *arena, struct map *names, const char *directory,
				const char *witness, struct span bytes)
{
	struct kld_hints ret = {.directory = directory, .witness = witness};
	uint64_t at = 4, next = 0;
	uint32_t little, big, version = 0;
	bool there =
		span_u32(bytes, 0, ENDIAN_LITTLE, &little) && span_u32(bytes, 0, ENDIAN_BIG, &big);

	if (there) {
		ret.endian = big == HINTS_VERSION ? ENDIAN_BIG : ENDIAN_LITTLE;
		/* an unknown version is a small number in one of the two orders */
		version = big < little ? big : little;
	}
	if (bytes.size > HINTS_MOST)
		ret.problem = arena_format(arena, "it has %zu bytes, more than the kernel reads",
					   bytes.size);
	else if (!there)
		ret.problem = "it is cut off before its version";
	else if (version != HINTS_VERSION)
		ret.problem = arena_format(arena, "its version is %u, the kernel reads only %d",
					   version, HINTS_VERSION);
	while (!ret.problem && at < bytes.size) {
		const char *wrong = record_read(arena, names, bytes, at, &next, &ret);

		ret.torn = wrong != NULL;
		if (wrong)
			ret.problem = arena_format(arena, "its record at 0x%llx %s",
						   (unsigned long long)at, wrong);
		at = next;
	}
	ret.modules_whole = modules_whole(&ret);
	return ret;
}

/* SPDX-License-Identifier: ISC */
/* Scans firmware bytes for kernels, root file systems and other containers and opens
 * them, for images without a known header and for what lies behind a known part. */
#include "unpack/firmware/flash.h"
#include "unpack/squashfs/squashfs_super.h"

#include "base/array.h"

enum { FLASH_LEAST = 16 << 10, BEHIND_LEAST = 4096 };

struct flash flash_begin(const struct place *place, struct span bytes)
{
	return (struct flash){
		.place = place,
		.bytes = bytes,
		.search = {.place = place, .budget = KERNEL_BUDGET},
		.furthest = TRY_LEAST,
	};
}

struct place flash_beside(const struct place *place, uint64_t offset)
{
	struct place beside = *place;

	if (beside.depth == 0)
		beside.offset += offset;
	beside.nesting++;
	return beside;
}

void flash_known(struct flash *flash, uint64_t from, uint64_t to)
{
	*array_add(flash->place->scratch, &flash->ranges) = (struct flash_range){from, to};
}

/* Records something that was recognised but cannot be read; the scan
 * continues after it. */
static void unreadable(struct flash *flash, const struct place *place, const char *what,
		       const char *why)
{
	*array_add(flash->place->scratch, &flash->broken) = arena_format(
		flash->place->scratch, "%s: %s", place_at(place, what, place->offset), why);
}

static void open_foreign(struct flash *flash, const char *what, uint64_t at, uint64_t size,
			 uint64_t *next)
{
	struct place place = flash_beside(flash->place, at);
	uint64_t left = flash->bytes.size - at;

	place_layout(&place, 0, size <= left ? size : 0, "foreign", what);
	unreadable(flash, &place, what, "it cannot be read");
	*next = at + (size > 0 && size <= left ? size : 1);
}

static bool open_root(struct flash *flash, uint64_t at, uint64_t *next, struct error *error)
{
	struct span bytes = span_skip(flash->bytes, at);
	struct place place = flash_beside(flash->place, at);
	uint64_t size;
	const char *foreign = squashfs_foreign(place.scratch, bytes, false, &size);

	if (foreign) {
		open_foreign(flash, foreign, at, size, next);
		return true;
	}
	const char *cut = squashfs_cut_short(place.scratch, bytes, &size);
	if (cut)
		return fail(error, "%s at 0x%llx: truncated: %llu bytes expected, %zu present", cut,
			    (unsigned long long)place.offset, (unsigned long long)size, bytes.size);
	if (!squashfs_here(bytes, &size))
		return true;
	*next = at + size;
	if (flash->roots >= LIMIT_TRIES) {
		unreadable(flash, &place, "squashfs",
			   arena_format(place.scratch,
					"not examined: the limit of %d candidates is reached",
					LIMIT_TRIES));
		return true;
	}
	flash->roots++;
	flash_known(flash, at, *next);
	return format_squashfs.read(&place, span_head(bytes, size), error);
}

/* Opens a kernel that begins at AT. If it is damaged, that is only recorded, because
 * the bytes may be something else. */
static bool open_kernel(struct flash *flash, uint64_t at, uint64_t *next, struct error *error)
{
	struct kernel_search *search = &flash->search;
	struct place place = flash_beside(flash->place, at), inner;
	const char *what = place_at(&place, "kernel", place.offset);
	struct error why = {0};

	if (kernel_spent(search))
		return true;
	inner = place;
	inner.witness = arena_format(place.scratch, "%s: %s", place.witness, what);
	search->place = &inner;
	search->architecture = NULL;
	search->reached = 0;

	bool ok = kernel_begin(search, span_skip(flash->bytes, at), &why);
	search->place = flash->place;
	if (search->found && !ok)
		return fail(error, "%s: %s", what, why.text);
	if (!ok && search->reached >= flash->furthest) {
		within(&why, "%s", place_at(&place, "a possible kernel", place.offset));
		flash->worst = why;
		flash->furthest = search->reached;
	}
	if (search->used)
		*next = at + search->used;
	if (search->found) {
		flash->kernels++;
		flash_known(flash, at, *next);
	}
	return true;
}

/* The start of a kernel whose magic is at AT; SIZE_MAX if there is none. */
static size_t wrapped_start(struct span bytes, size_t from, size_t at)
{
	static const struct {
		struct span magic;
		size_t offset;
	} marks[] = {
		{SPAN_OF("\177ELF"), 0},
		{SPAN_OF("zimg"), 4},
		{SPAN_OF("HdrS"), 0x202},
		{SPAN_OF("\x18\x28\x6f\x01"), 0x24},
		{SPAN_OF("\x01\x6f\x28\x18"), 0x24},
	};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		struct wrapping wrapping;

		if (at < from + marks[i].offset || !span_has(bytes, at, marks[i].magic))
			continue;

		size_t start = at - marks[i].offset;
		if (wrapping_of(span_skip(bytes, start), &wrapping) &&
		    wrapping.payload_size >= 0x10000)
			return start;
	}
	return SIZE_MAX;
}

static bool open_container(struct flash *flash, const struct format *format, uint64_t at,
			   uint64_t *next, struct error *error)
{
	struct place place = flash_beside(flash->place, at);
	struct span bytes = span_skip(flash->bytes, at);
	uint64_t size = format->extent ? format->extent(bytes) : bytes.size;
	struct error why = {0};

	if (place.nesting > LIMIT_NESTING)
		return fail(error, "containers are nested more than %d deep", LIMIT_NESTING);
	*next = at + size;
	if (!format->extent) {
		flash->others++;
		flash_known(flash, at, *next);
		return format->read(&place, bytes, error);
	}
	if (format->read(&place, span_head(bytes, size), &why)) {
		flash->others++;
		flash_known(flash, at, *next);
	} else {
		*array_add(place.scratch, &flash->broken) =
			arena_string(place.scratch, span_text(why.text));
	}
	return true;
}

/* Opens whatever begins, or has its magic, at AT. NEXT is advanced if its
 * end is known. */
static bool look_at(struct flash *flash, uint64_t from, uint64_t at, uint64_t *next,
		    struct error *error)
{
	struct span bytes = flash->bytes, rest = span_skip(bytes, at);
	const struct format *format;
	struct wrapping bare;
	const char *foreign;
	size_t start, back;

	if (squashfs_magic(rest))
		return open_root(flash, at, next, error);
	if (at % 4 == 0 && uimage_here(rest))
		return uimage_open(flash, at, next, error);
	format = at % 4 == 0 ? flash_container(rest) : NULL;
	if (format)
		return open_container(flash, format, at, next, error);
	foreign = flash_foreign(bytes, at, &back);
	if (foreign && at - back >= from) {
		open_foreign(flash, foreign, at - back, 0, next);
		return true;
	}
	start = at % 4 == 0 && wrapping_bare(rest, &bare) ? at : wrapped_start(bytes, from, at);
	if (start != SIZE_MAX || payload_at(bytes, at) != COMPRESSION_NONE)
		return open_kernel(flash, start != SIZE_MAX ? start : at, next, error);
	return true;
}

static bool known_end(const struct flash *flash, uint64_t at, uint64_t *ret_end)
{
	for (size_t i = 0; i < flash->ranges.count; i++) {
		const struct flash_range *range = &flash->ranges.list[i];

		if (at >= range->from && at < range->to) {
			*ret_end = range->to;
			return true;
		}
	}
	return false;
}

/* Looks for a raw kernel, whose only mark is its banner, between two recognised
 * parts. If a stream was damaged, the banner alone is not enough, because lz4 and
 * lzo may leave it readable; nor after a root file system, where a device may
 * have logged it. */
static bool look_for_raw(struct flash *flash, uint64_t from, struct error *error)
{
	for (size_t i = 0; i <= flash->ranges.count && flash->kernels == 0; i++) {
		uint64_t to =
			i < flash->ranges.count ? flash->ranges.list[i].from : flash->bytes.size;
		bool doubtful = flash->worst.text[0] || flash->behind;
		struct span gap;
		uint64_t next = 0;

		if (to > from && span_cut(flash->bytes, from, to - from, &gap) &&
		    (doubtful ? kernel_sure(gap) : kernel_here(gap))) {
			struct flash alone = *flash;

			alone.bytes = span_head(flash->bytes, to);
			if (!open_kernel(&alone, from, &next, error))
				return false;
			flash->kernels += alone.kernels;
			return true;
		}
		from = i < flash->ranges.count ? flash->ranges.list[i].to : to;
	}
	return true;
}

bool flash_scan(struct flash *flash, uint64_t from, struct error *error)
{
	uint64_t start = from;

	for (uint64_t at = from; at < flash->bytes.size;) {
		uint64_t next = at;

		if (known_end(flash, at, &next)) {
			from = at = next;
			continue;
		}
		next = flash_run(flash->bytes, at);
		if (next > at) {
			at = next;
			continue;
		}
		next = at + 1;
		if (flash_worth(flash->bytes.data + at, flash->bytes.size - at, at % 4 == 0) &&
		    !look_at(flash, from, at, &next, error))
			return false;
		if (next > at + 1)
			from = next;
		at = next > at ? next : at + 1;
	}
	if (!look_for_raw(flash, start, error))
		return false;
	/* Damaged parts are reported as unread if anything else was found. Otherwise flash_end
	 * fails with them. */
	if (flash->ranges.count == 0)
		return true;
	array_each(text, &flash->broken)
		place_unread(flash->place, "%s", *text);
	flash->broken.count = 0;
	if (flash->kernels == 0 && flash->worst.text[0])
		place_unread(flash->place, "%s", flash->worst.text);
	return true;
}

bool flash_behind(const struct place *place, struct span bytes, uint64_t used, struct error *error)
{
	struct flash flash = flash_begin(place, bytes);

	if (used >= bytes.size || bytes.size - used < BEHIND_LEAST)
		return true;
	flash.behind = true;
	flash_known(&flash, 0, used);
	return flash_scan(&flash, used, error);
}

enum { ENTROPY_HIGH = 795 }; /* hundredths of a bit per byte; encrypted bytes have 799 and more */

bool flash_end(const struct flash *flash, struct error *error)
{
	unsigned bits = entropy_of(flash->bytes);

	if (flash->kernels || flash->roots || flash->others)
		return true;
	if (flash->broken.count > 0)
		return fail(error, "%s", strings_join(flash->place->scratch, &flash->broken, 2));
	if (flash->worst.text[0])
		return fail(error, "no kernel and no squashfs found; %s", flash->worst.text);
	if (flash->place->lenient && bits < ENTROPY_HIGH)
		return true;
	return fail(error,
		    "no kernel (uimage, elf, bzimage, zimage, gzip, xz, lzma, zstd, lz4, bzip2 or "
		    "lzo) and no squashfs found anywhere in %zu bytes%s",
		    flash->bytes.size,
		    bits < ENTROPY_HIGH
			    ? ""
			    : arena_format(flash->place->scratch,
					   ", which look encrypted or obfuscated: %u.%02u bits "
					   "of entropy per byte",
					   bits / 100, bits % 100));
}

bool flash_all(const struct place *place, struct span bytes, uint64_t from, struct error *error)
{
	struct flash flash = flash_begin(place, bytes);

	return flash_scan(&flash, from, error) && flash_end(&flash, error);
}

/* Accepts anything large enough that is not text, a module or program (ELF), or
 * an apk package. */
static bool flash_probe(struct span bytes)
{
	struct span head = span_head(bytes, 4096);

	if (bytes.size < FLASH_LEAST || span_starts(bytes, "\177ELF") || span_starts(bytes, "ADB"))
		return false;
	/* 0xff is erased flash, and does not occur in ASCII or UTF-8 */
	for (size_t i = 0; i < head.size; i++) {
		if (head.data[i] < 9 || (head.data[i] > 13 && head.data[i] < 32) ||
		    head.data[i] == 0xff)
			return true;
	}
	return false;
}

static bool flash_read(const struct place *place, struct span bytes, struct error *error)
{
	struct flash flash = flash_begin(place, bytes);

	place_layout(place, 0, bytes.size, "scan",
		     "unknown container: searched all of it for kernels and squashfs");
	if (!flash_scan(&flash, 0, error))
		return false;
	if (place->optional && !flash.kernels && !flash.roots && !flash.others &&
	    !flash.worst.text[0] && flash.broken.count == 0) {
		place_layout(place, 0, bytes.size, "unknown",
			     "it contains no kernel and no root file system");
		return true;
	}
	return flash_end(&flash, error);
}

const struct format format_flash = {
	.kind = "scan", .image = true, .probe = flash_probe, .read = flash_read};

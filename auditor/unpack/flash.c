#include "unpack/flash.h"

#include "base/array.h"

enum { FLASH_LEAST = 16 << 10 };

struct flash flash_begin(const struct place *place, struct span bytes)
{
	return (struct flash){
		.place = place,
		.bytes = bytes,
		.search = {.place = place, .tries = LIMIT_TRIES, .budget = KERNEL_BUDGET},
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

size_t flash_root(struct span bytes, size_t from, uint64_t *ret_size)
{
	const struct span magic = SPAN_OF("hsqs");

	for (size_t at = span_find(bytes, from, magic); at != SIZE_MAX; at = span_find(bytes, at + 1, magic)) {
		if (squashfs_here(span_skip(bytes, at), ret_size))
			return at;
	}
	return SIZE_MAX;
}

/* A squashfs super block (see squashfs.c) that is sound but tells of more bytes than there are. */
static bool root_cut_short(struct span bytes, uint64_t *ret_size)
{
	uint32_t block;
	uint16_t compression, log, major;

	return span_u32(bytes, 12, ENDIAN_LITTLE, &block) && span_u16(bytes, 20, ENDIAN_LITTLE, &compression) &&
	       span_u16(bytes, 22, ENDIAN_LITTLE, &log) && span_u16(bytes, 28, ENDIAN_LITTLE, &major) && major == 4 &&
	       compression >= 1 && compression <= 6 && log >= 12 && log <= 20 && block == (uint32_t)1 << log &&
	       span_u64(bytes, 40, ENDIAN_LITTLE, ret_size) && *ret_size > bytes.size && *ret_size < LIMIT_TOTAL;
}

static bool open_root(struct flash *flash, uint64_t at, uint64_t *next, struct error *error)
{
	struct span bytes = span_skip(flash->bytes, at);
	struct place place = flash_beside(flash->place, at);
	uint64_t size;

	if (root_cut_short(bytes, &size))
		return fail(error, "squashfs at 0x%llx: cut short: it has %llu bytes, %zu are there",
			    (unsigned long long)place.offset, (unsigned long long)size, bytes.size);
	if (!squashfs_here(bytes, &size) || flash->roots >= LIMIT_TRIES)
		return true;
	flash->roots++;
	*next = at + size;
	flash_known(flash, at, *next);
	return format_squashfs.read(&place, span_head(bytes, size), error);
}

/* A kernel that begins at AT. One that is broken is remembered, not believed: the bytes may be something else. */
static bool open_kernel(struct flash *flash, uint64_t at, uint64_t *next, struct error *error)
{
	struct kernel_search *search = &flash->search;
	struct place place = flash_beside(flash->place, at), inner;
	const char *what = place_at(&place, "kernel", place.offset);
	struct error why = {0};

	if (search->tries == 0 || search->budget == 0)
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
		within(&why, "%s", place_at(&place, "what looks like a kernel", place.offset));
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

/* Where the kernel would begin whose mark lies at AT; SIZE_MAX when there is none. */
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
		if (wrapping_of(span_skip(bytes, start), &wrapping) && wrapping.payload_size >= 0x10000)
			return start;
	}
	return SIZE_MAX;
}

/* Containers that take all of the flash behind their start, or look behind themselves. */
static const struct format *container_of(struct span bytes)
{
	static const struct {
		struct span magic;
		const struct format *format;
	} containers[] = {
		{SPAN_OF("UBI#"), &format_ubi},
		{SPAN_OF("\xd0\x0d\xfe\xed"), &format_fit},
		{SPAN_OF("\x31\x18\x10\x06"), &format_ubifs},
		{SPAN_OF("\x85\x19"), &format_jffs2},
		{SPAN_OF("\x19\x85"), &format_jffs2},
	};

	for (size_t i = 0; i < sizeof containers / sizeof *containers; i++)
		if (span_has(bytes, 0, containers[i].magic) && containers[i].format->probe(bytes))
			return containers[i].format;
	return NULL;
}

static bool open_container(struct flash *flash, const struct format *format, uint64_t at, uint64_t *next,
			   struct error *error)
{
	struct place place = flash_beside(flash->place, at);

	if (place.nesting > LIMIT_NESTING)
		return fail(error, "more than %d containers inside each other", LIMIT_NESTING);
	flash->others++;
	*next = flash->bytes.size;
	flash_known(flash, at, *next);
	return format->read(&place, span_skip(flash->bytes, at), error);
}

/* Opens whatever begins, or has its mark, at AT. NEXT moves on when it is known how far that goes. */
static bool look_at(struct flash *flash, uint64_t from, uint64_t at, uint64_t *next, struct error *error)
{
	struct span bytes = flash->bytes, rest = span_skip(bytes, at);
	const struct format *format;
	size_t start;

	if (span_starts(rest, "hsqs"))
		return open_root(flash, at, next, error);
	if (at % 4 == 0 && uimage_here(rest))
		return uimage_open(flash, at, next, error);
	format = at % 4 == 0 ? container_of(rest) : NULL;
	if (format)
		return open_container(flash, format, at, next, error);
	start = wrapped_start(bytes, from, at);
	if (start != SIZE_MAX || payload_at(bytes, at) != COMPRESSION_NONE)
		return open_kernel(flash, start != SIZE_MAX ? start : at, next, error);
	return true;
}

/* Cheap, and never false where look_at() would find something. */
static bool worth_a_look(const uint8_t *at, size_t left, bool aligned)
{
	if (left < 14)
		return false;
	if (aligned && left >= 64 && at[30] > 0 && at[30] < 48 && at[31] < 16 && at[28] < 48 && at[29] < 48)
		return true;
	return payload_maybe(at, left) || at[0] == 'h' || at[0] == 0x7f || at[0] == 'z' || at[0] == 'H' ||
	       at[0] == 'U' || at[0] == 0xd0 || at[0] == 0x31 || at[0] == 0x19 || at[0] == 0x85 ||
	       (at[0] == 0x18 && at[1] == 0x28) || (at[0] == 1 && at[1] == 0x6f);
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

static bool is_raw(const struct flash *flash, struct span gap)
{
	return flash->worst.text[0] ? kernel_sure(gap) : kernel_banner(gap) != SIZE_MAX;
}

/* Raw kernels have no mark but their banner: what lies between two known things is taken as one. Where a stream broke, the
 * banner alone is not enough, for lz4 and lzo may leave it in the clear. */
static bool look_for_raw(struct flash *flash, uint64_t from, struct error *error)
{
	for (size_t i = 0; i <= flash->ranges.count && flash->kernels == 0; i++) {
		uint64_t to = i < flash->ranges.count ? flash->ranges.list[i].from : flash->bytes.size;
		struct span gap;
		uint64_t next = 0;

		if (to > from && span_cut(flash->bytes, from, to - from, &gap) && is_raw(flash, gap)) {
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
		uint64_t next = at + 1;

		if (known_end(flash, at, &next)) {
			from = at = next;
			continue;
		}
		if (worth_a_look(flash->bytes.data + at, flash->bytes.size - at, at % 4 == 0) &&
		    !look_at(flash, from, at, &next, error))
			return false;
		if (next > at + 1)
			from = next;
		at = next > at ? next : at + 1;
	}
	return look_for_raw(flash, start, error);
}

bool flash_end(const struct flash *flash, struct error *error)
{
	unsigned bits = entropy_of(flash->bytes);

	if (flash->kernels || flash->roots || flash->others)
		return true;
	if (flash->worst.text[0])
		return fail(error, "no kernel and no squashfs found; %s", flash->worst.text);
	return fail(error,
		    "no kernel (uimage, elf, bzimage, zimage, gzip, xz, lzma, zstd, lz4, bzip2 or lzo) and no squashfs "
		    "found "
		    "anywhere in %zu bytes%s",
		    flash->bytes.size,
		    bits < 795 ? ""
			       : arena_format(flash->place->scratch,
					      ", which look encrypted or obfuscated: %u.%02u bits of entropy a byte",
					      bits / 100, bits % 100));
}

static bool is_text(struct span bytes)
{
	for (size_t i = 0; i < bytes.size; i++) {
		if (bytes.data[i] < 9 || (bytes.data[i] > 13 && bytes.data[i] < 32))
			return false;
	}
	return true;
}

/* Anything large enough that is neither text, nor a module or program (ELF), nor an apk package. */
static bool flash_probe(struct span bytes)
{
	return bytes.size >= FLASH_LEAST && !span_starts(bytes, "\177ELF") && !span_starts(bytes, "ADB") &&
	       !is_text(span_head(bytes, 4096));
}

static bool flash_read(const struct place *place, struct span bytes, struct error *error)
{
	struct flash flash = flash_begin(place, bytes);

	place_layout(place, 0, bytes.size, "scan", "no container known here: looked for kernels and squashfs anywhere");
	if (!flash_scan(&flash, 0, error))
		return false;
	if (place->optional && !flash.kernels && !flash.roots && !flash.others && !flash.worst.text[0]) {
		place_layout(place, 0, bytes.size, "unknown", "no kernel and no root file system found in it");
		return true;
	}
	return flash_end(&flash, error);
}

const struct format format_flash = {"scan", flash_probe, flash_read};

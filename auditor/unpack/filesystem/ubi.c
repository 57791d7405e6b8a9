/* SPDX-License-Identifier: ISC */
/* Reads a UBI image: finds its erase blocks, assembles the volumes and opens them
 * (format: Linux drivers/mtd/ubi/ubi-media.h). */
#include "base/array.h"
#include "base/digest.h"
#include "unpack/reader.h"

#include <string.h>

/* UBI (Linux drivers/mtd/ubi/ubi-media.h), big-endian. The image consists of physical erase
 * blocks of one size, each with
 *
 *   0x00 "UBI#"   0x04 version 1   0x10 offset of the VID header   0x14 offset of the data
 *       0x18 number of the image
 *   0x3c crc32 of these 60 bytes
 *
 * and, if it is used, a VID header:
 *
 *   0x00 "UBI!"   0x04 version 1   0x05 type: 1 dynamic, 2 static   0x08 volume
 *       0x0c logical block
 *   0x14 data size   0x18 used blocks (static)   0x1c data pad   0x20 data crc32
 *       0x28 sequence number u64   0x3c crc32
 *
 * Of two blocks with the same volume and logical block, the one with the higher sequence number
 * is newer. The volume 0x7fffefff is the table of volumes, 172 bytes each:
 *   0x08 data pad  0x0c type  0x0e name length u16  0x10 name[128]  0xa8 crc32 of the rest
 * All crc32 start at all ones and are not inverted at the end. */
enum { HEADER = 64, HEADER_CRC = 60, RECORD = 172, RECORD_CRC = 168, VOLUMES_MOST = 128 };
enum { STATIC_VOLUME = 2, PEB_LEAST = 4096, PEB_MOST = 4 << 20, BLOCKS_MOST = 1 << 17 };

static const uint32_t layout_volume = 0x7fffefff;

struct leb {
	uint32_t volume, number;
	uint64_t sequence;
	uint64_t offset; /* offset of its data in the image */
	uint32_t data_size, used, pad, crc; /* USED: the number of blocks of a static volume */
	uint8_t type;
};

struct lebs {
	struct leb *list;
	size_t count, room;
};

struct ubi {
	const struct place *place;
	struct span bytes;
	uint64_t peb_size, vid_offset, data_offset;
	struct lebs lebs; /* sorted by volume and number, once each */
};

static uint32_t ubi_crc(struct span span)
{
	return ~crc32_of(0, span);
}

static bool header_sound(struct span bytes, uint64_t offset, struct span magic, struct span *ret)
{
	uint32_t crc;

	return span_cut(bytes, offset, HEADER, ret) && span_starts(*ret, "UBI") &&
	       span_has(*ret, 0, magic) && span_u32(*ret, HEADER_CRC, ENDIAN_BIG, &crc) &&
	       crc == ubi_crc(span_head(*ret, HEADER_CRC));
}

static bool ubi_probe(struct span bytes)
{
	struct span header;

	return header_sound(bytes, 0, SPAN_OF("UBI#"), &header);
}

/* Reduces SIZE if a block begins at an offset that is not a multiple of it: bad blocks,
 * which have no header, may follow the first one. A header before DATA, the offset of a
 * block's data, belongs to a UBI inside a volume. */
static uint64_t peb_narrow(struct span bytes, uint64_t size, uint32_t data)
{
	enum { BLOCKS = 64 };
	struct span next;

	for (uint64_t at = PEB_LEAST; at < bytes.size && at < BLOCKS * size; at += PEB_LEAST) {
		uint64_t divisor = at & -at;

		if (divisor < size && divisor > data &&
		    header_sound(bytes, at, SPAN_OF("UBI#"), &next))
			size = divisor;
	}
	return size;
}

/* The distance to the next erase counter header. It is a power of two, except for
 * chips whose pages are not (DataFlash). If there is no other header, the image is
 * a single block. */
static uint64_t peb_find(struct span bytes, uint32_t data)
{
	enum { STEP = 512 };
	struct span next;

	for (uint64_t size = PEB_LEAST; size <= PEB_MOST; size *= 2)
		if (header_sound(bytes, size, SPAN_OF("UBI#"), &next))
			return peb_narrow(bytes, size, data);
	for (uint64_t size = PEB_LEAST; size <= PEB_MOST && size < bytes.size; size += STEP)
		if (header_sound(bytes, size, SPAN_OF("UBI#"), &next))
			return size;
	return bytes.size;
}

static bool geometry_read(struct ubi *ubi, struct error *error)
{
	struct span header;
	uint32_t vid, data;

	header_sound(ubi->bytes, 0, SPAN_OF("UBI#"), &header);
	vid = head_u32(header, 0x10, ENDIAN_BIG);
	data = head_u32(header, 0x14, ENDIAN_BIG);
	ubi->peb_size = peb_find(ubi->bytes, data);
	if (vid < HEADER || data < vid + HEADER || data >= ubi->peb_size)
		return fail(error, "the header of the first block states data at %u of %llu bytes",
			    data, (unsigned long long)ubi->peb_size);
	if (ubi->bytes.size / ubi->peb_size > BLOCKS_MOST)
		return fail(error, "more than %d erase blocks", BLOCKS_MOST);
	ubi->vid_offset = vid;
	ubi->data_offset = data;
	return true;
}

/* The bytes up to the last block with a valid header, or to the first one of another UBI: all
 * blocks of a UBI have the same image number (drivers/mtd/ubi/attach.c, scan_peb); 0 was written
 * before there were numbers. */
static uint64_t ubi_extent(struct span bytes)
{
	struct ubi ubi = {.bytes = bytes};
	struct error ignored;
	struct span header;
	uint64_t end = 0;
	uint32_t image = 0;

	if (!geometry_read(&ubi, &ignored))
		return bytes.size;
	for (uint64_t at = 0; at < bytes.size; at += ubi.peb_size) {
		if (!header_sound(bytes, at, SPAN_OF("UBI#"), &header))
			continue;

		uint32_t own = head_u32(header, 0x18, ENDIAN_BIG);
		if (image == 0)
			image = own;
		if (own != 0 && own != image)
			break;
		end = at + ubi.peb_size;
	}
	return end < bytes.size ? end : bytes.size;
}

/* Reads a block. *USED is false for an empty or bad block. */
static bool block_read(struct ubi *ubi, uint64_t at, struct leb *leb, bool *used,
		       struct error *error)
{
	struct span header, vid, block = span_head(span_skip(ubi->bytes, at), ubi->peb_size);

	*used = false;
	if (!header_sound(ubi->bytes, at, SPAN_OF("UBI#"), &header)) {
		/* flash tools skip a bad block, which stays all ones or all zeros */
		if (span_filled(block, 0xff) || span_filled(block, 0))
			return true;
		return fail(error, "block at 0x%llx: no valid erase counter header: data corrupted",
			    (unsigned long long)(ubi->place->offset + at));
	}
	if (block.size < ubi->peb_size)
		return fail(error, "block at 0x%llx: truncated",
			    (unsigned long long)(ubi->place->offset + at));
	if (!header_sound(ubi->bytes, at + ubi->vid_offset, SPAN_OF("UBI!"), &vid)) {
		if (span_filled(span_head(span_skip(block, ubi->vid_offset), HEADER), 0xff))
			return true;
		return fail(error, "block at 0x%llx: invalid volume header: data corrupted",
			    (unsigned long long)(ubi->place->offset + at));
	}
	leb->type = head_u8(vid, 0x05);
	leb->volume = head_u32(vid, 0x08, ENDIAN_BIG);
	leb->number = head_u32(vid, 0x0c, ENDIAN_BIG);
	leb->data_size = head_u32(vid, 0x14, ENDIAN_BIG);
	leb->used = head_u32(vid, 0x18, ENDIAN_BIG);
	leb->pad = head_u32(vid, 0x1c, ENDIAN_BIG);
	leb->crc = head_u32(vid, 0x20, ENDIAN_BIG);
	leb->sequence = head_u64(vid, 0x28, ENDIAN_BIG);
	leb->offset = at + ubi->data_offset;
	*used = true;
	return true;
}

static int leb_compare(const void *a, const void *b)
{
	const struct leb *x = a, *y = b;

	if (x->volume != y->volume)
		return x->volume < y->volume ? -1 : 1;
	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	/* the newest first */
	return x->sequence > y->sequence ? -1 : x->sequence < y->sequence;
}

static bool lebs_read(struct ubi *ubi, struct error *error)
{
	size_t kept = 0;

	for (uint64_t at = 0; at < ubi->bytes.size; at += ubi->peb_size) {
		struct leb leb;
		bool used;

		if (!block_read(ubi, at, &leb, &used, error))
			return false;
		if (used)
			*array_add(ubi->place->scratch, &ubi->lebs) = leb;
	}
	array_sort(&ubi->lebs, leb_compare);
	for (size_t i = 0; i < ubi->lebs.count; i++) {
		const struct leb *leb = &ubi->lebs.list[i];

		if (kept == 0 || ubi->lebs.list[kept - 1].volume != leb->volume ||
		    ubi->lebs.list[kept - 1].number != leb->number)
			ubi->lebs.list[kept++] = *leb;
	}
	ubi->lebs.count = kept;
	return true;
}

/* Assembles the bytes of a volume. Logical blocks that are not mapped are all ones, as
 * in the kernel. */
static bool volume_bytes(const struct ubi *ubi, struct arena *arena, size_t first, size_t count,
			 struct span *ret, struct error *error)
{
	const struct leb *lebs = &ubi->lebs.list[first];
	uint64_t room = ubi->peb_size - ubi->data_offset, size;
	bool is_static = lebs[0].type == STATIC_VOLUME;

	if (lebs[0].pad >= room)
		return fail(error, "data pad of %u bytes is as large as a block", lebs[0].pad);
	room -= lebs[0].pad;
	size = ((uint64_t)lebs[count - 1].number + 1) * room;
	if (size > LIMIT_FILE)
		return fail(error, "with block %u it is larger than %llu MiB",
			    lebs[count - 1].number, (unsigned long long)(LIMIT_FILE / MIB));
	if (!place_account(ubi->place, size, error))
		return false;

	uint8_t *bytes = memset(arena_raw(arena, size + 1), 0xff, size);
	uint64_t end = size;
	for (size_t i = 0; i < count; i++) {
		uint64_t length = is_static ? lebs[i].data_size : room;
		struct span data;

		if (length > room || !span_cut(ubi->bytes, lebs[i].offset, length, &data))
			return fail(
				error,
				"logical block %u has %llu bytes of data, but %llu is the maximum",
				lebs[i].number, (unsigned long long)length,
				(unsigned long long)room);
		if (is_static && ubi_crc(data) != lebs[i].crc)
			return fail(error,
				    "logical block %u at 0x%llx: crc32 differs: data corrupted",
				    lebs[i].number,
				    (unsigned long long)(ubi->place->offset + lebs[i].offset));
		if (is_static && lebs[i].number != i)
			return fail(error, "logical block %zu of a static volume is missing", i);
		memcpy(bytes + lebs[i].number * room, data.data, data.size);
		end = lebs[i].number * room + length;
	}
	*ret = span_from(bytes, end);
	return !is_static || lebs[0].used == count ||
	       fail(error,
		    "only %zu of the %u logical blocks of a static volume are present: truncated",
		    count, lebs[0].used);
}

static const char *volume_name(const struct ubi *ubi, struct span table, uint32_t volume)
{
	struct span record, name;
	uint32_t crc;
	uint16_t size;

	if (span_cut(table, (uint64_t)volume * RECORD, RECORD, &record) &&
	    span_u32(record, RECORD_CRC, ENDIAN_BIG, &crc) &&
	    crc == ubi_crc(span_head(record, RECORD_CRC)) &&
	    span_u16(record, 0x0e, ENDIAN_BIG, &size) && size > 0 && size < 128 &&
	    span_cut(record, 0x10, size, &name))
		return arena_string(ubi->place->scratch, name);
	return NULL;
}

static bool volume_open(const struct ubi *ubi, size_t first, size_t count, const char *name,
			struct error *error)
{
	_cleanup_arena_ struct arena arena = {0}, scratch = {0};
	const struct place *place = ubi->place;
	const char *what =
		arena_format(place->scratch, "ubi volume %u", ubi->lebs.list[first].volume);
	uint64_t at = ubi->lebs.list[first].offset;
	struct span bytes;
	struct place inner;
	bool opened;

	if (name)
		what = arena_format(place->scratch, "ubi volume %s", name);
	if (!volume_bytes(ubi, &arena, first, count, &bytes, error))
		return within(error, "%s at 0x%llx", what,
			      (unsigned long long)(place->offset + at));
	place_layout(place, at, bytes.size, "ubi-volume", name);
	if (!place_enter(place, at, what, &inner, error))
		return false;
	inner.optional = true;
	inner.scratch = &scratch;
	return place_open(&inner, bytes, &opened, error) || within(error, "%s", what);
}

static bool volumes_open(const struct ubi *ubi, struct error *error)
{
	const struct lebs *lebs = &ubi->lebs;
	struct span table = {NULL, 0};

	for (size_t i = 0; i < lebs->count; i++)
		if (lebs->list[i].volume == layout_volume &&
		    span_cut(ubi->bytes, lebs->list[i].offset, (uint64_t)VOLUMES_MOST * RECORD,
			     &table))
			break;
	for (size_t i = 0, count; i < lebs->count; i += count) {
		uint32_t volume = lebs->list[i].volume;

		for (count = 1; i + count < lebs->count && lebs->list[i + count].volume == volume;)
			count++;
		/* numbers from 0x7fffefff on are for internal volumes */
		if (volume >= layout_volume)
			continue;

		const char *name = volume_name(ubi, table, volume);
		if (volume_open(ubi, i, count, name, error))
			continue;
		/* the device writes to this one, which is often incomplete */
		if (!name || strcmp(name, "rootfs_data") != 0)
			return false;
		place_unread(ubi->place, "%s", error->text);
	}
	return true;
}

static bool ubi_read(const struct place *place, struct span bytes, struct error *error)
{
	const char *what = place_at(place, "ubi", place->offset);
	struct ubi ubi = {.place = place, .bytes = bytes};

	if (!geometry_read(&ubi, error))
		return within(error, "%s", what);
	place_layout(place, 0, bytes.size, "ubi",
		     arena_format(place->scratch, "%llu byte erase blocks",
				  (unsigned long long)ubi.peb_size));
	return (lebs_read(&ubi, error) && volumes_open(&ubi, error)) || within(error, "%s", what);
}

const struct format format_ubi = {.kind = "ubi",
				  .begins = {SPAN_OF("UBI#")},
				  .probe = ubi_probe,
				  .read = ubi_read,
				  .extent = ubi_extent};

/* SPDX-License-Identifier: ISC */
/* Reads BSD disk labels, in a slice of an MBR or on a whole disk, and opens their
 * partitions (format: FreeBSD sys/sys/disk/bsd.h, sys/geom/part/g_part_bsd.c). */
#include "unpack/disk/partition.h"

/* The label is in the second sector. Its numbers have the byte order of the machine:
 *
 *   0x00 u32 magic   0x28 u32 bytes a sector   0x84 u32 the magic again
 *   0x88 u16 checksum: all u16 from 0 to the end of the last entry give 0 with exclusive or
 *   0x8a u16 number of entries
 *   0x94 entries of 16 bytes: u32 sectors, u32 first sector, 0x0c u8 type
 *
 * The first sectors count from the start of the disk or of the slice: the third entry ("c"), which
 * stands for the whole slice, says where the slice begins in that count. */
enum {
	LABEL_MAGIC = (int)0x82564557,
	ENTRIES = 0x94,
	ENTRY = 16,
	ENTRIES_MOST = 22, /* as many as fit into a sector of 512 bytes */
	ENTRY_RAW = 2,
	TYPE_UNUSED = 0,
	TYPE_SWAP = 1,
	TYPE_UFS = 7,
	TYPE_ZFS = 27,
};

struct label {
	struct span head; /* to the end of the last entry */
	enum endian endian;
	uint64_t at, sector;
	unsigned count;
};

static bool label_at(struct span bytes, uint64_t at, enum endian endian, struct label *ret)
{
	struct span head;

	if (!span_cut(bytes, at, ENTRIES, &head) ||
	    head_u32(head, 0, endian) != (uint32_t)LABEL_MAGIC ||
	    head_u32(head, 0x84, endian) != (uint32_t)LABEL_MAGIC ||
	    head_u32(head, 0x28, endian) != at)
		return false;

	unsigned count = head_u16(head, 0x8a, endian);

	*ret = (struct label){.endian = endian, .at = at, .sector = at, .count = count};
	return count > ENTRY_RAW && count <= ENTRIES_MOST &&
	       span_cut(bytes, at, ENTRIES + (uint64_t)count * ENTRY, &ret->head);
}

static bool label_here(struct span bytes, struct label *ret)
{
	for (uint64_t sector = 512; sector <= 4096; sector *= 2)
		if (label_at(bytes, sector, ENDIAN_LITTLE, ret) ||
		    label_at(bytes, sector, ENDIAN_BIG, ret))
			return true;
	return false;
}

static bool label_probe(struct span bytes)
{
	struct label label;

	return label_here(bytes, &label);
}

/* Adds entry INDEX, unless it is unused. */
static bool entry_add(const struct place *place, const struct label *label, struct span bytes,
		      unsigned index, struct partitions *ret, struct error *error)
{
	static const char *const types[] = {[TYPE_SWAP] = "freebsd-swap",
					    [TYPE_UFS] = "freebsd-ufs",
					    [TYPE_ZFS] = "freebsd-zfs"};
	uint64_t at = ENTRIES + (uint64_t)index * ENTRY;
	uint64_t base = head_u32(label->head, ENTRIES + ENTRY_RAW * ENTRY + 4, label->endian);
	uint64_t count = head_u32(label->head, at, label->endian);
	uint64_t first = head_u32(label->head, at + 4, label->endian);
	unsigned type = head_u8(label->head, at + 0x0c);
	const char *name = arena_format(place->scratch, "%c", 'a' + (int)index);

	if (count == 0 || (type == TYPE_UNUSED && index == ENTRY_RAW))
		return true;
	if (first < base || (first - base + count) * label->sector > bytes.size)
		return fail(
			error,
			"partition %s has sectors %llu to %llu, outside of the slice, which "
			"has %llu from %llu on",
			name, (unsigned long long)first, (unsigned long long)(first + count - 1),
			(unsigned long long)(bytes.size / label->sector), (unsigned long long)base);
	*array_add(place->scratch, ret) = (struct partition){
		.offset = (first - base) * label->sector,
		.size = count * label->sector,
		.name = name,
		.type = type < sizeof types / sizeof *types ? types[type] : NULL};
	return true;
}

static bool label_open(const struct place *place, const struct label *label, struct span bytes,
		       struct error *error)
{
	struct partitions partitions = {0};
	uint16_t sum = 0;

	for (uint64_t at = 0; at < label->head.size; at += 2)
		sum ^= head_u16(label->head, at, label->endian);
	if (sum != 0)
		return fail(error, "its checksum differs: data corrupted");
	for (unsigned i = 0; i < label->count; i++)
		if (i != ENTRY_RAW && !entry_add(place, label, bytes, i, &partitions, error))
			return false;
	/* the whole slice is a file system only on disks without any other */
	if (partitions.count == 0 && !entry_add(place, label, bytes, ENTRY_RAW, &partitions, error))
		return false;
	if (!partitions_apart(place->scratch, &partitions, error))
		return false;
	array_each(partition, &partitions) {
		/* a partition that begins with the slice begins with this label */
		const struct format *only = partition->offset <= label->at ? &format_ufs : NULL;

		if (!partition_open(place, bytes, partition, only, error))
			return false;
	}
	return true;
}

static bool label_read(const struct place *place, struct span bytes, struct error *error)
{
	struct label label;

	place_layout(place, 0, bytes.size, "bsdlabel", NULL);
	return (label_here(bytes, &label) && label_open(place, &label, bytes, error)) ||
	       within(error, "%s", place_at(place, "bsdlabel", place->offset));
}

const struct format format_bsdlabel = {
	.kind = "bsdlabel", .probe = label_probe, .read = label_read};

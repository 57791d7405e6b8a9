/* SPDX-License-Identifier: ISC */
/* Reads disk images with an MBR or GPT and opens their partitions (format: UEFI
 * specification, chapter 5). */
#include "unpack/disk/partition.h"

/* Disk images with an MBR, little-endian:
 *
 *   0x1be  four entries of 16 bytes: status, CHS, type at +4, CHS, first sector u32 at +8,
 *          sectors u32 at +12
 *   0x1fe  55 aa
 *
 * or a GPT (UEFI specification, chapter 5): an MBR with one entry of type 0xee, then in sector 1,
 * little-endian:
 *
 *   0x00 "EFI PART"   0x0c header size   0x10 crc32 of the header with this field zero
 *   0x48 entries' first sector u64   0x50 number of entries u32   0x54 entry size u32
 *       0x58 crc32 of the entries
 *   entry: type GUID (all zero: unused), own GUID, first sector u64 at 0x20, last sector u64 at
 *       0x28
 *
 * Sectors are 512 bytes in every image that OpenWrt makes (scripts/gen_image_generic.sh); on UFS
 * and some NVMe 4096, where the header is at 0x1000. */
enum {
	SECTOR = 512,
	SECTOR_LARGE = 4096,
	MBR_ENTRIES = 0x1be,
	MBR_COUNT = 4,
	GPT_PROTECTIVE = 0xee,
	GPT_MOST = 256,
	MBR_FREEBSD = 0xa5
};

/* The types of FreeBSD (sys/sys/disk/gpt.h), and the one of boot files; as stored. */
static const struct {
	struct span guid;
	const char *name;
} gpt_types[] = {
	{SPAN_OF("\x9d\x6b\xbd\x83\x41\x7f\xdc\x11\xbe\x0b\x00\x15\x60\xb8\x4f\x0f"),
	 "freebsd-boot"},
	{SPAN_OF("\xb4\x7c\x6e\x51\xcf\x6e\xd6\x11\x8f\xf8\x00\x02\x2d\x09\x71\x2b"), "freebsd"},
	{SPAN_OF("\xb5\x7c\x6e\x51\xcf\x6e\xd6\x11\x8f\xf8\x00\x02\x2d\x09\x71\x2b"),
	 "freebsd-swap"},
	{SPAN_OF("\xb6\x7c\x6e\x51\xcf\x6e\xd6\x11\x8f\xf8\x00\x02\x2d\x09\x71\x2b"),
	 "freebsd-ufs"},
	{SPAN_OF("\xba\x7c\x6e\x51\xcf\x6e\xd6\x11\x8f\xf8\x00\x02\x2d\x09\x71\x2b"),
	 "freebsd-zfs"},
	{SPAN_OF("\x28\x73\x2a\xc1\x1f\xf8\xd2\x11\xba\x4b\x00\xa0\xc9\x3e\xc9\x3b"), "efi"},
};

static bool mbr_partition(struct span bytes, unsigned index, struct partition *ret, uint8_t *type)
{
	uint64_t at = MBR_ENTRIES + index * 16;
	uint8_t status;
	uint32_t first, count;

	if (!span_u8(bytes, at, &status) || !span_u8(bytes, at + 4, type) ||
	    !span_u32(bytes, at + 8, ENDIAN_LITTLE, &first) ||
	    !span_u32(bytes, at + 12, ENDIAN_LITTLE, &count))
		return false;
	*ret = (struct partition){
		.offset = (uint64_t)first * SECTOR,
		.size = (uint64_t)count * SECTOR,
		.type = *type == MBR_FREEBSD ? "freebsd" : NULL,
	};
	return (status == 0 || status == 0x80) && *type != 0 && first > 0 && count > 0;
}

/* Every entry must be empty or a partition that starts inside the image, because boot
 * sectors of FAT and kernels end with the same two bytes. */
static bool disk_probe(struct span bytes)
{
	struct partition partition;
	unsigned used = 0;
	uint8_t type;

	if (!span_has(bytes, 0x1fe, SPAN_OF("\x55\xaa")))
		return false;
	for (unsigned i = 0; i < MBR_COUNT; i++) {
		bool there = mbr_partition(bytes, i, &partition, &type);

		if (!there && type != 0)
			return false;
		if (there && partition.offset >= bytes.size)
			return false;
		used += there;
	}
	return used > 0;
}

static bool gpt_header(struct span bytes, uint64_t sector, uint64_t *entries, uint32_t *count,
		       uint32_t *size, struct error *error)
{
	struct span header, table;
	uint32_t header_size, header_crc, table_crc;

	if (!span_u32(bytes, sector + 0xc, ENDIAN_LITTLE, &header_size) || header_size < 0x5c ||
	    header_size > SECTOR || !span_cut(bytes, sector, header_size, &header) ||
	    !span_starts(header, "EFI PART"))
		return fail(error, "no header at 0x200");
	header_crc = head_u32(header, 0x10, ENDIAN_LITTLE);
	*entries = head_u64(header, 0x48, ENDIAN_LITTLE);
	*count = head_u32(header, 0x50, ENDIAN_LITTLE);
	*size = head_u32(header, 0x54, ENDIAN_LITTLE);
	table_crc = head_u32(header, 0x58, ENDIAN_LITTLE);

	uint32_t crc = crc32_without(header, 0x10);
	if (crc != header_crc)
		return fail(error,
			    "crc32 of the header at 0x%llx is 0x%08x, the header states 0x%08x: "
			    "data corrupted",
			    (unsigned long long)sector, crc, header_crc);
	if (*count > GPT_MOST || *size < 128 || *size > 4096 || *entries > bytes.size / sector ||
	    !span_cut(bytes, *entries * sector, (uint64_t)*count * *size, &table))
		return fail(error, "the partition table reaches beyond the image");
	if (crc32_of(0, table) != table_crc)
		return fail(
			error,
			"crc32 of the table at 0x%llx differs from the header's: data corrupted",
			(unsigned long long)(*entries * sector));
	return true;
}

static const char *gpt_type(struct span bytes, uint64_t at)
{
	for (size_t i = 0; i < sizeof gpt_types / sizeof *gpt_types; i++)
		if (span_has(bytes, at, gpt_types[i].guid))
			return gpt_types[i].name;
	return NULL;
}

static bool gpt_entries(const struct place *place, struct span bytes, struct partitions *ret,
			struct error *error)
{
	const struct span magic = SPAN_OF("EFI PART");
	bool large = !span_has(bytes, SECTOR, magic) && span_has(bytes, SECTOR_LARGE, magic);
	uint64_t sector = large ? SECTOR_LARGE : SECTOR, entries = 0, first, last;
	uint32_t count = 0, size = 0;

	if (!gpt_header(bytes, sector, &entries, &count, &size, error))
		return false;
	for (uint32_t i = 0; i < count; i++) {
		uint64_t at = entries * sector + (uint64_t)i * size;

		if (span_has(bytes, at, SPAN_OF("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")))
			continue;
		first = head_u64(bytes, at + 0x20, ENDIAN_LITTLE);
		last = head_u64(bytes, at + 0x28, ENDIAN_LITTLE);
		if (first > last || last >= UINT64_MAX / SECTOR_LARGE)
			return fail(error, "partition %u ends before it starts", i + 1);
		*array_add(place->scratch, ret) = (struct partition){
			.offset = first * sector,
			.size = (last - first + 1) * sector,
			.name = arena_format(place->scratch, "%u", i + 1),
			.type = gpt_type(bytes, at),
		};
	}
	return partitions_apart(place->scratch, ret, error);
}

static bool disk_read(const struct place *place, struct span bytes, struct error *error)
{
	struct partitions partitions = {0};
	struct partition partition;
	uint8_t type;
	bool gpt = mbr_partition(bytes, 0, &partition, &type) && type == GPT_PROTECTIVE;
	const char *kind = gpt ? "gpt" : "mbr";

	place_layout(place, 0, bytes.size, kind, NULL);

	bool ok = !gpt || gpt_entries(place, bytes, &partitions, error);
	for (unsigned i = 0; !gpt && i < MBR_COUNT; i++) {
		if (!mbr_partition(bytes, i, &partition, &type))
			continue;
		partition.name = arena_format(place->scratch, "%u", i + 1);
		*array_add(place->scratch, &partitions) = partition;
	}
	array_each(each, &partitions)
		ok = ok && partition_open(place, bytes, each, NULL, error);
	return ok || within(error, "%s", place_at(place, kind, place->offset));
}

const struct format format_disk = {.kind = "disk", .probe = disk_probe, .read = disk_read};

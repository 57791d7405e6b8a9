/* SPDX-License-Identifier: ISC */
/* Reads FAT12, FAT16 and FAT32 file systems with long names (format: Microsoft,
 * FAT general overview). */
#include "base/array.h"
#include "unpack/beside.h"
#include "unpack/reader.h"

#include <string.h>

/* FAT12, FAT16 and FAT32 (Microsoft, FAT general overview), little-endian. The boot sector:
 *
 *   0x00 jump (eb xx 90, e9)     0x0b bytes a sector    0x0d sectors a cluster
 *       0x0e reserved sectors
 *   0x10 number of FATs          0x11 root entries      0x13 sectors, u16
 *       0x16 sectors a FAT, u16
 *   0x20 sectors, u32            0x24 sectors a FAT, u32 (FAT32)
 *       0x2c root cluster (FAT32)
 *   0x1fe 55 aa
 *
 * then the FATs, the root directory (FAT12, FAT16), and the clusters, numbered from 2. The number
 * of clusters decides which of the three it is. A directory entry has 32 bytes:
 *
 *   0x00 name 8+3   0x0b attributes (0x08 label, 0x10 directory, 0x0f part of a long name)
 *   0x0c case: 0x08 name, 0x10 extension in lower case   0x14 cluster, high half   0x1a cluster
 *       0x1c size
 *
 * A long name precedes its entry, last part first: u8 order (0x40: last part), 13 UTF-16 units
 * at 1, 14, 28. */
enum {
	ENTRY_SIZE = 32,
	ATTRIBUTE_LABEL = 0x08,
	ATTRIBUTE_DIRECTORY = 0x10,
	ATTRIBUTE_LONG = 0x0f,
	LONG_MOST = 255
};

struct fat {
	const struct place *place;
	struct span bytes;
	struct arena scratch; /* for one file */
	unsigned bits;
	uint64_t table, data, cluster_size, clusters;
	uint64_t root, root_size; /* FAT12 and FAT16: offset and size of the root directory */
	uint32_t root_cluster; /* FAT32 */
	size_t entries;
};

struct fat_entry {
	const char *name;
	bool directory;
	uint32_t cluster, size;
};

struct fat_entries {
	struct arena *arena;
	struct fat_entry *list;
	size_t count, room;
};

static bool geometry_read(struct span bytes, struct fat *fat)
{
	uint16_t sector, reserved, root_entries, sectors16, table16;
	uint8_t per_cluster, tables;
	uint32_t sectors32, table32;

	if (!span_has(bytes, 0x1fe, SPAN_OF("\x55\xaa")) ||
	    (bytes.data[0] != 0xeb && bytes.data[0] != 0xe9))
		return false;
	sector = head_u16(bytes, 0x0b, ENDIAN_LITTLE);
	per_cluster = head_u8(bytes, 0x0d);
	reserved = head_u16(bytes, 0x0e, ENDIAN_LITTLE);
	tables = head_u8(bytes, 0x10);
	root_entries = head_u16(bytes, 0x11, ENDIAN_LITTLE);
	sectors16 = head_u16(bytes, 0x13, ENDIAN_LITTLE);
	table16 = head_u16(bytes, 0x16, ENDIAN_LITTLE);
	sectors32 = head_u32(bytes, 0x20, ENDIAN_LITTLE);
	table32 = head_u32(bytes, 0x24, ENDIAN_LITTLE);
	fat->root_cluster = head_u32(bytes, 0x2c, ENDIAN_LITTLE);
	if (!is_power_of_two(sector) || sector < 512 || sector > 4096 ||
	    !is_power_of_two(per_cluster) || reserved == 0 || tables == 0 || tables > 2)
		return false;

	uint64_t table_sectors = table16 ? table16 : table32,
		 sectors = sectors16 ? sectors16 : sectors32;
	uint64_t root_sectors = ((uint64_t)root_entries * ENTRY_SIZE + sector - 1) / sector;
	uint64_t before = reserved + tables * table_sectors + root_sectors;
	if (table_sectors == 0 || sectors <= before || before > bytes.size / sector)
		return false;

	fat->bytes = bytes;
	fat->table = (uint64_t)reserved * sector;
	fat->root = (reserved + tables * table_sectors) * sector;
	fat->root_size = (uint64_t)root_entries * ENTRY_SIZE;
	fat->data = before * sector;
	fat->cluster_size = (uint64_t)per_cluster * sector;
	fat->clusters = (sectors - before) / per_cluster;
	fat->bits = fat->clusters < 4085 ? 12 : fat->clusters < 65525 ? 16 : 32;
	return (fat->bits == 32) == (root_entries == 0) &&
	       (fat->clusters + 2) * fat->bits / 8 <= table_sectors * sector;
}

static bool fat_probe(struct span bytes)
{
	struct fat fat = {0};

	return geometry_read(bytes, &fat);
}

/* Advances CLUSTER. False at the end of the chain; false with *OK false if the chain is
 * corrupted. */
static bool cluster_next(const struct fat *fat, uint32_t *cluster, struct error *error, bool *ok)
{
	uint32_t value = 0;
	uint16_t half;

	*ok = true;
	if (fat->bits == 32) {
		value = head_u32(fat->bytes, fat->table + *cluster * 4ull, ENDIAN_LITTLE);
		value &= 0x0fffffff;
	} else {
		uint64_t at = fat->bits == 16 ? *cluster * 2ull : *cluster + *cluster / 2;

		if (span_u16(fat->bytes, fat->table + at, ENDIAN_LITTLE, &half))
			value = half;
		if (fat->bits == 12)
			value = *cluster & 1 ? value >> 4 : value & 0xfff;
	}
	if (value >= (0x0ffffff8u & ((1u << (fat->bits == 32 ? 28 : fat->bits)) - 1)))
		return false;
	if (value < 2 || value >= fat->clusters + 2) {
		*ok = fail(error, "the cluster chain continues at %u of %llu: data corrupted",
			   value, (unsigned long long)fat->clusters);
		return false;
	}
	*cluster = value;
	return true;
}

/* Reads SIZE bytes of the chain that begins at CLUSTER; UINT64_MAX: all of it,
 * for a directory. */
static bool chain_read(struct fat *fat, struct arena *arena, uint32_t cluster, uint64_t size,
		       struct span *ret, struct error *error)
{
	bool all = size == UINT64_MAX, ok = true;
	uint64_t whole = fat->clusters * fat->cluster_size;
	uint64_t most = !all				? size
			: whole < LIMIT_DIRECTORY_BYTES ? whole
							: LIMIT_DIRECTORY_BYTES,
		 done = 0, room = all ? fat->cluster_size : size;
	uint8_t *bytes = arena_raw(arena, room + 1);

	if (size == 0) {
		*ret = (struct span){NULL, 0};
		return true;
	}
	if (cluster < 2 || cluster >= fat->clusters + 2)
		return fail(error, "the first cluster is %u of %llu: data corrupted", cluster,
			    (unsigned long long)fat->clusters);
	do {
		struct span piece;

		if (!span_cut(fat->bytes, fat->data + (cluster - 2) * fat->cluster_size,
			      fat->cluster_size, &piece))
			return fail(error, "cluster %u is beyond the end: truncated", cluster);
		if (all && done + piece.size > room) {
			uint8_t *grown = arena_raw(arena, room *= 2);

			bytes = memcpy(grown, bytes, done);
		}
		if (!all)
			piece = span_head(piece, size - done);
		memcpy(bytes + done, piece.data, piece.size);
		done += piece.size;
	} while (done < most + all && cluster_next(fat, &cluster, error, &ok));
	if (!ok)
		return false;
	if (all ? done > most : done < size)
		return fail(error, all ? "the directory has no end"
				       : "the cluster chain ends too early: data corrupted");
	*ret = span_from(bytes, done);
	return true;
}

/* ---- names ---- */

struct long_name {
	uint16_t units[LONG_MOST + 13];
	size_t count;
};

static void long_part(struct span entry, struct long_name *name)
{
	static const uint8_t places[13] = {1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};
	uint8_t order;

	order = head_u8(entry, 0);
	size_t base = ((order & 0x3fu) - 1u) * 13u;
	if ((order & 0x3f) == 0 || base + 13 > LONG_MOST + 13)
		return;
	for (size_t i = 0; i < 13; i++)
		name->units[base + i] = head_u16(entry, places[i], ENDIAN_LITTLE);
	if (order & 0x40)
		name->count = base + 13;
}

static const char *long_text(struct arena *arena, const struct long_name *name)
{
	char *text = arena_raw(arena, name->count * 3 + 1), *at = text;

	for (size_t i = 0; i < name->count && name->units[i] != 0; i++) {
		unsigned unit = name->units[i];

		if (unit < 0x80) {
			*at++ = (char)unit;
		} else if (unit < 0x800) {
			*at++ = (char)(0xc0 | unit >> 6);
			*at++ = (char)(0x80 | (unit & 0x3f));
		} else {
			*at++ = (char)(0xe0 | unit >> 12);
			*at++ = (char)(0x80 | (unit >> 6 & 0x3f));
			*at++ = (char)(0x80 | (unit & 0x3f));
		}
	}
	*at = '\0';
	return text;
}

static size_t short_part(struct span part, bool lower, char *text)
{
	size_t size = part.size;

	while (size > 0 && part.data[size - 1] == ' ')
		size--;
	for (size_t i = 0; i < size; i++)
		text[i] = (char)(lower && part.data[i] >= 'A' && part.data[i] <= 'Z'
					 ? part.data[i] + 32
					 : part.data[i]);
	return size;
}

static const char *short_text(struct arena *arena, struct span entry)
{
	char *text = arena_get(arena, 13);
	uint8_t letters;

	letters = head_u8(entry, 0x0c);
	size_t size = short_part(span_head(entry, 8), letters & 0x08, text);
	text[size] = '.';
	size_t extension =
		short_part(span_head(span_skip(entry, 8), 3), letters & 0x10, text + size + 1);
	if (extension == 0)
		text[size] = '\0';
	return text;
}

static bool entries_read(struct fat *fat, struct span listing, struct fat_entries *ret,
			 struct error *error)
{
	struct long_name name = {.count = 0};

	for (uint64_t at = 0; at + ENTRY_SIZE <= listing.size; at += ENTRY_SIZE) {
		struct span entry = span_head(span_skip(listing, at), ENTRY_SIZE);
		uint8_t attributes = entry.data[0x0b];
		uint16_t low, high = 0;

		if (entry.data[0] == 0)
			break;
		if (attributes == ATTRIBUTE_LONG && entry.data[0] != 0xe5) {
			long_part(entry, &name);
			continue;
		}
		if (entry.data[0] != 0xe5 && entry.data[0] != '.' &&
		    !(attributes & ATTRIBUTE_LABEL)) {
			if (++fat->entries > LIMIT_ENTRIES)
				return fail(error, "more than %d entries", LIMIT_ENTRIES);
			struct fat_entry *one = array_add(ret->arena, ret);

			one->name = name.count ? long_text(ret->arena, &name)
					       : short_text(ret->arena, entry);
			one->directory = attributes & ATTRIBUTE_DIRECTORY;
			low = head_u16(entry, 0x1a, ENDIAN_LITTLE);
			if (fat->bits == 32)
				high = head_u16(entry, 0x14, ENDIAN_LITTLE);
			one->cluster = (uint32_t)high << 16 | low;
			one->size = head_u32(entry, 0x1c, ENDIAN_LITTLE);
		}
		name = (struct long_name){.count = 0};
	}
	return true;
}

/* ---- the tree ---- */

static int entry_compare(const void *a, const void *b)
{
	return strcmp(((const struct fat_entry *)a)->name, ((const struct fat_entry *)b)->name);
}

static bool entries_walk(struct fat *fat, struct fat_entries *entries, const char *path,
			 unsigned depth, struct error *error);

static bool directory_walk(struct fat *fat, uint32_t cluster, const char *path, unsigned depth,
			   struct error *error)
{
	_cleanup_arena_ struct arena names = {0};
	struct fat_entries entries = {.arena = &names};
	struct arena bytes = {0};
	struct span listing;

	bool ok = chain_read(fat, &bytes, cluster, UINT64_MAX, &listing, error) &&
		  place_account(fat->place, listing.size, error) &&
		  entries_read(fat, listing, &entries, error);
	arena_free(&bytes);
	if (!ok)
		return *path && within(error, "%s", path);
	return entries_walk(fat, &entries, path, depth, error);
}

static bool one_read(struct fat *fat, const struct fat_entry *entry, const char *path,
		     unsigned depth, struct error *error)
{
	struct span bytes = {NULL, 0};
	enum want want;

	if (!entry->directory)
		return (place_want_file(fat->place, path, entry->size, &want, error) &&
			(!bytes_wanted(want) || chain_read(fat, &fat->scratch, entry->cluster,
							   entry->size, &bytes, error)) &&
			place_entry(fat->place, path, ENTRY_FILE, NULL, bytes, entry->size, want,
				    error)) ||
		       within(error, "%s", path);
	if (place_want(fat->place, arena_format(&fat->scratch, "%s/", path), 0) == WANT_NOTHING)
		return true;
	if (depth >= LIMIT_DIRECTORIES)
		return fail(error, "%s: more than %d directories deep", path, LIMIT_DIRECTORIES);
	return directory_walk(fat, entry->cluster, path, depth + 1, error);
}

static bool entries_walk(struct fat *fat, struct fat_entries *entries, const char *path,
			 unsigned depth, struct error *error)
{
	_cleanup_arena_ struct arena paths = {0};

	array_sort(entries, entry_compare);
	array_each(entry, entries) {
		arena_reset(&paths);
		arena_reset(&fat->scratch);
		const char *below = path_child(&paths, path, span_text(entry->name), error);
		if (!below)
			return *path && within(error, "%s", path);
		if (!one_read(fat, entry, below, depth, error))
			return false;
	}
	return true;
}

static bool tree_walk(void *context, struct error *error)
{
	struct fat *fat = context;
	_cleanup_arena_ struct arena names = {0};
	struct fat_entries entries = {.arena = &names};

	fat->entries = 0;
	if (fat->bits == 32)
		return directory_walk(fat, fat->root_cluster, "", 0, error);

	/* geometry_read has checked that it is here */
	struct span root = span_head(span_skip(fat->bytes, fat->root), fat->root_size);
	return entries_read(fat, root, &entries, error) &&
	       entries_walk(fat, &entries, "", 0, error);
}

static bool fat_read(const struct place *place, struct span bytes, struct error *error)
{
	struct fat fat = {0};
	const char *what = place_at(place, "fat", place->offset);
	struct place inner;

	geometry_read(bytes, &fat);
	place_layout(place, 0, fat.data + fat.clusters * fat.cluster_size, "fat",
		     arena_format(place->scratch, "FAT%u", fat.bits));
	if (!place_enter(place, 0, what, &inner, error))
		return false;
	inner.volume = place_volume(place);
	inner.scratch = &fat.scratch;
	fat.place = &inner;

	bool ok = beside_walk(&inner, false, tree_walk, &fat, error);
	arena_free(&fat.scratch);
	return ok || within(error, "%s", what);
}

const struct format format_fat = {.kind = "fat", .probe = fat_probe, .read = fat_read};

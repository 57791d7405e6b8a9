/* SPDX-License-Identifier: ISC */
/* Reads images with board makers' headers such as trx, seama, chk, safeloader and
 * imagetag, and checks their checksums (format: OpenWrt firmware-utils). */
#include "base/digest.h"
#include "unpack/firmware/flash.h"

#include <string.h>

/* Headers that board makers put before an image (OpenWrt's firmware-utils, src/NAME.c). The scan
 * finds what they contain; the headers are recognised to check their sizes and checksums, and to
 * name formats that cannot be read.
 *
 *   trx         "HDR0" LE   0x04 length   0x08 crc32 of 0x0c to the end, not inverted
 *               0x0e u16 version: 1, 2
 *               0x10 offsets of the parts: 3 in version 1, 4 in 2
 *   seama       0x5ea3a417 BE   0x06 u16 size of the meta data
 *               0x08 size of the data, 0: entities follow the meta data
 *               an entity: md5 at 0x0c, then meta data and data
 *   chk         "*#$^" BE   0x04 header size   0x18 kernel size   0x1c root file system size
 *               0x28 board id
 *   safeloader  BE size at 0, md5, text; at 0x1014 or 0x1050 lines "fwup-ptn NAME base 0x... size
 *               0x..."
 *   dni         128 bytes of text lines "device:NAME", then the image and one byte of checksum
 *   wrgg        0x20080321 or 0x20040220, in either byte order, then two texts
 *   imagetag    text fields, each ended by 0: 0x00 version of the tag   0x04 company
 *               0x2c board   0x3e total length
 *               BE 0xd8 crc32 of the total length after the tag
 *               0xec crc32 of the first 236 bytes; not inverted at the end
 *               0x100 the kernel, which CFE unpacks, and the root file system
 *   senao       BE 0x1c type, 0: a second header with the u32 size of its name at 0x84
 *               0x20 size   0x28 md5
 *               0x58 sum of all bytes of the headers except these 4
 *               0x5c key: byte N of the payload is xor'ed with key >> N % 8 */
struct board {
	uint64_t payload, end; /* END 0: the image extends to the end of the bytes */
	struct span name;
};

static bool trx_here(struct span bytes, struct board *ret)
{
	uint32_t size;
	uint16_t version;

	if (!span_starts(bytes, "HDR0") || !span_u32(bytes, 4, ENDIAN_LITTLE, &size) ||
	    !span_u16(bytes, 14, ENDIAN_LITTLE, &version) || size < 28 || version < 1 ||
	    version > 2)
		return false;
	*ret = (struct board){.payload = version == 1 ? 28 : 32, .end = size};
	return true;
}

static bool trx_check(struct span bytes, struct error *error)
{
	uint32_t size = 0, crc = 0;
	struct span covered;

	size = head_u32(bytes, 4, ENDIAN_LITTLE);
	crc = head_u32(bytes, 8, ENDIAN_LITTLE);
	return span_cut(bytes, 12, size - 12, &covered) && crc == (uint32_t)~crc32_of(0, covered)
		       ? true
		       : fail(error, "crc32 differs: data corrupted");
}

/* Finds the entity, which may be in outer headers of size 0. */
static bool seama_entity(struct span bytes, uint64_t *at, uint16_t *meta, uint32_t *size)
{
	for (unsigned depth = 0; depth < 4; depth++) {
		if (!span_has(bytes, *at, SPAN_OF("\x5e\xa3\xa4\x17")) ||
		    !span_u16(bytes, *at + 6, ENDIAN_BIG, meta) ||
		    !span_u32(bytes, *at + 8, ENDIAN_BIG, size))
			return false;
		if (*size > 0)
			return true;
		*at += 12ull + *meta;
	}
	return false;
}

static bool seama_here(struct span bytes, struct board *ret)
{
	uint64_t at = 0;
	uint32_t size;
	uint16_t meta;

	if (!seama_entity(bytes, &at, &meta, &size))
		return false;
	*ret = (struct board){.payload = at + 28 + meta, .end = at + 28 + meta + size};
	return true;
}

static bool md5_is(struct span data, const uint8_t *expected)
{
	uint8_t digest[DIGEST_MOST];
	size_t size;

	return digest_named("md5", data, digest, &size) && memcmp(digest, expected, MD5_SIZE) == 0;
}

static bool seama_check(struct span bytes, struct error *error)
{
	uint64_t at = 0;
	uint32_t size = 0;
	uint16_t meta = 0;
	struct span data, md5;

	seama_entity(bytes, &at, &meta, &size);
	if (!span_cut(bytes, at + 12, MD5_SIZE, &md5) ||
	    !span_cut(bytes, at + 28 + meta, size, &data) || !md5_is(data, md5.data))
		return fail(error, "md5 differs: data corrupted");
	return true;
}

static bool chk_here(struct span bytes, struct board *ret)
{
	uint32_t header, kernel, root;

	if (!span_starts(bytes, "*#$^") || !span_u32(bytes, 4, ENDIAN_BIG, &header) ||
	    !span_u32(bytes, 0x18, ENDIAN_BIG, &kernel) ||
	    !span_u32(bytes, 0x1c, ENDIAN_BIG, &root) || header < 0x28 || header > 0x28 + 64)
		return false;
	*ret = (struct board){.payload = header, .end = (uint64_t)header + kernel + root};
	return span_cut(bytes, 0x28, header - 0x28, &ret->name);
}

static bool safeloader_here(struct span bytes, struct board *ret)
{
	uint32_t size;

	if (!span_u32(bytes, 0, ENDIAN_BIG, &size) ||
	    (!span_has(bytes, 0x1014, SPAN_OF("fwup-ptn ")) &&
	     !span_has(bytes, 0x1050, SPAN_OF("fwup-ptn "))))
		return false;
	*ret = (struct board){.payload = 0x1014, .end = size > 0x1014 ? size : 0};
	return true;
}

static bool dni_here(struct span bytes, struct board *ret)
{
	struct span rest = span_skip(span_head(bytes, 128), 7);

	if (!span_starts(bytes, "device:") || !span_line(&rest, &ret->name) ||
	    !span_starts(rest, "version:"))
		return false;
	ret->payload = 128;
	return bytes.size > 128;
}

static bool wrgg_here(struct span bytes, struct board *ret)
{
	struct span model;

	if (!span_has(bytes, 0, SPAN_OF("\x20\x08\x03\x21")) &&
	    !span_has(bytes, 0, SPAN_OF("\x21\x03\x08\x20")) &&
	    !span_has(bytes, 0, SPAN_OF("\x20\x04\x02\x20")) &&
	    !span_has(bytes, 0, SPAN_OF("\x20\x02\x04\x20")))
		return false;
	ret->payload = 4;
	if (span_string(span_head(bytes, 64), 32, &model))
		ret->name = model;
	return bytes.size > 64;
}

enum { TAG = 256, TAG_CRC = 236 };

static uint32_t tag_crc(struct span span)
{
	return (uint32_t)~crc32_of(0, span);
}

static bool imagetag_here(struct span bytes, struct board *ret)
{
	uint64_t total;
	uint32_t crc;
	struct span field, text;

	if (!span_cut(bytes, 0x3e, 10, &field) || !span_string(field, 0, &text) ||
	    !span_number(text, 10, &total) || total == 0 || total > UINT32_MAX ||
	    !span_u32(bytes, TAG_CRC, ENDIAN_BIG, &crc) ||
	    crc != tag_crc(span_head(bytes, TAG_CRC)))
		return false;
	*ret = (struct board){.payload = TAG, .end = TAG + total};
	if (span_cut(bytes, 0x2c, 16, &field) && span_string(field, 0, &text))
		ret->name = text;
	return true;
}

static bool imagetag_check(struct span bytes, struct error *error)
{
	struct board board = {0};
	uint32_t crc = 0;
	struct span covered;

	imagetag_here(bytes, &board);
	crc = head_u32(bytes, 0xd8, ENDIAN_BIG);
	return span_cut(bytes, TAG, board.end - TAG, &covered) && crc == tag_crc(covered)
		       ? true
		       : fail(error, "crc32 differs: data corrupted");
}

static bool senao_here(struct span bytes, struct board *ret)
{
	uint64_t payload = 0x60;
	uint32_t type, name, size, said, sum = 0;
	struct span header;

	if (span_u32(bytes, 0x1c, ENDIAN_BIG, &type) && type == 0 &&
	    span_u32(bytes, 0x84, ENDIAN_BIG, &name) && name <= 256)
		payload = 0x88ull + name;
	if (!span_cut(bytes, 0, payload, &header) || !span_u32(bytes, 0x20, ENDIAN_BIG, &size) ||
	    !span_u32(bytes, 0x58, ENDIAN_BIG, &said))
		return false;
	for (size_t i = 0; i < header.size; i++)
		sum += i >= 0x58 && i < 0x5c ? 0 : header.data[i];
	*ret = (struct board){.payload = payload, .end = payload + size};
	return sum == said && sum > 0 && size > 0;
}

static const struct board_kind {
	const char *kind;
	bool (*here)(struct span bytes, struct board *ret);
	/* of all bytes up to the end; NULL: the format has no checksum */
	bool (*check)(struct span bytes, struct error *error);
	bool coded; /* the payload is xor'ed, as senao's */
} kinds[] = {
	{"trx", trx_here, trx_check, false},
	{"seama", seama_here, seama_check, false},
	{"netgear-chk", chk_here, NULL, false},
	{"tp-link-safeloader", safeloader_here, NULL, false},
	{"netgear-dni", dni_here, NULL, false},
	{"wrgg", wrgg_here, NULL, false},
	{"imagetag", imagetag_here, imagetag_check, false},
	{"senao", senao_here, NULL, true},
};

#define CONVERT " (convert it with 'qemu-img convert -O raw FILE RAW' and give RAW)"
#define MOUNT " (mount it with 'mount -o loop,ro FILE DIRECTORY' and give the directory)"

/* Formats that are recognised by name, so that users do not search for a mistake
 * of their own. */
static const struct foreign {
	uint64_t offset;
	struct span magic;
	const char *what;
} foreign[] = {
	{0, SPAN_OF("start\0"), "an image encrypted for Buffalo (buffalo-enc)"},
	/* behind a header that names the product, as in factory images (firmware-utils
	 * buffalo-tag.c, buffalo-lib.h: two lengths); 'O' is the key that buffalo-enc takes */
	{0x9c, SPAN_OF("start\0O\0\0\0"), "an image encrypted for Buffalo (buffalo-enc)"},
	{0xa0, SPAN_OF("start\0O\0\0\0"), "an image encrypted for Buffalo (buffalo-enc)"},
	{0, SPAN_OF("SHRS"), "an image encrypted for D-Link (SHRS, dlink-sge-image)"},
	{0, SPAN_OF("MH01"), "an image encrypted for D-Link (MH01)"},
	{0, SPAN_OF("encrpted_img"), "an image encrypted for D-Link (encrpted_img)"},
	{0, SPAN_OF("Salted__"), "data encrypted with a password (openssl enc)"},
	{0, SPAN_OF("LUKS\xba\xbe"), "an encrypted disk (LUKS)"},
	{0, SPAN_OF("KDMV"), "a VMware virtual disk (vmdk)" CONVERT},
	{0, SPAN_OF("# Disk DescriptorFile"),
	 "a descriptor of a VMware virtual disk (vmdk)" CONVERT},
	{0x40, SPAN_OF("\x7f\x10\xda\xbe"), "a VirtualBox virtual disk (vdi)" CONVERT},
	{0, SPAN_OF("QFI\xfb"), "a QEMU virtual disk (qcow2)" CONVERT},
	{0, SPAN_OF("vhdxfile"), "a Hyper-V virtual disk (vhdx)" CONVERT},
	{0, SPAN_OF("conectix"), "a Virtual PC virtual disk (vhd)" CONVERT},
	{0x400, SPAN_OF("\x10\x20\xf5\xf2"), "an f2fs file system" MOUNT},
	{0x400, SPAN_OF("\xe2\xe1\xf5\xe0"), "an erofs file system" MOUNT},
	{0x10040, SPAN_OF("_BHRfS_M"), "a btrfs file system" MOUNT},
	{0x4014, SPAN_OF("\0\0\0\7version\0"),
	 "a ZFS pool (import it with 'zpool import -o readonly=on -R DIRECTORY POOL' and give the "
	 "directory)"},
	{0, SPAN_OF("XFSB"), "an xfs file system" MOUNT},
	{0x8000, SPAN_OF("JFS1\1\0\0\0"), "a JFS file system" MOUNT},
	{0x8000, SPAN_OF("JFS1\2\0\0\0"), "a JFS file system" MOUNT},
	{0x10034, SPAN_OF("ReIsEr"), "a ReiserFS file system" MOUNT},
	{0x1018, SPAN_OF("\xc6\x85\x73\xf6\x4e\x1a\x45\xca\x82\x65\xf5\x7f\x48\xba\x6d\x81"),
	 "a bcachefs file system" MOUNT},
	{0x218, SPAN_OF("LVM2 001"),
	 "a volume of LVM (activate it with 'losetup -fP FILE' and 'vgchange -ay', and give the "
	 "directory where its root file system is mounted)"},
	{0x1000, SPAN_OF("\xfc\x4e\x2b\xa9\1\0\0\0"),
	 "a member of a RAID of md (assemble it with 'mdadm --assemble', and give the directory "
	 "where its root file system is mounted)"},
	{0, SPAN_OF("\x3a\xff\x26\xed\1\0"),
	 "a sparse image of Android (convert it with 'simg2img FILE RAW' and give RAW)"},
	{0, SPAN_OF("Rar!\x1a\7"),
	 "a RAR archive (unpack it with 'unrar x FILE' and give the firmware in it)"},
	{0, SPAN_OF("QED\0"), "a QEMU virtual disk (qed)" CONVERT},
};

static const struct foreign *foreign_here(struct span bytes)
{
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
		if (span_has(bytes, foreign[i].offset, foreign[i].magic))
			return &foreign[i];
	return NULL;
}

static const struct board_kind *kind_here(struct span bytes, struct board *ret)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		*ret = (struct board){0};
		if (kinds[i].here(bytes, ret) && ret->payload < bytes.size)
			return &kinds[i];
	}
	return NULL;
}

static bool boards_probe(struct span bytes)
{
	struct board board;

	return kind_here(bytes, &board) || foreign_here(bytes);
}

static bool board_read(const struct place *place, const struct board_kind *kind,
		       const struct board *board, struct span bytes, struct error *error)
{
	_cleanup_arena_ struct arena plain = {0};
	struct span md5, data;

	place_layout(place, 0, board->end ? board->end : bytes.size, kind->kind,
		     board->name.size ? arena_string(place->scratch, span_head(board->name, 64))
				      : NULL);
	if (board->end > bytes.size)
		return fail(error, "truncated: %llu bytes expected, %zu present",
			    (unsigned long long)board->end, bytes.size);
	if (kind->check && !kind->check(bytes, error))
		return false;
	if (kind->coded) {
		uint8_t *copy = memcpy(arena_raw(&plain, bytes.size + 1), bytes.data, bytes.size);
		uint32_t key = head_u32(bytes, 0x5c, ENDIAN_BIG);

		for (uint64_t i = board->payload; i < bytes.size; i++)
			copy[i] ^= (uint8_t)(key >> (i - board->payload) % 8);
		bytes = span_from(copy, bytes.size);
		if (!span_cut(bytes, 0x28, MD5_SIZE, &md5) ||
		    !span_cut(bytes, board->payload, board->end - board->payload, &data) ||
		    !md5_is(data, md5.data))
			return fail(error, "md5 differs: data corrupted");
	}
	return flash_all(place, bytes, board->payload, error);
}

static bool boards_read(const struct place *place, struct span bytes, struct error *error)
{
	const struct foreign *other = foreign_here(bytes);
	struct board board;
	const struct board_kind *kind = kind_here(bytes, &board);

	if (kind)
		return board_read(place, kind, &board, bytes, error) ||
		       within(error, "%s", place_at(place, kind->kind, place->offset));
	place_layout(place, 0, bytes.size, "foreign", other->what);
	if (place->optional) {
		place_unread(place, "%s, which is not supported",
			     place_at(place, other->what, place->offset));
		return true;
	}
	return fail(error, "%s, which is not supported",
		    place_at(place, other->what, place->offset));
}

const struct format format_boards = {
	.kind = "board", .image = true, .probe = boards_probe, .read = boards_read};

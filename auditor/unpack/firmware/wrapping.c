/* SPDX-License-Identifier: ISC */
/* Recognises the wrappers of a kernel payload: bzImage (Linux
 * Documentation/arch/x86/boot.rst), EFI zboot, zImage, ELF; finds compressed
 * streams in them. */
#include "unpack/firmware/payload.h"

/* x86 bzImage (Linux Documentation/arch/x86/boot.rst), little-endian:
 *
 *   0x1f1 u8 setup sectors (0: 4) | 0x1fe u16 0xaa55 | 0x202 "HdrS" | 0x206 u16 protocol
 *   since protocol 2.08: 0x248 u32 payload, relative to the end of the setup | 0x24c u32 payload
 *       size, with the u32 decoded size at its end */
static bool bzimage_here(struct span bytes, struct wrapping *ret)
{
	uint8_t sectors;
	uint16_t flag, protocol;
	uint32_t payload, size;

	if (!span_has(bytes, 0x202, SPAN_OF("HdrS")) ||
	    !span_u16(bytes, 0x1fe, ENDIAN_LITTLE, &flag) || flag != 0xaa55 ||
	    !span_u8(bytes, 0x1f1, &sectors) || !span_u16(bytes, 0x206, ENDIAN_LITTLE, &protocol))
		return false;

	uint64_t setup = (uint64_t)((sectors ? sectors : 4) + 1) * 512;
	*ret = (struct wrapping){.name = "bzimage", .payload = setup, .scan = true};
	if (protocol < 0x208) {
		ret->payload_size = bytes.size > setup ? bytes.size - setup : 0;
		return true;
	}
	if (!span_u32(bytes, 0x248, ENDIAN_LITTLE, &payload) ||
	    !span_u32(bytes, 0x24c, ENDIAN_LITTLE, &size))
		return false;
	*ret = (struct wrapping){
		.name = "bzimage", .payload = setup + payload, .payload_size = size};
	ret->size = ret->payload + size;
	return true;
}

/* EFI zboot (Linux drivers/firmware/efi/libstub/zboot-header.S), little-endian:
 *
 *   0 "MZ" | 4 "zimg" | 8 u32 payload | 12 u32 payload size | 24 name of the compression */
static bool zboot_here(struct span bytes, struct wrapping *ret)
{
	uint32_t payload, size;

	if (!span_starts(bytes, "MZ") || !span_has(bytes, 4, SPAN_OF("zimg")) ||
	    !span_u32(bytes, 8, ENDIAN_LITTLE, &payload) ||
	    !span_u32(bytes, 12, ENDIAN_LITTLE, &size))
		return false;
	*ret = (struct wrapping){.name = "efi zboot", .payload = payload, .payload_size = size};
	ret->size = ret->payload + size;
	return true;
}

/* ARM zImage (Linux arch/arm/boot/compressed/head.S): 0x24 u32 0x016f2818 | 0x28 u32
 * start | 0x2c u32 end */
static bool zimage_here(struct span bytes, struct wrapping *ret)
{
	uint32_t magic, start, end;
	enum endian endian =
		span_has(bytes, 0x24, SPAN_OF("\x18\x28\x6f\x01")) ? ENDIAN_LITTLE : ENDIAN_BIG;

	if (!span_u32(bytes, 0x24, endian, &magic) || magic != 0x016f2818 ||
	    !span_u32(bytes, 0x28, endian, &start) || !span_u32(bytes, 0x2c, endian, &end) ||
	    end <= start || end - start < 0x30)
		return false;
	*ret = (struct wrapping){
		.name = "zimage", .architecture = "arm", .size = end - start, .scan = true};
	ret->payload_size = ret->size;
	return true;
}

/* System V gABI, figure 4-3. */
bool elf_header_read(struct span bytes, struct elf_header *ret)
{
	uint8_t class, data;

	if (!span_starts(bytes, "\177ELF") || !span_u8(bytes, 4, &class) ||
	    !span_u8(bytes, 5, &data) || class < 1 || class > 2 || data < 1 || data > 2)
		return false;
	ret->word = class == 1 ? 4 : 8;
	ret->endian = data == 1 ? ENDIAN_LITTLE : ENDIAN_BIG;

	uint64_t tables = 24 + ret->word, counts = tables + 2 * ret->word + 6;
	return span_u16(bytes, 16, ret->endian, &ret->type) && (ret->type == 2 || ret->type == 3) &&
	       span_word(bytes, tables, ret->word, ret->endian, &ret->programs) &&
	       span_word(bytes, tables + ret->word, ret->word, ret->endian, &ret->sections) &&
	       span_u16(bytes, counts, ret->endian, &ret->program_size) &&
	       span_u16(bytes, counts + 2, ret->endian, &ret->program_count) &&
	       span_u16(bytes, counts + 4, ret->endian, &ret->section_size) &&
	       span_u16(bytes, counts + 6, ret->endian, &ret->section_count);
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static bool elf_here(struct span bytes, struct wrapping *ret)
{
	struct elf_header elf;

	if (!elf_header_read(bytes, &elf) || elf.programs > LIMIT_FILE * 2 ||
	    elf.sections > LIMIT_FILE * 2)
		return false;

	uint64_t end = larger(elf.programs + (uint64_t)elf.program_size * elf.program_count,
			      elf.sections + (uint64_t)elf.section_size * elf.section_count);
	for (unsigned i = 0; i < elf.program_count; i++) {
		uint64_t at = elf.programs + (uint64_t)i * elf.program_size, offset, size;

		if (span_word(bytes, at + elf.word, elf.word, elf.endian, &offset) &&
		    span_word(bytes, at + 4 * elf.word, elf.word, elf.endian, &size) &&
		    offset < LIMIT_FILE * 2 && size < LIMIT_FILE * 2)
			end = larger(end, offset + size);
	}
	*ret = (struct wrapping){.name = "elf", .size = end, .payload_size = end, .scan = true};
	return true;
}

bool wrapping_of(struct span bytes, struct wrapping *ret)
{
	return bzimage_here(bytes, ret) || zboot_here(bytes, ret) || zimage_here(bytes, ret) ||
	       elf_here(bytes, ret) || wrapping_bare(bytes, ret);
}

/* The headers of arch/arm64/include/asm/image.h (0x38 "ARM" 0x64) and
 * arch/riscv/include/asm/image.h (0x30 "RISCV" or 0x38 "RSC" 5). */
const char *wrapping_raw(struct span bytes)
{
	if (span_has(bytes, 0x38, SPAN_OF("ARM\x64")))
		return "arm64 image";
	if (span_has(bytes, 0x30, SPAN_OF("RISCV\0\0\0")) ||
	    span_has(bytes, 0x38, SPAN_OF("RSC\x05")))
		return "riscv image";
	return NULL;
}

const char *wrapping_machine(struct span bytes)
{
	return span_has(bytes, 0x38, SPAN_OF("ARM\x64")) ? "aarch64" : NULL;
}

/* Of lzma only what may be a kernel. The smallest kernels decode to more than a megabyte,
 * and dictionaries below 64 KiB make no sense for them. In a run of zeros a table of small
 * numbers looks like a header, but no encoder begins a stream with zeros. */
enum compression payload_at(struct span bytes, size_t at)
{
	struct span rest = span_skip(bytes, at);
	enum compression compression = compression_of(rest);
	uint64_t size;
	uint32_t dictionary, code;

	if (compression != COMPRESSION_LZMA)
		return compression;
	return span_u32(rest, 1, ENDIAN_LITTLE, &dictionary) && dictionary >= 0x10000 &&
			       span_u64(rest, 5, ENDIAN_LITTLE, &size) && size >= 0x40000 &&
			       span_u32(rest, 14, ENDIAN_BIG, &code) && code
		       ? COMPRESSION_LZMA
		       : COMPRESSION_NONE;
}

/* Checks only what the functions above require of the first bytes, so that a long scan
 * is quick: the first two bytes of each magic, and for lzma the two lowest bytes of the
 * dictionary, which are 0 from 64 KiB on, and the first byte of the range coder. */
bool payload_maybe(const uint8_t *at, size_t left)
{
	if (left < 14)
		return false;
	if (at[1] == 0 && at[2] == 0)
		return at[13] == 0 && (at[3] || at[4]);

	uint16_t magic = (uint16_t)(at[0] << 8 | at[1]);
	return magic == 0x1f8b || magic == 0xfd37 || magic == 0x28b5 || magic == 0x0221 ||
	       magic == 0x0422 || magic == 0x425a || magic == 0x894c;
}

enum { SCAN_AHEAD = 13 }; /* the bytes behind a place that decide about it */

/* False if no lzma begins at any of the 16 places from AT. Of that (see lzma_here and
 * payload_at) the two lowest bytes of the dictionary are 0, and the next two are not;
 * the range coder begins with 0; the four highest bytes of the size are 0, and of the
 * lower ones not all, or all four are 0xff. In most places the dictionary decides. */
static bool lzma_maybe(const uint8_t *at)
{
	vector dictionary = vector_pair(at + 1, 0, 0) & (vector_at(at + SCAN_AHEAD) == 0) &
			    ((vector_at(at + 3) | vector_at(at + 4)) != 0);

	if (!vector_any(dictionary))
		return false;

	vector lower = vector_at(at + 6) | vector_at(at + 7) | vector_at(at + 8);
	vector none =
		vector_at(at + 9) | vector_at(at + 10) | vector_at(at + 11) | vector_at(at + 12);
	vector all =
		vector_at(at + 9) & vector_at(at + 10) & vector_at(at + 11) & vector_at(at + 12);
	vector size = ((none == 0) & (lower != 0)) | (all == 0xff);

	return vector_any(dictionary & size);
}

/* False if payload_at() finds nothing at any of the 16 places from AT: no magic
 * begins there, and no lzma. */
static bool block_maybe(const uint8_t *at)
{
	return vector_any(vector_pair(at, 0x1f, 0x8b) | vector_pair(at, 0xfd, 0x37) |
			  vector_pair(at, 0x28, 0xb5) | vector_pair(at, 0x02, 0x21) |
			  vector_pair(at, 0x04, 0x22) | vector_pair(at, 0x42, 0x5a) |
			  vector_pair(at, 0x89, 0x4c)) ||
	       lzma_maybe(at);
}

bool payload_next(struct span bytes, size_t from, size_t *ret_at, enum compression *ret)
{
	for (size_t at = from; at < bytes.size;) {
		size_t end = at + VECTOR_SIZE;

		if (bytes.size - at >= VECTOR_SIZE + SCAN_AHEAD && !block_maybe(bytes.data + at))
			at = end;
		for (; at < end && at < bytes.size; at++) {
			if (!payload_maybe(bytes.data + at, bytes.size - at))
				continue;
			*ret = payload_at(bytes, at);
			if (*ret != COMPRESSION_NONE) {
				*ret_at = at;
				return true;
			}
		}
	}
	return false;
}

/* SPDX-License-Identifier: ISC */
/* Reads the build attributes of an ARM program (Arm: Addenda to the ABI for the Arm
 * Architecture, build attributes). */
#include "facts/freebsd/kld_arm.h"

/*     'A'  length u32  "aeabi" 0  { tag 1 (the whole file)  size u32  { tag  value }... }
 * LENGTH counts from its own first byte, SIZE from the tag before it. A value is a number (ULEB128)
 * or a text with a NUL. pkg knows the tags below and ends at any other; of a number that needs
 * more than one byte it takes nothing. */
enum { TAG_FILE = 1, TAG_CPU_ARCH = 6, ARCH_V6 = 6, FILE_HEAD = 5 };

/* Removes the value of TAG from REST. False for a tag that pkg does not know. */
static bool value_skip(struct span *rest, uint8_t tag)
{
	uint8_t byte = 0x80;
	bool text = tag == 4 || tag == 5 || tag == 32 || tag == 65 || tag == 67;
	bool number = (tag >= 7 && tag <= 31) || tag == 34 || tag == 36 || tag == 38 || tag == 42 ||
		      tag == 44 || tag == 64 || tag == 66 || tag == 68 || tag == 70;

	if (!text && !number)
		return false;
	while (text ? byte != 0 : byte >= 0x80) {
		if (!span_u8(*rest, 0, &byte))
			return false;
		*rest = span_skip(*rest, 1);
	}
	return true;
}

const char *kld_arm_name(struct span attributes)
{
	struct span rest, vendor, file;
	uint32_t length = 0, size = 0;
	uint8_t tag = 0, arch;

	if (!span_has(attributes, 0, SPAN_OF("A")) ||
	    !span_u32(attributes, 1, ENDIAN_LITTLE, &length) ||
	    !span_cut(attributes, 1, length, &rest) || !span_string(rest, 4, &vendor))
		return NULL;
	rest = span_skip(rest, 4 + vendor.size + 1);
	if (!span_u8(rest, 0, &tag) || tag != TAG_FILE ||
	    !span_u32(rest, 1, ENDIAN_LITTLE, &size) || size <= FILE_HEAD ||
	    !span_cut(rest, 0, size, &file))
		return NULL;
	rest = span_skip(file, FILE_HEAD);
	while (span_u8(rest, 0, &tag)) {
		rest = span_skip(rest, 1);
		if (tag == TAG_CPU_ARCH) {
			if (!span_u8(rest, 0, &arch) || arch >= 0x80 || arch < ARCH_V6)
				return NULL;
			return arch == ARCH_V6 ? "armv6" : "armv7";
		}
		if (!value_skip(&rest, tag))
			return NULL;
	}
	return NULL;
}

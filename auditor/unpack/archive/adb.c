/* SPDX-License-Identifier: ISC */
/* Decodes the values of an apk-tools 3 database: objects, arrays, blobs and numbers
 * (format: apk-tools src/adb.h). */
#include "unpack/archive/adb.h"

/* A value is a 32-bit little-endian word (apk-tools src/adb.h):
 *
 *   type << 28 | payload     0 special (0 null, 1 true, 2 false)   1 number in the low 28 bits
 *                            2, 3 offset of a u32, u64
 *                            8, 9, 10 offset of a blob: its length as u8, u16, u32, then bytes
 *                            13, 14 offset of an array, object: u32 slots; slot 0 is their
 *                                number, including itself
 *
 * The payload of a database starts with: compat u8 (0), version u8, reserved u16, root value. */
enum {
	ADB_NUMBER = 1,
	ADB_NUMBER_32 = 2,
	ADB_NUMBER_64 = 3,
	ADB_BLOB_8 = 8,
	ADB_BLOB_16 = 9,
	ADB_BLOB_32 = 10,
	ADB_ARRAY = 13,
	ADB_OBJECT = 14,
};

static uint32_t type_of(uint32_t value)
{
	return value >> 28;
}

static uint32_t low_of(uint32_t value)
{
	return value & 0x0fffffff;
}

bool adb_open(struct span payload, bool *damaged, struct adb *ret)
{
	uint8_t compat;
	uint32_t root;

	if (!span_u8(payload, 0, &compat) || compat != 0 ||
	    !span_u32(payload, 4, ENDIAN_LITTLE, &root))
		return false;
	*ret = (struct adb){payload, root, damaged};
	return true;
}

struct adb_object adb_object(const struct adb *adb, uint32_t value)
{
	struct adb_object object = {{NULL, 0}};
	uint32_t type = type_of(value), slots;
	bool good = (type == ADB_ARRAY || type == ADB_OBJECT) &&
		    span_u32(adb->payload, low_of(value), ENDIAN_LITTLE, &slots) && slots > 0 &&
		    span_cut(adb->payload, low_of(value), (uint64_t)slots * 4, &object.slots);

	*adb->damaged |= value != 0 && !good;
	return object;
}

uint32_t adb_count(struct adb_object object)
{
	return object.slots.size < 4 ? 0 : (uint32_t)(object.slots.size / 4 - 1);
}

uint32_t adb_field(struct adb_object object, uint32_t index)
{
	return index > 0 ? head_u32(object.slots, (uint64_t)index * 4, ENDIAN_LITTLE) : 0;
}

bool adb_blob(const struct adb *adb, uint32_t value, struct span *ret)
{
	uint32_t type = type_of(value);
	unsigned width = type == ADB_BLOB_8 ? 1 : type == ADB_BLOB_16 ? 2 : 4;
	uint64_t size;
	bool good = type >= ADB_BLOB_8 && type <= ADB_BLOB_32 &&
		    span_word(adb->payload, low_of(value), width, ENDIAN_LITTLE, &size) &&
		    span_cut(adb->payload, (uint64_t)low_of(value) + width, size, ret);

	*adb->damaged |= value != 0 && !good;
	return good;
}

bool adb_number(const struct adb *adb, uint32_t value, uint64_t *ret)
{
	uint32_t type = type_of(value);
	bool good = type == ADB_NUMBER;

	if (good)
		*ret = low_of(value);
	else if (type == ADB_NUMBER_32 || type == ADB_NUMBER_64)
		good = span_word(adb->payload, low_of(value), type == ADB_NUMBER_32 ? 4 : 8,
				 ENDIAN_LITTLE, ret);
	*adb->damaged |= value != 0 && !good;
	return good;
}

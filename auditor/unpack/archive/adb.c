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

static bool object_cut(const struct adb *adb, uint32_t value, struct span *ret)
{
	uint32_t slots;

	return (type_of(value) == ADB_ARRAY || type_of(value) == ADB_OBJECT) &&
	       span_u32(adb->payload, low_of(value), ENDIAN_LITTLE, &slots) && slots > 0 &&
	       span_cut(adb->payload, low_of(value), (uint64_t)slots * 4, ret);
}

struct adb_object adb_object(const struct adb *adb, uint32_t value)
{
	struct adb_object object = {{NULL, 0}};

	if (value != 0 && !object_cut(adb, value, &object.slots)) {
		object.slots = (struct span){NULL, 0};
		*adb->damaged = true;
	}
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

static bool blob_cut(const struct adb *adb, uint32_t value, struct span *ret)
{
	unsigned width = type_of(value) == ADB_BLOB_8 ? 1 : type_of(value) == ADB_BLOB_16 ? 2 : 4;
	uint64_t size;

	if (type_of(value) < ADB_BLOB_8 || type_of(value) > ADB_BLOB_32)
		return false;
	return span_word(adb->payload, low_of(value), width, ENDIAN_LITTLE, &size) &&
	       span_cut(adb->payload, (uint64_t)low_of(value) + width, size, ret);
}

bool adb_blob(const struct adb *adb, uint32_t value, struct span *ret)
{
	bool good = blob_cut(adb, value, ret);

	*adb->damaged |= value != 0 && !good;
	return good;
}

static bool number_read(const struct adb *adb, uint32_t value, uint64_t *ret)
{
	switch (type_of(value)) {
	case ADB_NUMBER:
		*ret = low_of(value);
		return true;
	case ADB_NUMBER_32:
		return span_word(adb->payload, low_of(value), 4, ENDIAN_LITTLE, ret);
	case ADB_NUMBER_64:
		return span_word(adb->payload, low_of(value), 8, ENDIAN_LITTLE, ret);
	default:
		return false;
	}
}

bool adb_number(const struct adb *adb, uint32_t value, uint64_t *ret)
{
	bool good = number_read(adb, value, ret);

	*adb->damaged |= value != 0 && !good;
	return good;
}

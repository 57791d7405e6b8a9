/* SPDX-License-Identifier: ISC */
/* adb - reads values of apk-tools 3 databases, which .apk packages and packages.adb contain.
 * Private to unpack/. */
#ifndef KMODAUDIT_ADB_H
#define KMODAUDIT_ADB_H

#include "base/span.h"

/* The payload of an ADB block. Offsets in it count from its start. */
struct adb {
	struct span payload;
	uint32_t root; /* the root value */
};

/* The slots of an object or array; slot 0 is their number. A missing object has no data. */
struct adb_object {
	struct span slots;
};

/* False if the payload is shorter than its header or has an incompatible version. */
bool adb_open(struct span payload, struct adb *ret);
/* VALUE as an object or array; a missing one if it is neither or is outside the payload. */
struct adb_object adb_object(const struct adb *adb, uint32_t value);
/* The number of stored items or fields. */
uint32_t adb_count(struct adb_object object);
/* The value of field or item INDEX, from 1; 0, which is null, if it is not stored. */
uint32_t adb_field(struct adb_object object, uint32_t index);
/* VALUE as bytes. False if it is not a blob or is outside the payload. */
bool adb_blob(const struct adb *adb, uint32_t value, struct span *ret);
/* VALUE as a number. False if it is not one. */
bool adb_number(const struct adb *adb, uint32_t value, uint64_t *ret);

#endif

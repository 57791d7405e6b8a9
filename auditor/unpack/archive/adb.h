/* SPDX-License-Identifier: ISC */
/* adb - reads values of apk-tools 3 databases, which .apk packages and packages.adb
 * contain. */
#ifndef KMODAUDIT_ADB_H
#define KMODAUDIT_ADB_H

#include "base/span.h"

/* The payload of an ADB block. Offsets in it count from its start. */
struct adb {
	struct span payload;
	uint32_t root; /* the root value */
	/* a value was asked for as what it is not, or is outside the payload: what was
	 * read instead is not what was written */
	bool *damaged;
};

/* The slots of an object or array; slot 0 is their number. A missing object
 * has no data. */
struct adb_object {
	struct span slots;
};

/* False if the payload is shorter than its header or has an incompatible version.
 * *DAMAGED must stay valid as long as RET, and is set by the functions below. */
bool adb_open(struct span payload, bool *damaged, struct adb *ret);
/* VALUE as an object or array; a missing one if it is null, neither of them, or
 * outside the payload. */
struct adb_object adb_object(const struct adb *adb, uint32_t value);
/* The number of stored items or fields. */
uint32_t adb_count(struct adb_object object);
/* The value of field or item INDEX, from 1; 0, which is null, if it is not stored. */
uint32_t adb_field(struct adb_object object, uint32_t index);
/* VALUE as bytes. False if it is null, not a blob, or outside the payload. */
bool adb_blob(const struct adb *adb, uint32_t value, struct span *ret);
/* VALUE as a number. False if it is null or not one. */
bool adb_number(const struct adb *adb, uint32_t value, uint64_t *ret);

#endif

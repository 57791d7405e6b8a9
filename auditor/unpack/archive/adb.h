/* SPDX-License-Identifier: ISC */
/* adb - values of apk-tools 3 databases: the bytes inside .apk packages and packages.adb.
 * Private to unpack/. */
#ifndef KMODAUDIT_ADB_H
#define KMODAUDIT_ADB_H

#include "base/span.h"

/* The payload of an ADB block; every offset in it counts from its start. */
struct adb {
	struct span payload;
	uint32_t root; /* value of the whole */
};

/* An object or array: its slots, slot 0 holding their number. A missing one has no data and
 * answers nothing. */
struct adb_object {
	struct span slots;
};

/* False when the payload is shorter than its header or of an incompatible version. */
bool adb_open(struct span payload, struct adb *ret);
/* VALUE as an object or array; missing when it is none or reaches out of the payload. */
struct adb_object adb_object(const struct adb *adb, uint32_t value);
/* How many items or fields are stored. */
uint32_t adb_count(struct adb_object object);
/* The value in field or item INDEX (from 1); 0, which is null, when it is not stored. */
uint32_t adb_field(struct adb_object object, uint32_t index);
/* VALUE as bytes; false when it is no blob or reaches out of the payload. */
bool adb_blob(const struct adb *adb, uint32_t value, struct span *ret);
/* VALUE as a number; false when it is none. */
bool adb_number(const struct adb *adb, uint32_t value, uint64_t *ret);

#endif

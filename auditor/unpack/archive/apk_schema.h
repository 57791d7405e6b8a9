/* SPDX-License-Identifier: ISC */
/* apk_schema - the fields of packages and indexes of apk-tools 3, by number (apk-tools
 * src/apk_adb.h). */
#ifndef KMODAUDIT_APK_SCHEMA_H
#define KMODAUDIT_APK_SCHEMA_H

/* The root of a package: its pkginfo, its directories. */
enum { PACKAGE_INFO = 1, PACKAGE_PATHS = 2 };
/* The root of an index: a list of pkginfo. */
enum { INDEX_PACKAGES = 2 };
/* pkginfo */
enum {
	INFO_NAME = 1,
	INFO_VERSION = 2,
	INFO_HASHES = 3,
	INFO_DESCRIPTION = 4,
	INFO_ARCH = 5,
	INFO_LICENSE = 6,
	INFO_ORIGIN = 7,
	INFO_BUILD_TIME = 11,
	INFO_INSTALLED_SIZE = 12,
	INFO_FILE_SIZE = 13,
	INFO_PROVIDER_PRIORITY = 14,
	INFO_DEPENDS = 15,
	INFO_PROVIDES = 16,
	INFO_REPLACES = 17,
	INFO_INSTALL_IF = 18
};
/* A dependency: name, version, and a sum of MATCH_*; without it MATCH_EQUAL. */
enum { DEPENDENCY_NAME = 1, DEPENDENCY_VERSION = 2, DEPENDENCY_MATCH = 3 };
enum { MATCH_EQUAL = 1, MATCH_LESS = 2, MATCH_GREATER = 4, MATCH_FUZZY = 8, MATCH_CONFLICT = 16 };
/* A directory, with its files, and a file. */
enum { DIRECTORY_NAME = 1, DIRECTORY_FILES = 3 };
enum { FILE_NAME = 1, FILE_SIZE = 3, FILE_TIME = 4, FILE_HASHES = 5, FILE_TARGET = 6 };

#endif

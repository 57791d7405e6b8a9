/* SPDX-License-Identifier: ISC */
/* Decides how a file of an image is read: by name only, its bytes, or opened as a
 * container. */
#include "facts/paths/path_kept.h"

#include "unpack/limits.h"

/* Larger files are not read. */
#define KEPT_MOST (16 * MIB)
#define PKG_TEXT_MOST (64u << 10)

enum want kept_want(enum kept kept, uint64_t size)
{
	switch (kept) {
	case KEPT_NOTHING:
		return WANT_NOTHING;
	case KEPT_LOADER:
	case KEPT_LIB:
	case KEPT_PKG_DATABASE:
	case KEPT_SET:
	case KEPT_STRAY:
	case KEPT_FOLDER:
	case KEPT_DEVICE_KERNEL:
	case KEPT_LINK:
		return WANT_NAME;
	case KEPT_KERNEL:
		return WANT_OPEN;
	case KEPT_MODULE:
		return WANT_BYTES;
	case KEPT_PKG_CONF:
	case KEPT_PKG_KEY:
		return size <= PKG_TEXT_MOST ? WANT_BYTES : WANT_NOTHING;
	case KEPT_OPKG_STATUS:
	case KEPT_IPKG_STATUS:
	case KEPT_DPKG_STATUS:
	case KEPT_APK:
	case KEPT_CONTROL:
	case KEPT_LIST:
	case KEPT_BUILTIN:
	case KEPT_OPENWRT_RELEASE:
	case KEPT_OPENWRT_VERSION:
	case KEPT_OS_RELEASE:
	case KEPT_FEEDS:
	case KEPT_CONFIG:
	case KEPT_SYMVERS:
	case KEPT_KEY:
	case KEPT_APK_WORLD:
	case KEPT_APK_ARCH:
	case KEPT_PROVIDERS:
	case KEPT_AUTOLOAD:
	case KEPT_COMMAND_LINE:
	case KEPT_LOADER_RULES:
	case KEPT_SYSCTL:
	case KEPT_RC_CONF:
	case KEPT_HINTS:
	case KEPT_LOADER_CONF:
	case KEPT_SETS:
		break;
	}
	return size <= KEPT_MOST ? WANT_BYTES : WANT_NAME;
}

/* image_kept - the files of an image that are read. Private to image*.c. */
#ifndef KMODAUDIT_IMAGE_KEPT_H
#define KMODAUDIT_IMAGE_KEPT_H

/* What a path is to us. */
enum kept {
	KEPT_NOTHING,
	KEPT_MODULE,
	KEPT_KERNEL, /* a kernel, or a container of one or of a root file system: to be opened */
	KEPT_OPKG_STATUS,
	KEPT_IPKG_STATUS,
	KEPT_DPKG_STATUS,
	KEPT_CONTROL, /* of one installed package */
	KEPT_LIST, /* its files */
	KEPT_APK,
	KEPT_BUILTIN,
	KEPT_OPENWRT_RELEASE,
	KEPT_OPENWRT_VERSION,
	KEPT_OS_RELEASE,
	KEPT_KEY,
	KEPT_FEEDS,
	KEPT_APK_WORLD,
	KEPT_APK_ARCH,
	KEPT_PROVIDERS,
	KEPT_AUTOLOAD,
	KEPT_LOADER, /* by name, or a link named modprobe */
	KEPT_LIB, /* lib, where it is a link */
	KEPT_CONFIG,
	KEPT_SYMVERS,
	KEPT_STRAY, /* a module where no loader looks for one by itself: only its name is kept */
};

#endif

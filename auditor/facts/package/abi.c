/* SPDX-License-Identifier: ISC */
/* Parses the version of OpenWrt's package kernel into release, hash and revision
 * (OpenWrt include/kernel-version.mk) and compares kernel abis. */
#include "facts/package/version.h"

#include <string.h>

/* The version of OpenWrt's package "kernel" (include/kernel-version.mk,
 * package/kernel/linux/Makefile):
 *     to 23.05    4.14.275-1-d2e0a589214daa7e43fd1bd18e88034c
 *         release "-" package release "-" md5
 *     from 24.10  6.6.86~e9d2feb381d41d091485514b91f90092-r1
 *         release "~" md5 "-r" package release
 * Before 2012, and in feeds of other vendors, there is no md5; then two kernels with the same
 * version cannot be told apart. */
enum { HASH_DIGITS = 32 };

/* The offset of the separator before the hash; the size of TEXT if there is no hash. */
static size_t hash_find(const char *text)
{
	size_t at = 1;

	for (; text[at]; at++)
		if ((text[at] == '-' || text[at] == '~') &&
		    strspn(text + at + 1, "0123456789abcdef") == HASH_DIGITS) {
			char behind = text[at + 1 + HASH_DIGITS];

			if (behind == '\0' || behind == '-')
				break;
		}
	return at;
}

/* The release in VERSION: "4.14.275-1" -> "4.14.275", "6.12-rc3-1" -> "6.12-rc3",
 * "6.6.86-r1" -> "6.6.86". Text after a "~" is a hash, even if its length is not
 * that of OpenWrt's. */
static struct span release_of(struct span version)
{
	size_t dash, digits;
	struct span front, hash;

	if (span_split(version, '~', &front, &hash))
		return front;
	dash = version.size;
	while (dash > 0 && version.data[dash - 1] != '-')
		dash--;
	if (dash <= 1)
		return version;
	digits = dash + (dash < version.size && version.data[dash] == 'r');
	for (size_t i = digits; i < version.size; i++)
		if (version.data[i] < '0' || version.data[i] > '9')
			return version;
	return digits < version.size ? span_head(version, dash - 1) : version;
}

struct abi abi_read(struct arena *arena, const char *version, const char *witness)
{
	struct abi abi = {.witness = witness};

	if (!version || !*version)
		return abi;

	struct span text = span_text(version), hash;
	size_t at = hash_find(version);
	if (span_cut(text, at + 1, HASH_DIGITS, &hash))
		abi.hash = arena_string(arena, hash);

	struct span front = span_head(text, at), behind = span_skip(text, at + 1 + HASH_DIGITS);
	abi.version = abi.hash ? arena_format(arena, "%.*s%.*s", (int)front.size,
					      (const char *)front.data, (int)behind.size,
					      behind.size ? (const char *)behind.data : "")
			       : version;

	struct span release =
		abi.hash && version[at] == '~' ? front : release_of(span_text(abi.version));
	size_t mark = span_find(release, 0, SPAN_OF("_rc"));
	char *spelled = arena_chars(arena, release);

	/* Versions of apk cannot contain "-rc3", so OpenWrt writes 6.18-rc3 as 6.18_rc3
	 * (include/kernel-version.mk). */
	if (mark != SIZE_MAX)
		spelled[mark] = '-';
	abi.release = spelled;
	return abi;
}

bool abi_equal(const struct abi *a, const struct abi *b)
{
	return a->version && b->version && a->hash && b->hash &&
	       strcmp(a->version, b->version) == 0 && strcmp(a->hash, b->hash) == 0;
}

const char *abi_text(struct arena *arena, const struct abi *abi)
{
	const char *dash;

	if (!abi->version || !abi->hash)
		return abi->version;
	dash = strrchr(abi->version, '-');
	if (!dash)
		return arena_format(arena, "%s~%s", abi->version, abi->hash);
	if (dash[1] != 'r' || dash[2] < '0' || dash[2] > '9')
		return arena_format(arena, "%s-%s", abi->version, abi->hash);
	return arena_format(arena, "%.*s~%s%s", (int)(dash - abi->version), abi->version, abi->hash,
			    dash);
}

static bool release_starts_with(const char *release, const char *version, size_t size)
{
	return strncmp(release, version, size) == 0 &&
	       (release[size] == '\0' || release[size] == '-' || release[size] == '+');
}

bool release_fits(const char *release, const char *version)
{
	const char *mark = strstr(version, "-rc");
	size_t size = mark ? (size_t)(mark - version) : 0;

	if (release_starts_with(release, version, strlen(version)))
		return true;
	/* the kernel writes 6.18-rc3 as 6.18.0-rc3 (Makefile, KERNELVERSION) */
	return size > 0 && strncmp(release, version, size) == 0 &&
	       strncmp(release + size, ".0-rc", 5) == 0 &&
	       release_starts_with(release + size + 2, mark, strlen(mark));
}

/* SPDX-License-Identifier: ISC */
/* Guesses by content what a file or directory is (image, package, feed, config,
 * manifest, document), for error messages and --init only. */
#include "facts/feed/nature.h"

#include "base/error.h"
#include "facts/paths/path_kept.h"
#include "facts/feed/index.h"
#include "facts/package/package_file.h"
#include "unpack/file.h"

#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD = 4096 };

static const struct nature unknown = {NATURE_UNKNOWN, NULL};

/* True if HEAD has no control characters except those of plain text, and bytes above
 * 0x7f only in the form of UTF-8. */
static bool is_text(struct span head)
{
	unsigned rest = 0;

	for (size_t i = 0; i < head.size; i++) {
		uint8_t byte = head.data[i];

		if (rest ? (byte & 0xc0) != 0x80 : byte >= 0x80 && (byte < 0xc2 || byte > 0xf4))
			return false;
		if (rest)
			rest--;
		else if (byte >= 0x80)
			rest = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
		else if (!byte || byte == 0x7f || (byte < 0x20 && !strchr("\t\n\r\f\v\x1b", byte)))
			return false;
	}
	return head.size > 0 && !span_starts(head, "!<arch>\n");
}

/* a line such as "kmod-tun - 5.15.150-1" */
static bool line_is_manifest(struct span line)
{
	struct span name, dash, version, rest = line;

	return span_token(&rest, &name) && span_token(&rest, &dash) && span_is(dash, "-") &&
	       span_token(&rest, &version) && !span_trim(rest).size;
}

static struct nature text_of(struct span head)
{
	struct span rest = head, line;
	static const struct {
		const char *schema;
		struct nature nature;
	} schemas[] = {
		{"kmodaudit/plan/", {NATURE_PLAN, "a plan for kmodaudit gate"}},
		{"kmodaudit/report/", {NATURE_REPORT, "a report of kmodaudit audit"}},
		{"kmodaudit/gate/", {NATURE_REPORT, "a report of kmodaudit gate"}},
	};

	for (size_t i = 0; i < sizeof schemas / sizeof *schemas; i++)
		if (span_find(head, 0, span_text(schemas[i].schema)) != SIZE_MAX)
			return schemas[i].nature;
	if (span_starts(head, "Package:"))
		return (struct nature){NATURE_INDEX, "an index of packages"};
	while (span_line(&rest, &line)) {
		if (span_starts(line, "CONFIG_") ||
		    (span_starts(line, "# CONFIG_") &&
		     span_find(line, 0, span_text(" is not set")) != SIZE_MAX))
			return (struct nature){NATURE_CONFIG, "a kernel config"};
		/* "0x1a2b3c4d\tsymbol\tvmlinux\tEXPORT_SYMBOL" */
		if (span_starts(line, "0x") &&
		    span_find(line, 0, span_text("\tEXPORT_SYMBOL")) != SIZE_MAX)
			return (struct nature){NATURE_SYMVERS, "a Module.symvers"};
		if (line_is_manifest(line))
			return (struct nature){NATURE_MANIFEST, "a manifest of packages"};
		if (line.size && line.data[0] != '#')
			break;
	}
	return (struct nature){NATURE_TEXT, "a text file"};
}

struct nature nature_of_status(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return (struct nature){NATURE_ABSENT, NULL};
	if (S_ISDIR(status.st_mode))
		return (struct nature){NATURE_DIRECTORY, "a directory"};
	if (S_ISFIFO(status.st_mode))
		return (struct nature){NATURE_SPECIAL, "a pipe"};
	if (S_ISSOCK(status.st_mode))
		return (struct nature){NATURE_SPECIAL, "a socket"};
	if (S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode))
		return (struct nature){NATURE_SPECIAL, "a device"};
	if (!S_ISREG(status.st_mode))
		return (struct nature){NATURE_SPECIAL, "no regular file"};
	return status.st_size ? unknown : (struct nature){NATURE_EMPTY, "an empty file"};
}

struct nature nature_of_head(const char *path)
{
	/* documents, which no reader of this program opens, by their first bytes, in
	 * upper or lower case: ISO 32000 (PDF), PNG, JFIF, GIF, HTML, XML, PostScript,
	 * RTF */
	static const struct {
		const char *begin, *words;
	} documents[] = {
		{"%PDF-", "a PDF document"},	      {"\x89PNG\r\n", "a picture (PNG)"},
		{"\xff\xd8\xff", "a picture (JPEG)"}, {"GIF8", "a picture (GIF)"},
		{"<!DOCTYPE html", "an HTML page"},   {"<html", "an HTML page"},
		{"<?xml", "an XML document"},	      {"%!PS", "a PostScript document"},
		{"{\\rtf", "an RTF document"},	      {"#!", "a script"},
	};
	_cleanup_fd_ int fd = -1;
	uint8_t bytes[HEAD];
	struct nature nature = nature_of_status(path);

	if (nature.kind != NATURE_UNKNOWN)
		return nature;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	ssize_t got = fd < 0 ? -1 : read(fd, bytes, sizeof bytes);
	if (got < 0)
		return (struct nature){NATURE_ABSENT, NULL};

	struct span head = span_from(bytes, (size_t)got);
	for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
		size_t size = strlen(documents[i].begin);

		if (head.size >= size &&
		    !strncasecmp((const char *)bytes, documents[i].begin, size))
			return (struct nature){NATURE_DOCUMENT, documents[i].words};
	}
	return is_text(head) ? text_of(head) : unknown;
}

/* What was found inside a file or directory. */
struct look {
	bool control, index, kernel, root, packages, modules, alone;
};

bool nature_layout_is_image(const char *kind)
{
	static const char *const kinds[] = {"squashfs", "cramfs",  "ubi",    "ubifs", "jffs2",
					    "ext",	"kernel",  "uimage", "fit",   "gpt",
					    "mbr",	"foreign", "fat"};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i], kind) == 0)
			return true;
	return false;
}

bool nature_path_is_root(const char *path)
{
	size_t root;

	switch ((int)path_kept(path, &root)) {
	case KEPT_OPKG_STATUS:
	case KEPT_IPKG_STATUS:
	case KEPT_DPKG_STATUS:
	case KEPT_APK:
	case KEPT_KERNEL:
	case KEPT_OPENWRT_RELEASE:
	case KEPT_OS_RELEASE:
		return true;
	default:
		return false;
	}
}

static enum want look_want(void *context, const char *path, uint64_t size, enum part part)
{
	struct look *look = context;

	(void)size;
	if (part == PART_CONTROL && strcmp(path, APK_INDEX_PATH) == 0)
		look->index = true;
	else if (part == PART_CONTROL)
		look->control = true;
	if (part != PART_ROOT)
		return WANT_NOTHING;
	look->root |= nature_path_is_root(path);
	look->packages |= package_kind_of(path) == KIND_PACKAGE || index_is_path(path);
	look->modules |= package_kind_of(path) == KIND_MODULE;
	return WANT_NAME;
}

static bool look_entry(void *context, const struct entry *entry, struct error *error)
{
	struct look *look = context;
	uint16_t type = 0;
	uint8_t order = 0;

	/* A file that is not a container is given as one entry. ELF type 1 is ET_REL
	 * (System V ABI, figure 4-3). */
	look->alone |= span_starts(entry->bytes, "\177ELF") && span_u8(entry->bytes, 5, &order) &&
		       span_u16(entry->bytes, 16, order == 2 ? ENDIAN_BIG : ENDIAN_LITTLE, &type) &&
		       type == 1;
	return !look->control && !look->index ? true : fail(error, "seen enough");
}

static bool look_kernel(void *context, const struct kernel_bytes *bytes, struct error *error)
{
	(void)bytes;
	((struct look *)context)->kernel = true;
	return fail(error, "seen enough");
}

static void look_layout(void *context, const struct layout *layout)
{
	((struct look *)context)->kernel |= nature_layout_is_image(layout->kind);
}

struct nature nature_of(const char *path)
{
	struct nature head = nature_of_head(path);
	bool directory = head.kind == NATURE_DIRECTORY;
	struct look look = {0};
	struct visitor visitor = {.context = &look,
				  .want = look_want,
				  .entry = look_entry,
				  .kernel = look_kernel,
				  .layout = look_layout};
	struct error ignored;

	if (head.kind != NATURE_UNKNOWN && !directory)
		return head;
	unpack_path(path, &visitor, &ignored);
	if (look.index)
		return (struct nature){NATURE_INDEX, "an index of packages"};
	if (look.control)
		return (struct nature){NATURE_PACKAGE, "a package"};
	if (look.alone)
		return (struct nature){NATURE_MODULE, "a kernel module"};
	if (look.packages)
		return (struct nature){NATURE_FEED, directory ? "a directory of packages"
							      : "an archive of packages"};
	if (look.kernel || (look.root && !directory))
		return (struct nature){NATURE_IMAGE, "a firmware image"};
	if (look.root)
		return (struct nature){NATURE_ROOT, "a root directory"};
	if (look.modules)
		return (struct nature){NATURE_FEED, directory ? "a directory of modules"
							      : "an archive of modules"};
	return directory ? (struct nature){NATURE_DIRECTORY, "a directory without packages"}
			 : unknown;
}

bool nature_is_image(struct nature nature)
{
	return nature.kind == NATURE_IMAGE || nature.kind == NATURE_ROOT;
}

bool nature_is_feed(struct nature nature)
{
	return nature.kind == NATURE_FEED || nature.kind == NATURE_PACKAGE ||
	       nature.kind == NATURE_MODULE || nature.kind == NATURE_INDEX;
}

/* SPDX-License-Identifier: ISC */
/* Writes the plan that `gate --init` prints for an image and feeds, with paths relative
 * to the folder of the plan. */
#include "commands/gate/plan.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* TEXT in double quotes, as a YAML string. */
static const char *quoted(struct arena *arena, const char *text)
{
	char *out = arena_get(arena, 4 * strlen(text) + 3), *to = out;

	*to++ = '"';
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			to += sprintf(to, "\\x%02x", (unsigned)*text);
		else
			to += sprintf(to, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
	*to = '"';
	return out;
}

/* PATH as the key path of a plan: in one that the plan would take for a pattern, each
 * character of patterns is escaped, so that it stands for that file only. */
static const char *path_value(struct arena *arena, const char *path)
{
	char *out, *to;

	if (!path[strcspn(path, PATTERN_CHARACTERS)] || strstr(path, "://"))
		return quoted(arena, path);
	out = to = arena_get(arena, 2 * strlen(path) + 1);
	for (; *path; path++) {
		if (strchr(PATTERN_CHARACTERS "\\", *path))
			*to++ = '\\';
		*to++ = *path;
	}
	return quoted(arena, out);
}

/* PATH, which is relative to the working directory, relative to FOLDER. Both folders
 * are resolved first: ".." leads out of the folder to which a link points. */
static const char *path_from(struct arena *arena, const char *folder, const char *path)
{
	const char *here = path_real(arena, "."), *there = path_real(arena, folder);

	if (path[0] == '/' || strstr(path, "://") || !here || !there || strcmp(here, there) == 0)
		return path;

	while (path[0] == '.' && path[1] == '/')
		path += 2 + strspn(path + 2, "/");

	const char *whole = arena_format(arena, "%s/%s", strcmp(here, "/") == 0 ? "" : here, path);
	size_t common = 0, same = 0;

	/* the length of the components that both have: 2 ("/a") for "/a/bc/d" and "/a/b" */
	for (; whole[same] && whole[same] == there[same]; same++)
		if (whole[same] == '/')
			common = same;
	if ((!whole[same] || whole[same] == '/') && (!there[same] || there[same] == '/'))
		common = same;

	const char *rest = whole[common] ? whole + common + 1 : ".", *relative = "";

	for (const char *at = there + common; (at = strchr(at, '/')) != NULL; at++)
		if (at[1])
			relative = arena_format(arena, "%s../", relative);
	return arena_format(arena, "%s%s", relative, rest);
}

const char *plan_init(struct arena *arena, const char *image, const struct strings *feeds,
		      const char *output)
{
	const char *folder = path_folder(arena, text_or_empty(output));
	const char *text = arena_format(
		arena,
		"# A plan for `kmodaudit gate`: which feeds are checked against which images.\n"
		"# Paths are relative to this file. The lines that begin with # show further "
		"keys.\n"
		"schema: kmodaudit/plan/1\n"
		"\n"
		"images:\n"
		"  - path: %s\n"
		"    # name: device              # default: the file name; a pattern (*.bin) gives "
		"one image per file\n"
		"    # manifest: device.manifest # for an image without package database\n"
		"    # config: device.config     # kernel config\n"
		"    # symvers: Module.symvers\n"
		"    # part: 1                   # which of several kernels or root file systems\n"
		"    # keys: [keys/]             # keys that sign feeds, in addition to those in "
		"the image\n"
		"    # providers: [ranges.yaml]  # which builds of modules the image supports\n"
		"\n"
		"feeds:\n",
		path_value(arena, path_from(arena, folder, image)));

	array_each(feed, feeds)
		text = arena_format(arena, "%s  - path: %s\n", text,
				    path_value(arena, path_from(arena, folder, *feed)));
	return arena_format(
		arena,
		"%s    # name: kmods               # default: the folder name; a pattern gives one "
		"feed per match\n"
		"    # config: feed.config       # kernel config that the feed was built with\n"
		"    # symvers: Module.symvers\n"
		"  # - name: all                 # several sources as one feed\n"
		"  #   sources: [kmods/, packages/]\n"
		"  # - name: own                 # the feeds listed in each image\n"
		"  #   from-image: true\n"
		"\n"
		"# Without pairs, every image is checked with every feed. Globs on names:\n"
		"# pairs:\n"
		"#   - {image: \"*\", feed: \"*\"}\n"
		"\n"
		"policy: default           # strict, default, lenient, or a file: kmodaudit rules "
		"--policy\n"
		"# waivers: waivers.yaml   # accepted findings, with owner and expiry date\n"
		"# baseline: accepted      # a folder of earlier reports: only new findings fail\n"
		"reports: reports          # folder for one report per pair\n"
		"# providers: [ranges.yaml]\n"
		"# keys: [keys/]\n"
		"# rules: rules/           # rules to use instead of the built-in ones\n",
		text);
}

/* SPDX-License-Identifier: ISC */
/* Parses the files from which boot loaders take the kernel's command line, and the
 * command line as the kernel does (Linux kernel/params.c). */
#include "facts/kernel/command_line.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

/* Where a file has command lines.
 *     grub.cfg        linux PATH LINE                 GRUB manual, linux; linux16, linuxefi
 *     syslinux.cfg    append LINE                     SYSLINUX, APPEND; extlinux.conf of U-Boot
 *     entries/X.conf  options LINE                    Boot Loader Specification, type 1
 *     uEnv.txt        bootargs=LINE                   U-Boot, env import; a script decides
 *     cmdline.txt     LINE                            firmware of the Raspberry Pi */
struct source {
	const char *word; /* the first word of a line, in lower case */
	bool grub; /* only grub.cfg has it, and the kernel's path follows */
	bool assigned; /* "=" follows the word */
};

static const struct source sources[] = {
	{"linux", true, false},	    {"linux16", true, false},  {"linuxefi", true, false},
	{"append", false, false},   {"options", false, false}, {"bootargs", false, true},
	{"extraargs", false, true}, {"optargs", false, true},
};

enum { LINES_MOST = 256 };

static void line_add(struct arena *arena, const char *witness, struct span text, bool passed,
		     struct command_lines *lines)
{
	if (lines->count < LINES_MOST)
		*array_add(arena, lines) = (struct command_line){
			arena_string(arena, span_trim(text)), witness, passed};
}

/* What LINE, a line of a file with words, passes to the kernel. */
static bool source_cut(struct span line, bool grub, struct span *ret, bool *passed)
{
	struct span word, rest = line, path;

	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		const struct source *source = &sources[i];

		rest = line;
		if (source->assigned ? !span_split(line, '=', &word, &rest)
				     : !span_token(&rest, &word))
			continue;
		if (source->grub != grub || !span_is_nocase(span_trim(word), source->word))
			continue;
		if (source->grub && !span_token(&rest, &path))
			continue;
		*ret = rest;
		*passed = !source->assigned;
		return true;
	}
	return false;
}

void command_lines_read(struct arena *arena, const char *path, const char *witness,
			struct span text, struct command_lines *lines)
{
	struct span line, found, bootargs[BOOTARGS_COUNT];
	bool passed, plain = strcmp(path_last(path), "cmdline.txt") == 0;
	bool grub = strcmp(path_last(path), "grub.cfg") == 0;

	if (device_tree_bootargs(text, bootargs)) {
		for (size_t i = 0; i < BOOTARGS_COUNT; i++)
			if (bootargs[i].size > 0)
				line_add(arena, witness, bootargs[i], false, lines);
		return;
	}
	while (span_line(&text, &line)) {
		if (plain && span_trim(line).size > 0) {
			line_add(arena, witness, line, true, lines);
			return;
		}
		if (source_cut(span_trim(line), grub, &found, &passed))
			line_add(arena, witness, found, passed, lines);
	}
}

static char dashed(char byte)
{
	return byte == '-' ? '_' : byte;
}

static bool name_begins(struct span token, const char *name)
{
	size_t size = strlen(name);

	if (token.size < size)
		return false;
	for (size_t i = 0; i < size; i++)
		if (dashed((char)token.data[i]) != dashed(name[i]))
			return false;
	return token.size == size || token.data[size] == '=' || token.data[size] == '"';
}

bool list_names(struct span list, const char *item)
{
	struct span one;

	while (span_item(&list, ',', &one)) {
		one = span_skip(one, one.size > 0 && one.data[0] == '"');
		if (one.size > 0 && one.data[one.size - 1] == '"')
			one.size--;
		if (span_is(one, item))
			return true;
	}
	return false;
}

/* Cuts the next parameter from REST, up to a blank outside of double quotes. */
static bool parameter_next(struct span *rest, struct span *ret)
{
	bool quoted = false;
	size_t size = 0;

	while (rest->size > 0 && isspace(rest->data[0]))
		*rest = span_skip(*rest, 1);
	while (size < rest->size && (quoted || !isspace(rest->data[size])))
		quoted ^= rest->data[size++] == '"';
	*ret = span_head(*rest, size);
	*rest = span_skip(*rest, size);
	return size > 0;
}

bool command_line_get(const char *line, const struct parameter *parameter, struct span *value)
{
	struct span rest = span_text(line), token, own, end;
	size_t size = strlen(parameter->name);
	bool found = false;

	while (parameter_next(&rest, &token) && !span_is(token, "--")) {
		token = span_skip(token, token.data[0] == '"' || token.data[0] == '\'');
		if (!name_begins(token, parameter->name))
			continue;
		own = span_skip(token, token.size > size ? size + 1 : size);
		own = span_skip(own, own.size > 0 && own.data[0] == '"');
		if (span_split(own, '"', &token, &end) || span_split(own, '\'', &token, &end))
			own = token;
		if (parameter->test ? parameter->test(own) : list_names(own, parameter->item)) {
			*value = own;
			found = true;
		} else {
			found &= !parameter->last;
		}
	}
	return found;
}

/* SPDX-License-Identifier: ISC */
/* Fuzzes the readers of what decides which modules an image loads: rules of module loaders,
 * sysctl, kernel command lines, and lists of modules. */
#include "facts/kernel/command_line.h"
#include "facts/kernel/loader_rules.h"
#include "facts/package/package_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool any_value(struct span value)
{
	(void)value;
	return true;
}

static void rules_run(struct arena *arena, const char *path, struct span text)
{
	struct module module = {.name = "b_a", .path = "lib/modules/1/b-a.ko"};
	struct loader_rules rules = {.list = NULL};

	if (!loader_rules_read(arena, path, "fuzz", text, &rules) &&
	    rules.count < LOADER_RULES_MOST)
		__builtin_trap();
	for (size_t i = 0; i < rules.count; i++)
		loader_rule_names(&rules.list[i], &module);
}

static void lines_run(struct arena *arena, const char *path, struct span text)
{
	static const struct parameter parameter = {.name = "module-blacklist", .test = any_value};
	struct command_lines lines = {.list = NULL};
	struct span value;

	command_lines_read(arena, path, "fuzz", text, &lines);
	for (size_t i = 0; i < lines.count; i++)
		command_line_get(lines.list[i].text, &parameter, &value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const rules[] = {"etc/modules.conf", "etc/modprobe.d/a.conf"};
	static const char *const lines[] = {"boot/grub/grub.cfg", "boot/extlinux/extlinux.conf",
					    "boot/cmdline.txt",	  "boot/loader/entries/a.conf",
					    "boot/uEnv.txt",	  "boot/a.dtb"};
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct span text = span_from(data, size);
	struct autoloads autoloads = {.list = NULL};

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		rules_run(&arena, rules[i], text);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		lines_run(&arena, lines[i], text);
	autoloads_read(&arena, "etc/modules.d/a", text, &autoloads);
	sysctl_disables_modules(text);
	return 0;
}

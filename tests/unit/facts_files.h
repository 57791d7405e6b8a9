/* SPDX-License-Identifier: ISC */
/* facts_files - helpers for tests of packages, feeds and images: a scratch directory, a shell in
 * it, packages made by tar, modules made by the assembler. */
#ifndef KMODAUDIT_TEST_FACTS_FILES_H
#define KMODAUDIT_TEST_FACTS_FILES_H

#include "base/array.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define HASH_A "d2e0a589214daa7e43fd1bd18e88034c"
#define HASH_B "0123456789abcdef0123456789abcdef"

static inline char *scratch_name(void)
{
	static char name[] = "/tmp/kmodaudit-facts-XXXXXX";

	return name;
}

static inline int scratch_make(void **state)
{
	(void)state;
	return mkdtemp(scratch_name()) && chdir(scratch_name()) == 0 ? 0 : -1;
}

static inline int scratch_remove(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "cd / && rm -rf '%s'", scratch_name());
	return system(command);
}

/* Runs a shell command in the scratch directory; a failure fails the test. */
static inline void sh(const char *format, ...) __attribute__((format(printf, 1, 2)));
static inline void sh(const char *format, ...)
{
	char line[8192];
	va_list args;

	strcpy(line, "set -e; export LC_ALL=C; ");
	va_start(args, format);
	vsnprintf(line + strlen(line), sizeof line - strlen(line), format, args);
	va_end(args);
	if (system(line) != 0)
		fail_msg("failed: %s", line);
}

static inline void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
}

/* Makes a module for the machine that runs the test: it exports NAME_do and imports printk and,
 * unless empty, WANTS. */
static inline void make_module(const char *path, const char *name, const char *wants,
			       const char *vermagic)
{
	FILE *file = fopen("module.S", "w");

	assert_non_null(file);
	fprintf(file,
		".section .modinfo,\"a\"\n.asciz \"license=GPL\"\n.asciz \"name=%s\"\n.asciz "
		"\"depends=\"\n"
		".asciz \"vermagic=%s\"\n"
		".section .gnu.linkonce.this_module,\"aw\"\n.zero 24\n.asciz \"%s\"\n.org "
		"0x100\n.quad start\n"
		".org 0x180\n.quad stop\n.org 0x200\n"
		".text\nstart: .quad printk\n%s%s\nstop: .quad 0\n.globl %s_do\n%s_do: .quad 0\n"
		".section __ksymtab,\"a\"\n.quad %s_do\n.quad __kstrtab_%s_do\n"
		".section __ksymtab_strings,\"a\"\n__kstrtab_%s_do: .asciz \"%s_do\"\n",
		name, vermagic, name, *wants ? ".quad " : "", wants, name, name, name, name, name,
		name);
	assert_int_equal(fclose(file), 0);
	sh("cc -c -o out.o module.S && mkdir -p \"$(dirname '%s')\" && mv out.o '%s'", path, path);
}

/* Makes an ipk at PATH from the control text and the directory "data", which it then empties. */
static inline void make_ipk(const char *path, const char *control)
{
	sh("mkdir -p ctl data \"$(dirname '%s')\"", path);
	write_text("ctl/control", control);
	sh("echo 2.0 > debian-binary; tar -czf control.tar.gz -C ctl ./control; tar -czf "
	   "data.tar.gz -C data .; tar -czf '%s' ./debian-binary ./data.tar.gz ./control.tar.gz; "
	   "rm -rf ctl data",
	   path);
}

#endif

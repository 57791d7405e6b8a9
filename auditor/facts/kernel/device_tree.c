/* SPDX-License-Identifier: ISC */
/* Finds the kernel's command lines in a flattened device tree: bootargs of /chosen
 * (Devicetree Specification, chapters 3.6 and 5), and what kernels of OpenWrt read beside it. */
#include "facts/kernel/command_line.h"

#include <string.h>

/* All words are big-endian. The header:
 *     0 d00dfeed   4 total size   8 offset of the structure   12 offset of the strings
 * The structure is a sequence of tokens, each aligned to 4 bytes:
 *     1 name NUL                   a node begins
 *     2                            it ends
 *     3 size, name, value          a property; NAME is an offset in the strings
 *     4                            nothing
 *     9                            the end */
enum { TREE_MAGIC = 0xd00dfeed, NODE = 1, NODE_END = 2, PROPERTY = 3, NOP = 4, TREE_DEPTH = 64 };

/* OpenWrt's kernels add bootargs-append to the boot loader's line, and take
 * bootargs-override in its place (target/linux, patches of drivers/of/fdt.c and
 * arch/mips/kernel/setup.c). */
static const char *const names[BOOTARGS_COUNT] = {"bootargs", "bootargs-append",
						  "bootargs-override"};

struct tree {
	struct span bytes;
	uint32_t strings;
	uint64_t at; /* in BYTES */
	unsigned depth; /* of the node that is read: 1 for the root */
	bool chosen; /* it is /chosen */
};

static bool word_next(struct tree *tree, uint32_t *ret)
{
	bool there = span_u32(tree->bytes, tree->at, ENDIAN_BIG, ret);

	tree->at += 4;
	return there;
}

/* Reads a property into that of VALUES whose name it has. */
static bool property_read(struct tree *tree, struct span *values)
{
	uint32_t size, offset;
	struct span name, bytes;

	if (!word_next(tree, &size) || !word_next(tree, &offset) ||
	    !span_cut(tree->bytes, tree->at, size, &bytes) ||
	    !span_string(tree->bytes, (uint64_t)tree->strings + offset, &name))
		return false;
	tree->at += (uint64_t)size + 3;
	tree->at -= tree->at % 4;
	for (size_t i = 0; tree->depth == 2 && tree->chosen && i < BOOTARGS_COUNT; i++)
		if (values[i].size == 0 && span_is(name, names[i]) &&
		    !span_string(bytes, 0, &values[i]))
			values[i] = bytes;
	return true;
}

static bool token_read(struct tree *tree, uint32_t token, struct span *values)
{
	struct span name;

	switch (token) {
	case NODE:
		if (tree->depth == TREE_DEPTH || !span_string(tree->bytes, tree->at, &name))
			return false;
		if (++tree->depth == 2)
			tree->chosen = span_is(name, "chosen");
		tree->at += (name.size + 1 + 3) / 4 * 4;
		return true;
	case PROPERTY:
		return property_read(tree, values);
	case NODE_END:
		return tree->depth > 0 && --tree->depth > 0;
	case NOP:
		return true;
	default:
		return false;
	}
}

bool device_tree_bootargs(struct span bytes, struct span ret[BOOTARGS_COUNT])
{
	struct tree tree = {.bytes = bytes};
	uint32_t magic, start, token;

	memset(ret, 0, BOOTARGS_COUNT * sizeof *ret);
	if (!span_u32(bytes, 0, ENDIAN_BIG, &magic) || magic != TREE_MAGIC ||
	    !span_u32(bytes, 8, ENDIAN_BIG, &start) ||
	    !span_u32(bytes, 12, ENDIAN_BIG, &tree.strings))
		return false;
	tree.at = start;
	while (word_next(&tree, &token) && token_read(&tree, token, ret))
		;
	return true;
}

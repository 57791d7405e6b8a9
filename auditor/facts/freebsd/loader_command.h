/* SPDX-License-Identifier: ISC */
/* loader_command - what a command of FreeBSD's boot loader does, as exec="..." and
 * NAME_before="..." of loader.conf have it. Private to loader*.c. */
#ifndef KMODAUDIT_LOADER_COMMAND_H
#define KMODAUDIT_LOADER_COMMAND_H

#include "base/span.h"

enum loader_effect {
	LOADER_EFFECT_NONE, /* nothing that decides which kernel and modules are loaded */
	LOADER_EFFECT_SET, /* a variable is set, or unset */
	LOADER_EFFECT_UNKNOWN, /* it may load or unload, or is not known */
};

struct loader_command {
	enum loader_effect effect;
	struct span name, value; /* of the variable */
	bool unset;
	bool plain; /* VALUE is what the variable gets */
};

struct loader_command loader_command_read(struct span text);

#endif

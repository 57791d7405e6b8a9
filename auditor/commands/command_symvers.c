/* SPDX-License-Identifier: ISC */
/* Implements the command symvers, which prints the export table of an image's kernel as
 * Module.symvers (format: Linux scripts/mod/modpost.c, write_dump). */
#include "commands/command.h"

#include "base/pool.h"
#include "commands/confine/confine.h"
#include "commands/image_source.h"
#include "facts/image/image.h"
#include "report/report.h"

#include <inttypes.h>

static enum status symvers_of_image(struct arena *arena, const char *path,
				    const struct image *image)
{
	const struct kernel_exports *exports = image->kernel ? &image->kernel->exports : NULL;

	if (image->loader == LOADER_FREEBSD)
		return complain("%s: FreeBSD has no symbol versions: its kernel finds symbols by "
				"name; facts prints them for a module",
				path);
	if (!exports)
		return complain("%s: no kernel found%s%s", path, image->kernel_witness ? ": " : "",
				image->kernel_witness ? image->kernel_witness : "");
	if (!exports->source || !exports->table.count)
		return complain("%s: no export table found in the kernel%s%s", path,
				exports->why ? ": " : "", exports->why ? exports->why : "");
	/* A line has CRC, symbol, module, export class and namespace, separated by tabs
	 * (scripts/mod/modpost.c, write_dump). */
	array_each(export, &exports->table)
		fprintf(stdout, "0x%08" PRIx32 "\t%s\tvmlinux\tEXPORT_SYMBOL%s\t%s\n",
			export->has_crc ? export->crc : 0, quote(arena, export->name),
			export->gpl_only ? "_GPL" : "",
			export->name_space ? quote(arena, export->name_space) : "");
	if (exports->complete)
		return STATUS_SAFE;
	complain("%s: symbols may be missing from this list: %s", path,
		 exports->why ? exports->why : "the limits of the table are uncertain");
	return STATUS_UNPROVEN;
}

enum status command_symvers(const struct command *command, int count, char **arguments)
{
	struct arena arena _cleanup_arena_ = {0};
	struct image_options options = {.threads = pool_size(0), .undigested = true};
	const struct feeds_wanted how = {0};
	struct strings operands = {0};
	struct error error = {0};
	struct reading_values values = {0};
	struct image image;
	enum status status = STATUS_SAFE;

	if (!options_read(command, count, arguments, &values, &arena, &operands, &status))
		return status;
	if (operands.count != 1)
		return usage_error(command, "symvers: needs one IMAGE or KERNEL, not %zu",
				   operands.count);
	if (!confine_reading(&arena, &operands, NULL, values.no_sandbox))
		return STATUS_NO_ANSWER;
	if (!image_open(&arena, operands.list[0], &options, &how, &image, &error))
		return complain("%s", error.text);
	return symvers_of_image(&arena, operands.list[0], &image);
}

/* SPDX-License-Identifier: ISC */
/* mistake - what to type instead, where the files given are plainly not what is expected in
 * their places. */
#ifndef KMODAUDIT_MISTAKE_H
#define KMODAUDIT_MISTAKE_H

#include "commands/command.h"

/* "; type: kmodaudit audit fw.bin packages/", or "" where nothing plain is wrong. IMAGE_FAILED:
 * it is IMAGE that cannot be read, else one of FEEDS. COMMAND: "audit". Opens the files. */
const char *mistake_hint(struct arena *arena, const char *command, const char *image,
			 const struct strings *feeds, bool image_failed);

/* mistake_absent.c: what to say of PATH where nothing has that name: "; did you mean
 * 'files/router.bin'?", the nearest name in its folder, or that a URL needs a scheme; "" where
 * nothing is near, or PATH is there. */
const char *mistake_absent(struct arena *arena, const char *path);

/* PATH could not be read as a report: puts into ERROR what it is instead, where that is plain.
 * Always false. */
bool mistake_report(struct arena *arena, const char *path, struct error *error);

/* What audit says to PATH alone: whether it is the image or the feed that is missing. */
const char *mistake_alone(struct arena *arena, const char *path);

/* "fw.bin: is a firmware image, but a plan is expected here; ...", or NULL where PATH may be a
 * plan. */
const char *mistake_plan(struct arena *arena, const char *path);

/* What gate says to OPERANDS that are not one plan: "; type: kmodaudit gate --init fw.bin
 * packages/ >plan.yaml", or "" where the first of several may be a plan. */
const char *mistake_plans(struct arena *arena, const struct strings *operands);

/* For a plan that is to be written: fails unless IMAGE can be an image and each of FEEDS a
 * feed. URLs are not looked at. */
bool mistakes_none(struct arena *arena, const char *image, const struct strings *feeds,
		   struct error *error);

#endif

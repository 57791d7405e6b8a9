/* SPDX-License-Identifier: ISC */
/* mistake - recognises files in the wrong place on the command line and suggests
 * what to type. */
#ifndef KMODAUDIT_MISTAKE_H
#define KMODAUDIT_MISTAKE_H

#include "commands/command.h"

/* A hint such as "; type: kmodaudit audit fw.bin packages/", or "" if no clear mistake
 * is found. IMAGE_FAILED: IMAGE cannot be read, otherwise one of FEEDS. COMMAND is the
 * command's name. Opens the files. */
const char *mistake_hint(struct arena *arena, const char *command, const char *image,
			 const struct strings *feeds, bool image_failed);

/* mistake_absent.c: a hint for a PATH that does not exist, such as "; did you mean
 * 'files/router.bin'?" with the nearest name in its folder, or that a URL needs a
 * scheme. "" if there is none, or PATH exists. */
const char *mistake_absent(struct arena *arena, const char *path);

/* PATH could not be read as a report: if it is clearly something else, sets ERROR.
 * Always returns false. */
bool mistake_report(struct arena *arena, const char *path, struct error *error);

/* The message of audit for PATH as the only operand: the image or the
 * feed is missing. */
const char *mistake_alone(struct arena *arena, const char *path);

/* A message such as "fw.bin: is a firmware image, but a plan is expected here; ...", or
 * NULL if PATH may be a plan. */
const char *mistake_plan(struct arena *arena, const char *path);

/* The hint of gate for OPERANDS that are not one plan, such as "; type: kmodaudit gate
 * --init fw.bin packages/ >plan.yaml", or "" if the first of several may be a plan. */
const char *mistake_plans(struct arena *arena, const struct strings *operands);

/* Before a plan is written: fails unless IMAGE can be an image and each of FEEDS a
 * feed. URLs are not checked. */
bool mistakes_none(struct arena *arena, const char *image, const struct strings *feeds,
		   struct error *error);

#endif

/* SPDX-License-Identifier: ISC */
/* image_question - what an image tells about the build that made it, for a search for
 * the lines behind its abi hash. */
#ifndef KMODAUDIT_IMAGE_QUESTION_H
#define KMODAUDIT_IMAGE_QUESTION_H

#include "facts/image/image.h"
#include "facts/search/abi_identify.h"

/* Release and target of IMAGE, from its own files, else from the addresses of its
 * feeds; its machine. Without hash, kernel and packages: these are of one build, and an
 * image and a feed may be of two. */
struct abi_question image_place(struct arena *arena, const struct image *image);
/* The same with the kernel of the image and the packages of its
 * database and manifest. */
struct abi_question image_question(struct arena *arena, const struct image *image);

#endif

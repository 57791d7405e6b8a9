/* SPDX-License-Identifier: ISC */
/* kld_arm - which 32-bit ARM a program of FreeBSD is built for. */
#ifndef KMODAUDIT_KLD_ARM_H
#define KMODAUDIT_KLD_ARM_H

#include "base/span.h"

/* "armv6" or "armv7", as FreeBSD's pkg decides it by ATTRIBUTES, the section
 * .ARM.attributes (libpkg/pkg_elf.c, aeabi_parse_arm_attributes). NULL: it
 * does not say. */
const char *kld_arm_name(struct span attributes);

#endif

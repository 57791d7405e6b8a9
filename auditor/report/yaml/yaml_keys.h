/* SPDX-License-Identifier: ISC */
/* yaml_keys - functions that the YAML printers share. Private to report/. */
#ifndef KMODAUDIT_YAML_KEYS_H
#define KMODAUDIT_YAML_KEYS_H

#include "report/write/emit.h"
#include "report/report.h"
#include "facts/world/world_sets.h"

/* yaml_image.c: print the keys of an image or kernel into a map that
 * the caller opened. */
void yaml_image_keys(struct emit *emit, const struct image *image, const struct known_sets *sets);
/* The key "abi": {version, hash}, or null if unknown. */
void yaml_abi(struct emit *emit, const struct abi *abi, const struct known_sets *sets);
/* Whose lines the abi hash HASH was made of and how they were found, into a map that the
 * caller opened; nothing if SETS (NULL: none) do not mention it. */
void yaml_set_keys(struct emit *emit, const char *hash, const struct known_sets *sets);
/* The key "this_module": {size, init, exit}, or null if unknown. */
void yaml_this_module(struct emit *emit, const struct this_module *this_module);
void yaml_machine(struct emit *emit, const char *key, struct machine machine);

/* yaml_shared.c: print the keys that reports of audit and gate have in common, into a
 * map that the caller opened. */
void yaml_tool(struct emit *emit);
/* COUNT is the number of packages, by enum verdict. */
void yaml_counts(struct emit *emit, const size_t count[VERDICT_COUNT]);
void yaml_waiver_keys(struct emit *emit, const struct waiver *waiver);

/* yaml_feed.c */
void yaml_feed_keys(struct emit *emit, const struct feed *feed, const struct known_sets *sets);

/* yaml_config.c */
/* What COMPARISON found: the keys core to values, into a map that the caller opened. */
void yaml_comparison_keys(struct emit *emit, const struct comparison *comparison);
/* The key "rules": {series, exact}, or null if there are none for the series. */
void yaml_layout_rules(struct emit *emit, const struct layout_choice *layout);

/* yaml_kld.c: the key "kld" with the records of KLD. */
void yaml_kld(struct emit *emit, const struct kld *kld);
/* The key "boot" of a FreeBSD image, and the keys of a FreeBSD kernel. */
void yaml_boot(struct emit *emit, const struct kld_boot *boot);
void yaml_kld_kernel(struct emit *emit, const struct kld_kernel *kernel);
/* The keys that only reports about FreeBSD have: system, osreldate, ident and interfaces
 * of an image's kernel; osreldate and abi of a package. */
void yaml_system(struct emit *emit, const struct image *image);
void yaml_package_system(struct emit *emit, const struct package *package);

/* yaml_module.c */
void yaml_module_keys(struct emit *emit, const struct module *module);

#endif

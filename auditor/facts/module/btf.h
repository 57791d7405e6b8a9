/* SPDX-License-Identifier: ISC */
/* btf - the type information of a kernel, and whether a kernel takes that of a module. What is
 * checked is what kernel/bpf/btf.c checks when a module is loaded: header, strings, each type
 * by itself, chains of modifiers, and the mapping of a .BTF.base. */
#ifndef KMODAUDIT_BTF_H
#define KMODAUDIT_BTF_H

#include "base/arena.h"
#include "base/span.h"
#include "facts/module/series.h"

enum { BTF_KIND_MOST = 19, BTF_TYPES_MOST = 0xfffff, BTF_NAME_MOST = 0xffffff };

/* One BTF, its types found. Type 0 is void; the types of a module's BTF are numbered behind
 * those of its base. */
struct btf {
	enum endian endian;
	struct span types, strings;
	/* places in TYPES of the types 1, 2, ..., or of those behind the base's */
	const uint32_t *at;
	uint32_t count; /* of them */
	const struct btf *base; /* NULL: it stands alone */
};

/* One struct btf_type: name_off, info, size_or_type, 4 bytes each, and what its kind adds. */
struct btf_type {
	uint32_t name, value; /* VALUE: size or type */
	uint32_t kind, vlen;
	bool kflag;
	struct span more;
};

/* Why a BTF is refused. */
struct btf_fault {
	const char *text; /* NULL: it is not */
	/* of the format: a kernel that is newer than the one that was read may know more */
	bool form;
};

/* BYTES, which RET borrows, as a BTF of a kernel of SERIES; indexes go to ARENA. With BASE it
 * is split: its types and strings come after those of BASE. */
bool btf_read(struct arena *arena, struct span bytes, enum endian endian, const struct btf *base,
	      struct series series, struct btf *ret, struct btf_fault *fault);
/* Type ID; false for void and where there is none. */
bool btf_type_get(const struct btf *btf, uint32_t id, struct btf_type *ret);
/* The string at OFFSET, of BTF or of its base. */
bool btf_string(const struct btf *btf, uint32_t offset, struct span *ret);

/* btf_find.c: the BTF of a kernel image that has no section headers: the candidate with most
 * types. Copied to ARENA; NULL: none. */
const struct btf *btf_find(struct arena *arena, struct span image, const char *witness,
			   const char **ret_witness);
/* The same of the bytes of a section .BTF. */
const struct btf *btf_of_section(struct arena *arena, struct span bytes, enum endian endian);

enum btf_fit { BTF_FITS, BTF_REFUSED, BTF_UNSURE };

/* btf_module.c: what a kernel of SERIES with the BTF KERNEL makes of a module's sections .BTF
 * and .BTF.base (empty: none). WHY is a clause where it is not BTF_FITS. */
enum btf_fit btf_module_fit(struct arena *arena, const struct btf *kernel, struct span bytes,
			    struct span base, enum endian endian, struct series series,
			    const char **why);

#endif

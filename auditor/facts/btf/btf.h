/* SPDX-License-Identifier: ISC */
/* btf - reads the type information of kernels and modules, and decides whether a kernel accepts a
 * module's. It makes the checks of kernel/bpf/btf.c when a module is loaded: header, strings,
 * each type by itself, chains of modifiers, and the mapping of .BTF.base. */
#ifndef KMODAUDIT_BTF_H
#define KMODAUDIT_BTF_H

#include "base/arena.h"
#include "base/span.h"
#include "facts/module/series.h"

enum { BTF_KIND_MOST = 19, BTF_TYPES_MOST = 0xfffff, BTF_NAME_MOST = 0xffffff };

/* A parsed BTF. Type 0 is void. The ids of a module's own types continue after those of its
 * base. */
struct btf {
	enum endian endian;
	struct span types, strings;
	/* offsets in TYPES of the types 1, 2, ..., or of the types after the base's */
	const uint32_t *at;
	uint32_t count; /* number of offsets in AT */
	const struct btf *base; /* NULL: this BTF has no base */
};

/* A struct btf_type: name_off, info, size_or_type (4 bytes each), and the elements of its kind. */
struct btf_type {
	uint32_t name, value; /* offset of the name; size or type id */
	uint32_t kind, vlen;
	bool kflag;
	struct span more;
};

/* The reason why a BTF is refused. */
struct btf_fault {
	const char *text; /* NULL: it is accepted */
	/* the format itself is wrong or too new: a later kernel than those read may accept it */
	bool form;
};

/* Parses BYTES as a kernel of SERIES would, and checks each type. RET borrows BYTES; its index is
 * in ARENA. BASE, if not NULL, is the BTF whose types and strings come before these. False with
 * the reason in FAULT. */
bool btf_read(struct arena *arena, struct span bytes, enum endian endian, const struct btf *base,
	      struct series series, struct btf *ret, struct btf_fault *fault);
/* Reads type ID. False for void and for an id that does not exist. */
bool btf_type_get(const struct btf *btf, uint32_t id, struct btf_type *ret);
/* The string at OFFSET of BTF or of its base. False if there is none. */
bool btf_string(const struct btf *btf, uint32_t offset, struct span *ret);

/* btf_find.c: searches a kernel image without section headers for BTF and returns the one with
 * the most types, copied to ARENA; NULL if there is none. RET_WITNESS is WITNESS with the
 * offset. */
const struct btf *btf_find(struct arena *arena, struct span image, const char *witness,
			   const char **ret_witness);
/* The same for the bytes of a section .BTF. */
const struct btf *btf_of_section(struct arena *arena, struct span bytes, enum endian endian);

enum btf_fit { BTF_FITS, BTF_REFUSED, BTF_UNSURE };

/* btf_module.c: whether a kernel of SERIES with the BTF KERNEL accepts a module with the sections
 * .BTF (BYTES) and .BTF.base (BASE), which are empty if the module has none. WHY is a clause with
 * the reason, unless the result is BTF_FITS. */
enum btf_fit btf_module_fit(struct arena *arena, const struct btf *kernel, struct span bytes,
			    struct span base, enum endian endian, struct series series,
			    const char **why);

#endif

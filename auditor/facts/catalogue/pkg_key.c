/* SPDX-License-Identifier: ISC */
/* Reads the EdDSA keys and signatures of FreeBSD's pkg
 * (libpkg/pkgsign_ecc.c: ecc_read_pkgkey, ecc_extract_signature). */
#include "facts/catalogue/pkg_key.h"
#include "base/verify.h"

#include <string.h>

/* Both are DER:
 *     key        SEQUENCE { UTF8String "pkg", INTEGER 1, UTF8String "ecc", UTF8String "WEI25519",
 *                           BOOLEAN true, BIT STRING 00 04 x[32] y[32] }
 *     signature  SEQUENCE { INTEGER, INTEGER }
 * The point is on the Weierstrass form of Curve25519. The integers are the bytes of the two halves
 * of an Ed25519 signature (R, S): pkg takes them for big-endian numbers, so that zeros in front of
 * a half are lost and a 0 stands before a first byte of 0x80 and more. */
enum {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BITS = 0x03,
	DER_TEXT = 0x0c,
	DER_SEQUENCE = 0x30,
	HALF_SIZE = ED25519_SIGNATURE_SIZE / 2,
};

/* Removes the next element from REST, which has TAG and a length below 128. No
 * element of these keys and signatures is longer, but the sequence around a key: 0x81
 * and one byte. */
static bool der_cut(struct span *rest, uint8_t tag, struct span *ret)
{
	uint8_t found = 0, size = 0;
	size_t head = 2;

	if (!span_u8(*rest, 0, &found) || !span_u8(*rest, 1, &size) || found != tag)
		return false;
	if (size == 0x81 && !span_u8(*rest, head++, &size))
		return false;
	if ((head == 2 && size >= 0x80) || !span_cut(*rest, head, size, ret))
		return false;
	*rest = span_skip(*rest, head + size);
	return true;
}

static bool der_has(struct span *rest, uint8_t tag, struct span wanted)
{
	struct span found;

	return der_cut(rest, tag, &found) && span_equal(found, wanted);
}

static bool point_read(struct span key, struct span *ret)
{
	struct span rest, public, bits;

	if (!der_cut(&key, DER_SEQUENCE, &rest) || !der_has(&rest, DER_TEXT, SPAN_OF("pkg")) ||
	    !der_has(&rest, DER_INTEGER, SPAN_OF("\1")) ||
	    !der_has(&rest, DER_TEXT, SPAN_OF("ecc")) ||
	    !der_has(&rest, DER_TEXT, SPAN_OF("WEI25519")) ||
	    !der_cut(&rest, DER_BOOLEAN, &public) || public.size != 1 || !public.data[0] ||
	    !der_cut(&rest, DER_BITS, &bits) || !span_has(bits, 0, SPAN_OF("\0\4")))
		return false;
	*ret = span_skip(bits, 2);
	return ret->size == ED25519_POINT_SIZE;
}

bool pkg_key_is(struct span text)
{
	struct span point;
	uint8_t key[ED25519_KEY_SIZE];

	return point_read(text, &point) && ed25519_key_of(point, key);
}

/* Writes a half of the signature, with the zeros that its integer lacks. */
static bool half_read(struct span *rest, uint8_t *half)
{
	struct span integer;

	if (!der_cut(rest, DER_INTEGER, &integer))
		return false;
	if (integer.size > 1 && integer.data[0] == 0 && integer.data[1] >= 0x80)
		integer = span_skip(integer, 1);
	if (integer.size == 0 || integer.size > HALF_SIZE)
		return false;
	memcpy(half + HALF_SIZE - integer.size, integer.data, integer.size);
	return true;
}

bool pkg_key_verify(struct span key, struct span signature, struct span message)
{
	uint8_t public[ED25519_KEY_SIZE], raw[ED25519_SIGNATURE_SIZE] = {0};
	struct span point, rest;

	return point_read(key, &point) && ed25519_key_of(point, public) &&
	       der_cut(&signature, DER_SEQUENCE, &rest) && half_read(&rest, raw) &&
	       half_read(&rest, raw + HALF_SIZE) &&
	       ed25519_verify(span_from(public, sizeof public), span_from(raw, sizeof raw),
			      message);
}

/* SPDX-License-Identifier: ISC */
/* Estimates the entropy of a range of bytes from samples, to tell compressed or
 * encrypted data from other data. */
#include "unpack/firmware/flash.h"

enum { SAMPLE = 1024, SAMPLES = 1024 };

/* log2 in units of 1/65536, by squaring, because the program does not use libm. */
static uint64_t log2_fixed(uint64_t value)
{
	unsigned whole = 63 - (unsigned)__builtin_clzll(value);
	uint64_t rest = whole > 31 ? value >> (whole - 31) : value << (31 - whole);
	uint64_t result = whole;

	for (unsigned i = 0; i < 16; i++) {
		rest = rest * rest >> 31;
		result <<= 1;
		if (rest >> 32) {
			rest >>= 1;
			result |= 1;
		}
	}
	return result;
}

unsigned entropy_of(struct span bytes)
{
	uint64_t counts[256] = {0}, all = 0, sum = 0;
	size_t step = bytes.size / SAMPLES > SAMPLE ? bytes.size / SAMPLES : SAMPLE;

	for (size_t at = 0; at < bytes.size; at += step) {
		struct span sample = span_head(span_skip(bytes, at), SAMPLE);

		if (span_filled(sample, sample.data[0])) /* padding */
			continue;
		for (size_t i = 0; i < sample.size; i++)
			counts[sample.data[i]]++;
		all += sample.size;
	}
	for (unsigned i = 0; i < 256; i++)
		sum += counts[i] ? counts[i] * (log2_fixed(all) - log2_fixed(counts[i])) : 0;
	return all ? (unsigned)(sum / all * 100 >> 16) : 0;
}

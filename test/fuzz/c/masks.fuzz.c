// SPDX-License-Identifier: MIT
/* Masks in both forms: a mask that was read is written so that the same is read again. */
#include "base/cpumask.h"
#include "fuzz.h"

static void check_list(const char *list)
{
	struct mask mask, again;
	struct text text = {0};

	if (mask_read_list(&mask, list))
		return;
	mask_add_list(&text, &mask);
	text_bytes(&text, "", 1);
	HOLDS(!mask_read_list(&again, text.data) && mask_equal(&mask, &again));
	free(text.data);
}

static void check_kernel(const char *form, unsigned int width)
{
	struct mask mask, again, within = {0};
	struct text text = {0};

	if (mask_read_kernel(&mask, form))
		return;
	for (unsigned int cpu = 0; cpu < width; cpu++)
		mask_set(&within, cpu);
	within = mask_and(&within, &mask);
	mask_add_kernel(&text, &within, width);
	text_bytes(&text, "", 1);
	HOLDS(!mask_read_kernel(&again, text.data) && mask_equal(&within, &again));
	free(text.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A host may have up to 65536 possible CPUs, more than a mask has room for. */
	unsigned int width = size > 1 ? (data[0] << 8 | data[1]) + 1 : 1;
	char *text = fuzz_text(data + (size > 1 ? 2 : size), size > 1 ? size - 2 : 0);

	check_list(text);
	check_kernel(text, width);
	free(text);
	return 0;
}

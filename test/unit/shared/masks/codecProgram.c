// SPDX-License-Identifier: MIT
/*
 * The loader's mask codec for tests. Each line of stdin is a width, "list" or "mask" and a set of CPUs in that form;
 * the answer is the set in both forms, or "bad".
 */
#include <stdio.h>
#include <string.h>
#include "base/cpumask.h"

int main(void)
{
	static char form[65536];
	unsigned int width;
	char kind[8];

	while (scanf("%u %7s", &width, kind) == 2) {
		struct text text = {0};
		struct mask mask;

		/* A set in brackets, so that an empty one is something as well. */
		if (scanf(" [%65535[^]\n]", form) != 1)
			form[0] = '\0';
		scanf("]");
		if (strcmp(kind, "list") ? mask_read_kernel(&mask, form)
					 : mask_read_list(&mask, form)) {
			puts("bad");
			continue;
		}
		text_add(&text, "[");
		mask_add_list(&text, &mask);
		text_add(&text, "] ");
		mask_add_kernel(&text, &mask, width);
		printf("%.*s\n", (int)text.length, text.data);
	}
	return 0;
}

// SPDX-License-Identifier: MIT
/* The loader's way of writing numbers for tests: each line of stdin is a counter, and so is each line of the answer. */
#include <stdio.h>
#include <stdlib.h>
#include "base/text.h"

int main(void)
{
	struct text text = {0};
	unsigned long long counter;

	while (scanf("%llu", &counter) == 1) {
		text_counter(&text, counter);
		text_add(&text, "\n");
	}
	fwrite(text.data, 1, text.length, stdout);
	free(text.data);
	return 0;
}

// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include "base/memory.h"
#include "terminal/rates.h"

void rates_update(struct rates *rates, const struct counters *counters, uint64_t ns)
{
	double seconds = (ns - rates->last_ns) / 1e9;

	rates->last = must(realloc(rates->last, (counters->count + 1) * sizeof(*rates->last)));
	rates->rate = must(realloc(rates->rate, (counters->count + 1) * sizeof(*rates->rate)));
	for (size_t i = 0; i < counters->count; i++) {
		uint64_t skbs = counter_values(&counters->list[i]).skbs;
		uint64_t last = i < rates->count ? rates->last[i] : 0;

		rates->rate[i] = rates->last_ns ? (skbs - last) / seconds + 0.5 : 0;
		rates->last[i] = skbs;
	}
	rates->count = counters->count;
	rates->last_ns = ns;
	if (!rates->first_ns)
		rates->first_ns = ns;
}

double rates_from_start(struct rates *rates, uint64_t ns)
{
	rates->count = 0;
	rates->last_ns = rates->first_ns;
	return (ns - rates->first_ns) / 1e9;
}

/* Marks CPUs in use, then numbers them: `numbers` holds the place of each in the matrix. */
static void number_cpus(struct matrix *matrix, unsigned int *numbers, unsigned int cpus,
			const struct counters *counters)
{
	for (size_t i = 0; i < counters->count; i++) {
		int target = counter_decision(&counters->list[i]).target;

		numbers[counters->list[i].cpu] = 1;
		if (target >= 0 && (unsigned int)target < cpus)
			numbers[target] = 1;
	}
	for (unsigned int id = 0; id < cpus; id++) {
		if (!numbers[id])
			continue;
		numbers[id] = matrix->count;
		matrix->cpus[matrix->count++] = id;
	}
}

static void add_counter(struct matrix *matrix, const unsigned int *numbers, unsigned int cpus,
			const struct counter *counter, uint64_t rate)
{
	int target = counter_decision(counter).target;
	unsigned int column = matrix->count;

	if (target < 0)
		matrix->none += rate;
	else if ((unsigned int)target == counter->cpu)
		matrix->self += rate;
	else
		matrix->steered += rate;
	if (target >= 0 && (unsigned int)target < cpus)
		column = numbers[target];
	*matrix_cell(matrix, numbers[counter->cpu], column) += rate;
}

struct matrix matrix_of(const struct rates *rates, const struct counters *counters,
			unsigned int cpus)
{
	unsigned int *numbers = must(calloc(cpus, sizeof(*numbers)));
	struct matrix matrix = {.cpus = must(calloc(cpus, sizeof(*matrix.cpus)))};

	number_cpus(&matrix, numbers, cpus, counters);
	matrix.cells = must(
		calloc((size_t)(matrix.count + 1) * (matrix.count + 1), sizeof(*matrix.cells)));
	for (size_t i = 0; i < counters->count; i++)
		add_counter(&matrix, numbers, cpus, &counters->list[i], rates->rate[i]);
	free(numbers);
	return matrix;
}

void matrix_free(struct matrix *matrix)
{
	free(matrix->cpus);
	free(matrix->cells);
}

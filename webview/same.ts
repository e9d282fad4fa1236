/** Whether two lists hold the same things: what was made from the one need not be made from the other. */
export function same(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((part, place) => part === other[place]);
}

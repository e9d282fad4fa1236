/**
 * The size of an element as the page told it last, in CSS pixels. To ask the element itself makes the page lay out all that
 * has changed until then, several times for one picture.
 */
export class Size {
  #width = 0;
  #height = 0;

  /** @param changed the element has another size, or is seen again. */
  constructor(
    private readonly element: HTMLElement,
    changed: () => void,
  ) {
    new ResizeObserver(() => {
      this.#read();
      changed();
    }).observe(element);
  }

  /** 0 by 0 while it is not seen. */
  get now(): { readonly width: number; readonly height: number } {
    // It may just have come to be seen, and the page has not told yet.
    if (this.#width === 0 || this.#height === 0) this.#read();
    return { width: this.#width, height: this.#height };
  }

  #read(): void {
    this.#width = this.element.clientWidth;
    this.#height = this.element.clientHeight;
  }
}

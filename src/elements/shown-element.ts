import { labelsIn } from './labels-in.js';
import type { ElementLabels } from './labels.js';
import type { Lazy } from './lazy.js';

/** On a server there are no elements, but the module can be imported. */
const ElementBase: typeof HTMLElement =
  // Never constructed: only a browser makes elements.
  globalThis.HTMLElement ?? (Object as unknown as typeof HTMLElement);

/**
 * What the elements share: words in the page's language, one update for all properties that are set together, and a shadow
 * root that needs no inline style and no markup from strings.
 */
export abstract class ShownElement<View> extends ElementBase {
  #labels: Partial<ElementLabels> = {};
  #isScheduled = false;
  #root: ShadowRoot | undefined;

  /**
   * Words in place of the element's own, by their names; give as many as you want to replace. The others come from the
   * language of the nearest `lang`: English, or German. @default {}
   */
  get labels(): Partial<ElementLabels> {
    return this.#labels;
  }

  set labels(labels: Partial<ElementLabels> | null | undefined) {
    this.#labels = labels ?? {};
    this.schedule();
  }

  /** The browser calls it. */
  connectedCallback(): void {
    // A property set before the element was defined hides the real one.
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(this))) {
      if (!(name in Object.getPrototypeOf(this))) continue;
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, value);
    }
    this.schedule();
  }

  /** Updates the element once for all properties that are set together. */
  protected schedule(): void {
    if (this.#isScheduled || !this.isConnected) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      const labels = labelsIn(this.closest('[lang]')?.getAttribute('lang') ?? '');
      const view = this.view();
      // Later updates find both loaded, and are done within this turn.
      if (labels instanceof Promise || view instanceof Promise) void this.#showWhenLoaded(labels, view);
      else this.#show(labels, view);
    });
  }

  async #showWhenLoaded(labels: ElementLabels | Promise<ElementLabels>, view: View | Promise<View>): Promise<void> {
    try {
      // Words never fail to come, so only the view can reject; both are on their way already.
      const loaded = await view;
      this.#show(await labels, loaded);
    } finally {
      this.#isScheduled = false;
    }
  }

  #show(labels: ElementLabels, view: View): void {
    this.#isScheduled = false;
    this.render(view, { ...labels, ...this.#labels });
  }

  /** The part of the element that draws: a page loads it with the first of its elements. */
  protected abstract readonly view: Lazy<View>;

  /** Fills the shadow root. */
  protected abstract render(view: View, labels: ElementLabels): void;

  /** The shadow root with a style sheet and what it shows first. */
  protected open(sheet: CSSStyleSheet, ...content: readonly Node[]): ShadowRoot {
    this.#root ??= this.attachShadow({ mode: 'open' });
    this.#root.adoptedStyleSheets = [sheet];
    this.#root.replaceChildren(...content);
    return this.#root;
  }
}

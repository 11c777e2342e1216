import { GERMAN } from './german.js';
import { ENGLISH, type ElementLabels } from './labels.js';

/** On a server there are no elements, but the module can be imported. */
const ElementBase: typeof HTMLElement =
  // Never constructed: only a browser makes elements.
  globalThis.HTMLElement ?? (Object as unknown as typeof HTMLElement);

/** The languages that come with the elements. */
const LANGUAGES: Readonly<Record<string, ElementLabels>> = { en: ENGLISH, de: GERMAN };

/**
 * What the elements share: words in the page's language, one update for all properties that are set together, and a shadow
 * root that needs no inline style and no markup from strings.
 */
export abstract class ShownElement extends ElementBase {
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
      this.#isScheduled = false;
      const [language = ''] = (this.closest('[lang]')?.getAttribute('lang') ?? '').toLowerCase().split('-');
      const own = Object.hasOwn(LANGUAGES, language) ? LANGUAGES[language] : undefined;
      this.render({ ...ENGLISH, ...own, ...this.#labels });
    });
  }

  /** Fills the shadow root. */
  protected abstract render(labels: ElementLabels): void;

  /** The shadow root with a style sheet and what it shows first. */
  protected open(sheet: CSSStyleSheet, ...content: readonly Node[]): ShadowRoot {
    this.#root ??= this.attachShadow({ mode: 'open' });
    this.#root.adoptedStyleSheets = [sheet];
    this.#root.replaceChildren(...content);
    return this.#root;
  }
}

/** A style sheet of a text, made when it is first asked for: a server has none. */
export function lazySheet(css: string): () => CSSStyleSheet {
  let sheet: CSSStyleSheet | undefined;
  return () => {
    if (sheet === undefined) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
    }
    return sheet;
  };
}

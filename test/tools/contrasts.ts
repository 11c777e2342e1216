import type { Locator } from 'playwright-core';

/** A colour on what lies behind it. */
export interface Contrast {
  what: string;
  /** 1 to 21, as WCAG defines it. */
  ratio: number;
}

/**
 * The contrast of all texts inside an element, or inside its shadow root, and of what its selector for graphics matches,
 * each with the nearest background behind it. For what axe leaves undecided: short labels, bars, texts inside images.
 */
export function contrastsIn(element: Locator, graphics: string): Promise<readonly Contrast[]> {
  return element.evaluate((host, selector) => {
    const root = host.shadowRoot ?? host;
    const luminance = (color: readonly number[]): number => {
      const [red = 0, green = 0, blue = 0] = color.map((channel) => {
        const share = channel / 255;
        return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const channels = (color: string): readonly number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
    const isOpaque = (color: string): boolean => (channels(color)[3] ?? 1) > 0;
    const background = (from: Element | null): string => {
      for (let each = from; each !== null; each = each.parentElement) {
        const { backgroundColor } = getComputedStyle(each);
        if (isOpaque(backgroundColor)) return backgroundColor;
      }
      return 'rgb(255, 255, 255)';
    };
    const contrast = (what: string, front: string, back: string) => {
      const [lighter = 0, darker = 0] = [luminance(channels(front)), luminance(channels(back))].toSorted(
        (a, b) => b - a,
      );
      return { what, ratio: (lighter + 0.05) / (darker + 0.05) };
    };
    const isShown = (each: Element): boolean => each.getClientRects().length > 0;
    const all = [...root.querySelectorAll('*')].filter(isShown);
    const texts = all
      .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim() !== ''))
      .map((each) => contrast(each.textContent ?? '', getComputedStyle(each).color, background(each)));
    const drawn = [...root.querySelectorAll(selector)].filter(isShown).map((each) => {
      const { backgroundColor, borderTopColor, borderTopWidth } = getComputedStyle(each);
      const color = borderTopWidth === '0px' ? backgroundColor : borderTopColor;
      return contrast(each.className, color, background(each.parentElement));
    });
    return [...texts, ...drawn];
  }, graphics);
}

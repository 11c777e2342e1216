import { stripHidden } from './strip-hidden.js';

/** Longer texts are cut first, so that hostile markup costs little. */
const FEEDBACK_CHARACTERS = 10_000;

const ACTIVE_ELEMENT = /<(script|style|iframe|svg|object)\b[^>]*>[^]*?<\/\1\s*>/gi;
const BLOCK_TAG =
  /<\/?(?:blockquote|br|div|dd|dl|dt|form|h[1-6]|hr|li|ol|p|pre|section|table|td|th|tr|ul)(?:\s[^<>]*|\/)?>/gi;
const INLINE_TAG =
  /<\/?(?:a|b|base|big|body|button|code|del|em|embed|font|head|html|i|iframe|img|input|ins|label|link|mark|math|meta|object|s|script|small|span|strong|style|sub|sup|svg|tbody|textarea|thead|title|u|video|audio)(?:\s[^<>]*|\/)?>/gi;
// No bracket within a label: each would be tried as a beginning, and a text of brackets would take quadratic time.
const IMAGE = /!\[[^[\]\n]*\]\([^()\n]*\)/g;
const LINK = /\[([^[\]\n]*)\]\(([^()\n]*)\)/g;
const ADDRESS = /<?(?:(?:https?|ftp):\/\/|\bjavascript:|\bdata:\w+\/|\bwww\.)[^\s<>]+>?/gi;
const TAG_START = /<(?=[a-z/!?])/gi;

/** What every kind of markup has. */
const ANY_MARKUP = /[<[]|:\/\/|javascript:|data:|www\./i;

/** A text without markup, and whether it had any. */
export interface PlainFeedback {
  text: string;
  hadMarkup: boolean;
}

/**
 * A model's text as plain text: without HTML tags, scripts, Markdown images and links, web addresses and invisible
 * characters. A `<` that could still open a tag gets a space behind it, so that the text does no harm where it is shown
 * as HTML by mistake.
 */
export function plainFeedback(feedback: string): PlainFeedback {
  const visible = stripHidden(feedback.slice(0, FEEDBACK_CHARACTERS)).text;
  if (!ANY_MARKUP.test(visible)) return { text: visible.trim(), hadMarkup: false };
  const untagged = visible.replace(ACTIVE_ELEMENT, ' ').replace(BLOCK_TAG, ' ').replace(INLINE_TAG, '');
  const unlinked = untagged.replace(IMAGE, '').replace(LINK, withoutTarget);
  // A space in the place of an address: what stood on both sides of it must not become one.
  const plain = unlinked.replace(ADDRESS, ' ').replace(TAG_START, '< ');
  const hadMarkup = plain !== visible;
  return { text: (hadMarkup ? plain.replace(/ {2,}/g, ' ') : plain).trim(), hadMarkup };
}

/** What points nowhere is no link but code, as in `actions[name](input)`. */
function withoutTarget(link: string, label: string, target: string): string {
  return /[:/.#]/.test(target) ? label : link;
}

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

const ENGLISH = words(
  'the of and to is that it for are as with on be by this from or have which at can will more than because',
);
/** Small words of other languages that are no English words. */
const OTHERS = words(
  'der das und ist nicht ein eine den dem zu mit sich auf für von werden wird durch bei oder aus nach wie kann ' +
    'le les des une est et que qui dans pour sur par pas sont avec plus du au ce se el los las del una es por con para ' +
    'se como más su al y il di che un per non della sono gli nel dei alla o os da em não uma com dos ao het een van en ' +
    'dat niet zijn op te voor och att det som är på av',
);

/** Whether texts in Latin letters may be English: they have no more small words of other languages than of English. */
export function looksEnglish(texts: readonly string[]): boolean {
  const found =
    texts
      .join(' ')
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [];
  const english = found.filter((word) => ENGLISH.has(word)).length;
  const others = found.filter((word) => OTHERS.has(word)).length;
  return others < 2 || others <= english;
}

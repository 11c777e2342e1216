/**
 * What makes two providers give interchangeable grades: the vendor, where it is reached, and how it is asked. Host and
 * path only: a base URL may carry credentials or a key.
 */
export function providerFingerprint(vendor: string, baseUrl: string | undefined, settings: readonly unknown[]): string {
  return JSON.stringify([vendor, placeOf(baseUrl), ...settings.map((setting) => setting ?? null)]);
}

function placeOf(baseUrl: string | undefined): string | null {
  if (baseUrl === undefined || !URL.canParse(baseUrl)) return null;
  const { host, pathname } = new URL(baseUrl);
  return host + pathname;
}

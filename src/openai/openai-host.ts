/** Whether a base URL is OpenAI's own or Azure's; a client without one is taken for OpenAI's. */
export function isOpenAIHost(baseUrl: string | undefined): boolean {
  const host = hostOf(baseUrl);
  return host === undefined || /(?:^|\.)(?:api\.openai\.com|openai\.azure\.com)$/.test(host);
}

/** Whether a base URL is Anthropic's own, which also speaks this protocol. */
export function isAnthropicHost(baseUrl: string | undefined): boolean {
  return hostOf(baseUrl) === 'api.anthropic.com';
}

/** What messages call the other side. */
export function serverLabel(baseUrl: string | undefined): string {
  return isOpenAIHost(baseUrl) ? 'OpenAI' : (hostOf(baseUrl) ?? 'OpenAI');
}

function hostOf(baseUrl: string | undefined): string | undefined {
  return baseUrl !== undefined && URL.canParse(baseUrl) ? new URL(baseUrl).host : undefined;
}

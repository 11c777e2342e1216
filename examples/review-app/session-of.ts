import { parse } from 'hono/utils/cookie';

/** The session that a Cookie header names. */
export function sessionOf(cookies = ''): string | undefined {
  return parse(cookies, 'session')['session'];
}

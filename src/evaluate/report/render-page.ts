import { markup, type Markup } from './markup.js';
import { reportStyle } from './report-style.js';

/** A page that needs nothing else: no script, no font, no picture from anywhere. */
export function renderPage(title: string, content: Markup): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`.text;
}

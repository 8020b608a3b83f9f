import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startChromium } from '../tests/fixtures/chromium.ts';
import { running } from '../tests/fixtures/running.ts';

// Takes the picture in README.md: the front page of a server on its sandbox, in Chromium (CHROMIUM_PATH, or where Debian has
// it), as `npm run picture`, on PORT. It is not part of what `npm run generate` writes, because fonts differ between machines.

const PICTURE = fileURLToPath(new URL('../docs/front-page.png', import.meta.url));

const server = await running({ PORT: process.env['PORT'] ?? '3002' });
const browser = await startChromium();
try {
  const page = await browser.newPage({ viewport: { width: 1100, height: 800 }, colorScheme: 'light' });
  await page.goto(`http://localhost:${server.port}/info`);
  writeFileSync(PICTURE, await page.screenshot({ type: 'png' }));
} finally {
  await browser.close();
  await server.stop();
}
console.log(`Wrote ${PICTURE}.`);

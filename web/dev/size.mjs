// Prints what a first visit of each page loads, gzipped: the page and the scripts and styles it names.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const DIST = join(import.meta.dirname, '..', 'dist');
const gz = (path) => gzipSync(readFileSync(join(DIST, path))).length;
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

for (const page of ['index.html', 'chat.html', 'desk.html']) {
  const html = readFileSync(join(DIST, page), 'utf8');
  const named = [...new Set([...html.matchAll(/(?:src|href)="\/(assets\/[^"]+|widget\.js)"/g)].map((match) => match[1]))];
  const sizes = [page, ...named].map((path) => [path, gz(path)]);
  console.log(`${page.padEnd(12)} ${kB(sizes.reduce((sum, [, size]) => sum + size, 0))}`);
  for (const [path, size] of sizes) console.log(`    ${kB(size).padStart(9)}  ${path}`);
}
const widget = readFileSync(join(DIST, 'widget.js'));
console.log(`widget.js    ${kB(widget.length)} minified, ${kB(gzipSync(widget).length)} gzipped`);
for (const name of readdirSync(join(DIST, 'assets')).filter((file) => file.startsWith('ChartView'))) {
  console.log(`on demand    ${kB(gz(`assets/${name}`))}  assets/${name}`);
}

// node screenshots.mjs ADVISE FOLDER: the pictures of the report that the README shows.
import { join } from 'node:path';
const [program, folder] = process.argv.slice(2);
process.env.ADVISE = program;
const { end, job, on, report } = await import('./lib.mjs');
const { url } = report(job('skew-and-small-heap', 'faulty-3.5.9'));
await on(url, { width: 1440, height: 1000 }, page => page.screenshot({ path: join(folder, 'report.png') }));
await on(url + '#f1', { width: 390, height: 1000, dark: true }, page => page.screenshot({ path: join(folder, 'phone-dark.png') }));
await end();

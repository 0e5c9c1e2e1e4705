// node run.mjs [ADVISE] [report|serve]: the browser tests; status 1 where one fails.
import { after } from 'node:test';
const [program, part] = process.argv.slice(2);
if (program) process.env.ADVISE = program;
const { end } = await import('./lib.mjs');
after(end);
if (part !== 'serve') await import('./report.mjs');
if (part !== 'report') await import('./serve.mjs');

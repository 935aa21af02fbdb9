// Runs the module of the draw's page on the answers in one file, and prints what it found.
import { readFileSync } from "node:fs";

const [module, answers] = process.argv.slice(2);
const { draw } = await import(module);
const found = [];
for (const answer of JSON.parse(readFileSync(answers, "utf-8"))) found.push(await draw(answer));
console.log(JSON.stringify(found));

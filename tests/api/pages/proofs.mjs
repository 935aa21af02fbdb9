// Runs the module of the event page on the questions of one file, and prints its answers.
import { readFileSync } from "node:fs";

const [module, questions] = process.argv.slice(2);
const { verify } = await import(module);
const answers = [];
for (const asked of JSON.parse(readFileSync(questions, "utf-8"))) {
  const payload = asked.payload === null ? null : new Uint8Array(Buffer.from(asked.payload, "base64"));
  const { checkpoint, ...found } = await verify({ ...asked, payload });
  answers.push(found);
}
console.log(JSON.stringify(answers));

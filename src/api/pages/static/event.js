// The page of one record: fetches its proof, its words and the keys, has them checked by proof.js, and says what came
// of each step. Every sentence is already on the page, in its language; this shows those that are so.

const box = document.querySelector("[data-verify]");
const { verify } = await import(box.dataset.verify);
const again = box.querySelector("[data-again]");

function show(outcome) {
  for (const one of box.querySelectorAll("[data-outcome]")) one.hidden = one.dataset.outcome !== outcome;
}

// What is not there (not public, redacted, not veiled) is null; anything else that fails ends the check.
async function ask(address, missing = []) {
  const answer = address && (await fetch(address, { headers: { Accept: "application/json, text/plain" } }));
  if (!address || missing.includes(answer.status)) return null;
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer;
}

function report(part, found) {
  const step = box.querySelector(`[data-step=${part}]`);
  step.dataset.found = found.state;
  for (const one of step.querySelectorAll("[data-state]")) one.hidden = one.dataset.state !== found.state;
  const [value, why] = [step.querySelector(".value"), step.querySelector(".why")];
  const number = step.querySelector("[data-number]");
  if (number) number.textContent = found.hashes ?? found.size ?? "";
  const said = found.value ?? found.signed?.map((one) => one.name).join(", ");
  value.querySelector("code").textContent = said ?? "";
  value.hidden = !said || found.state === "wrong";
  why.textContent = found.why ?? "";
  why.hidden = !found.why;
}

async function check() {
  const began = performance.now();
  again.hidden = true;
  show("waiting");
  try {
    const { position, proof, keys, event, opening, version, recordedAt } = box.dataset;
    const [proven, lines, payload, opened] = await Promise.all([
      ask(proof).then((answer) => answer.text()),
      ask(keys).then((answer) => answer.text()),
      ask(event, [404, 410]).then(async (answer) => answer && new Uint8Array(await answer.arrayBuffer())),
      ask(opening, [404]).then((answer) => answer?.json() ?? null),
    ]);
    const { checkpoint, ok, ...steps } = await verify({
      position: Number(position),
      proof: proven,
      keys: lines.trim().split("\n"),
      witnesses: Array.from(document.querySelectorAll("[data-witness]"), (one) => one.textContent),
      payload,
      opening: opened,
      stated: { version: Number(version), recordedAt },
    });
    for (const [part, found] of Object.entries(steps)) report(part, found);
    const states = Object.values(steps).map((found) => found.state);
    const seconds = ((performance.now() - began) / 1000).toFixed(2);
    for (const one of box.querySelectorAll("[data-seconds]")) one.textContent = seconds;
    if (states.includes("wrong")) show("wrong");
    else if (!ok) show("unsupported");
    else show(states.every((state) => state === "right") ? "right" : "some");
    const raw = document.querySelector("[data-raw]");
    if (raw && steps.content.state === "right") {
      raw.textContent = JSON.stringify(JSON.parse(new TextDecoder().decode(payload)), null, 2);
      raw.hidden = false;
    }
  } catch (error) {
    console.warn(error);
    show("failed");
  }
  again.hidden = false;
}

again.addEventListener("click", check);
await check();

// Draws a sample again in the browser, by the rule of docs/sampling.md, and compares each step with what was recorded.
// Nothing here asks the server whether it is right.

const encoder = new TextEncoder();

async function digest(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// `answer`: that of /v1/projects/{project_id}/sample-frame. Each step: { state, value }.
export async function draw({ frame, sample }) {
  const occasions = frame.occasions ?? [];
  const entries = frame.entries ?? occasions.map((one) => one.entry);
  const right = [];
  for (const one of occasions) {
    const said = ["minsheng/occasion/v1", one.name, one.on, one.place, String(one.expected)].join("\0");
    right.push(one.entry === (await digest(said)));
  }
  const ordered = entries.every((entry, place) => place === 0 || entries[place - 1] < entry);
  const computed = await digest(entries.map((entry) => `${entry}\n`).join(""));
  const seed = await digest(computed + sample.value);
  const count = Math.min(entries.length, Math.max(frame.least, Math.ceil((frame.share * entries.length) / 100)));
  const scored = await Promise.all(entries.map(async (entry) => [await digest(seed + entry), entry]));
  scored.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  const drawn = scored.slice(0, count).map(([, entry]) => entry);
  const state = (holds) => (holds ? "right" : "wrong");
  return {
    list: { state: state(ordered && right.every(Boolean) && computed === frame.digest), value: computed },
    seed: { state: state(seed === sample.seed), value: seed },
    count: { state: state(count === sample.drawn.length), value: `${count} / ${entries.length}` },
    drawn: { state: state(drawn.join() === sample.drawn.join()), value: drawn.map((one) => one.slice(0, 12)).join(" ") },
  };
}

const box = globalThis.document?.querySelector("[data-draw]");
if (box) {
  const show = (outcome) => {
    for (const one of box.querySelectorAll("[data-outcome]")) one.hidden = one.dataset.outcome !== outcome;
  };
  try {
    const answer = await fetch(box.dataset.draw, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const found = await draw(await answer.json());
    for (const [part, { state, value }] of Object.entries(found)) {
      const step = box.querySelector(`[data-step=${part}]`);
      step.dataset.found = state;
      for (const one of step.querySelectorAll("[data-state]")) one.hidden = one.dataset.state !== state;
      step.querySelector("code").textContent = value;
      step.querySelector(".value").hidden = false;
    }
    show(Object.values(found).every((one) => one.state === "right") ? "right" : "wrong");
  } catch (error) {
    console.warn(error);
    show("failed");
  }
}

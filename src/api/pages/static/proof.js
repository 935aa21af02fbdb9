// Checks one record of the ledger in the browser, as `minsheng-verify` does: C2SP tlog-proof, tlog-checkpoint,
// signed-note and tlog-cosignature, RFC 6962 hashes, Ed25519. Nothing here asks the server whether it is right.
//
// `verify` answers by four steps, each { state, why, … }:
//   content     the stored words have the digest that the entry holds
//   path        the entry stands in the tree whose root the checkpoint names
//   signature   the log's key signed that checkpoint
//   witnesses   others cosigned the same checkpoint
// state: "right", "wrong", "withheld" (no words to check), "none" (no witness), "unsupported" (no Ed25519 here).

const ED25519 = 1;
const COSIGNATURE = 4;
const HEAD = "c2sp.org/tlog-proof@v1";
const NUMBER = /^(0|[1-9][0-9]{0,14})$/;
const DIGEST = /^[0-9a-f]{64}$/;
const OPEN = ["payload_sha256", "position", "recorded_at", "stream", "version"];
const VEILED = ["event", "position", "recorded_hour", "tag"];
const encoder = new TextEncoder();

class Wrong extends Error {}

function demand(holds, why) {
  if (!holds) throw new Wrong(why);
}

export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function decode(text, why) {
  let data;
  try {
    data = atob(text);
  } catch {
    throw new Wrong(why);
  }
  demand(btoa(data) === text, why);
  return Uint8Array.from(data, (character) => character.charCodeAt(0));
}

function joined(...parts) {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function eight(number) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number));
  return bytes;
}

async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
}

// A verifier key: name+id+base64 of kind and key.
async function parseKey(line) {
  const [name, id, ...rest] = line.split("+");
  const material = decode(rest.join("+"), "a key is not base64");
  demand(material.length === 33, "a key is of another kind");
  const found = await sha256(encoder.encode(`${name}\n`), material);
  demand(hex(found.slice(0, 4)) === id, `the key of ${name} has another id`);
  return { name, id, kind: material[0], bytes: material.slice(1) };
}

function parseNote(text) {
  const end = text.lastIndexOf("\n\n");
  demand(end > 0 && text.endsWith("\n"), "the checkpoint is no signed note");
  const signatures = text
    .slice(end + 2, -1)
    .split("\n")
    .map((line) => {
      const [dash, name, encoded, ...more] = line.split(" ");
      demand(dash === "—" && encoded && !more.length, "a signature line is malformed");
      const data = decode(encoded, "a signature is not base64");
      demand(data.length > 4, "a signature is too short");
      return { name, id: hex(data.slice(0, 4)), bytes: data.slice(4) };
    });
  return { text: text.slice(0, end + 1), signatures };
}

function parseCheckpoint(note) {
  const [origin, size, root] = note.text.split("\n");
  demand(origin && NUMBER.test(size), "the checkpoint names no size");
  const bytes = decode(root ?? "", "the root is not base64");
  demand(bytes.length === 32, "the root is no digest");
  return { origin, size: Number(size), root: bytes };
}

export function parseProof(text) {
  const cut = text.indexOf("\n\n");
  demand(cut > 0, "this is no tlog-proof");
  const lines = text.slice(0, cut).split("\n");
  demand(lines.shift() === HEAD, "this is no tlog-proof");
  demand(lines[0]?.startsWith("extra "), "the proof does not carry its entry");
  const entry = decode(lines.shift().slice(6), "the entry is not base64");
  const index = lines.shift() ?? "";
  demand(index.startsWith("index ") && NUMBER.test(index.slice(6)), "the proof names no position");
  const hashes = lines.map((line) => decode(line, "a hash is not base64"));
  demand(hashes.length < 64 && hashes.every((one) => one.length === 32), "a hash has not 32 bytes");
  const note = parseNote(text.slice(cut + 2));
  return { entry, position: Number(index.slice(6)), hashes, note, checkpoint: parseCheckpoint(note) };
}

function parseEntry(bytes, position) {
  let entry;
  const text = new TextDecoder().decode(bytes);
  try {
    entry = JSON.parse(text);
  } catch {
    throw new Wrong("the entry is not JSON");
  }
  const names = Object.keys(entry ?? {}).join();
  demand(names === OPEN.join() || names === VEILED.join(), "the entry has other fields");
  // Canonical: what is read here is what was hashed.
  demand(JSON.stringify(entry) === text, "the entry is not canonical");
  demand(entry.position === position, "the entry states another position");
  return entry;
}

// RFC 9162, section 2.1.3.2. Positions may be larger than 32 bits, so halving is by arithmetic.
async function checkPath({ position, hashes, checkpoint }, leaf) {
  demand(position < checkpoint.size, "the position is not in the tree");
  const half = (number) => Math.floor(number / 2);
  let [index, last, result] = [position, checkpoint.size - 1, leaf];
  for (const step of hashes) {
    demand(last > 0, "the path is too long");
    if (index % 2 || index === last) {
      result = await sha256([1], step, result);
      while (index && !(index % 2)) [index, last] = [half(index), half(last)];
    } else {
      result = await sha256([1], result, step);
    }
    [index, last] = [half(index), half(last)];
  }
  demand(last === 0, "the path is too short");
  demand(hex(result) === hex(checkpoint.root), "the path leads to another root");
}

async function verifies(key, note, signature) {
  let [message, bytes, time] = [encoder.encode(note.text), signature.bytes, null];
  if (key.kind === COSIGNATURE) {
    demand(bytes.length === 72, `the signature of ${key.name} is wrong`);
    time = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
    demand(time < 1n << 63n, `the signature of ${key.name} is wrong`);
    message = joined(encoder.encode(`cosignature/v1\ntime ${time}\n`), message);
    bytes = bytes.slice(8);
  }
  const imported = await crypto.subtle.importKey("raw", key.bytes, { name: "Ed25519" }, false, ["verify"]);
  const right = await crypto.subtle.verify({ name: "Ed25519" }, imported, bytes, message);
  demand(right, `the signature of ${key.name} is wrong`);
  return { name: key.name, time: time === null ? null : Number(time) };
}

// Those of the keys that signed the note. A wrong signature of a known key is no absence.
async function signers(note, lines, kind) {
  const keys = (await Promise.all(lines.map(parseKey))).filter((key) => key.kind === kind);
  const found = new Map();
  for (const signature of note.signatures) {
    const key = keys.find((one) => one.name === signature.name && one.id === signature.id);
    if (key) found.set(key.name + key.id, await verifies(key, note, signature));
  }
  return [...found.values()];
}

async function checkContent(entry, payload, opening, stated) {
  const isVeiled = "tag" in entry;
  if (isVeiled && !opening) {
    demand(!payload, "the entry is veiled and was told without its opening");
    return { state: "withheld" };
  }
  const shown = payload ? hex(await sha256(payload)) : null;
  let { version, recorded_at: recordedAt, payload_sha256: digest } = entry;
  if (isVeiled) {
    const salt = decode(opening.salt, "the salt is not base64");
    demand(salt.length === 32, "the salt has not 32 bytes");
    ({ version, recorded_at: recordedAt } = opening);
    digest = shown ?? hex(decode(opening.payload_sha256, "the digest is not base64"));
    const tag = await sha256(encoder.encode("minsheng/tag/v1\0"), salt, eight(version));
    demand(hex(tag) === entry.tag, "the entry is of another version or stream");
    demand(`${recordedAt.slice(0, 13)}Z` === entry.recorded_hour, "it was recorded in another hour");
    const bytes = Uint8Array.from(digest.match(/../g), (pair) => parseInt(pair, 16));
    const event = await sha256(
      ...[encoder.encode("minsheng/event/v1\0"), salt, eight(version)],
      ...[encoder.encode(recordedAt), bytes],
    );
    demand(hex(event) === entry.event, "what is shown is not what was recorded");
  }
  demand(DIGEST.test(digest), "the digest is none");
  demand(!shown || shown === digest, "what is shown is not what was recorded");
  demand(!stated.version || stated.version === version, "the page states another version");
  demand(!stated.recordedAt || Date.parse(stated.recordedAt) === Date.parse(recordedAt), "the page states another time");
  return { state: payload ? "right" : "withheld", value: digest };
}

async function step(check) {
  try {
    return await check();
  } catch (error) {
    if (error instanceof Wrong) return { state: "wrong", why: error.message };
    // What a browser without Ed25519 says.
    if (error?.name === "NotSupportedError") return { state: "unsupported", why: error.message };
    throw error;
  }
}

// `proof`: the text of …/log/proof/POSITION. `keys`, `witnesses`: lines of verifier keys. `payload`: the stored bytes,
// or null where they may not be read. `opening`: of a veiled entry. `stated`: what the page says of the record.
export async function verify({ position, proof, keys, witnesses = [], payload = null, opening = null, stated = {} }) {
  let parsed, entry, leaf;
  const parts = ["content", "path", "signature", "witnesses"];
  const form = await step(async () => {
    parsed = parseProof(proof);
    demand(parsed.position === position, "the proof is of another position");
    entry = parseEntry(parsed.entry, position);
    leaf = await sha256([0], parsed.entry);
    return { state: "right" };
  });
  if (form.state !== "right") return { ok: false, ...Object.fromEntries(parts.map((part) => [part, form])) };
  const { note, checkpoint } = parsed;
  const steps = {
    content: await step(() => checkContent(entry, payload, opening, stated)),
    path: await step(async () => {
      await checkPath(parsed, leaf);
      return { state: "right", value: hex(checkpoint.root), hashes: parsed.hashes.length, leaf: hex(leaf) };
    }),
    signature: await step(async () => {
      const signed = await signers(note, keys, ED25519);
      demand(signed.length, "no key of the log signed the checkpoint");
      demand(signed.every((one) => one.name === checkpoint.origin), "another log signed the checkpoint");
      return { state: "right", value: checkpoint.origin, size: checkpoint.size };
    }),
    witnesses: await step(async () => {
      const signed = await signers(note, witnesses, COSIGNATURE);
      return { state: signed.length ? "right" : "none", signed };
    }),
  };
  return { ok: parts.every((part) => !["wrong", "unsupported"].includes(steps[part].state)), checkpoint, ...steps };
}

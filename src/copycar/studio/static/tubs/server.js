// What the tubs page asks its server for. Knows nothing of the page.

async function answered(response) {
  if (response.ok) return response;
  const { what, why, fix } = await response.json().catch(() => ({ what: `The server answered ${response.status}.` }));
  throw new Error([what, why, fix].filter(Boolean).join("\n"));
}

const address = (name, asked) => `/tubs/${name}?${new URLSearchParams(asked)}`;

export const read = async (name, asked) => (await answered(await fetch(address(name, asked)))).json();

export const columns = async (name, asked) => unpacked(await (await answered(await fetch(address(name, asked)))).arrayBuffer());

export const picture = async (name, asked) => (await answered(await fetch(address(name, asked)))).blob();

export async function post(name, asked) {
  const headers = { "Content-Type": "application/json" };
  return answered(await fetch(`/tubs/${name}`, { method: "POST", headers, body: JSON.stringify(asked) }));
}

export const edited = async (asked) => unpacked(await (await post("edit", asked)).arrayBuffer());

export const pictureAddress = (tub, frame, version) => address("picture", { tub, frame, version });

const KINDS = { uint32: Uint32Array, float32: Float32Array, uint8: Uint8Array };

// Columns of numbers as the server packs them: see `columns_answer`.
function unpacked(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const about = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let offset = 4 + length;
  for (const [name, kind, n] of about.columns) {
    about[name] = new KINDS[kind](buffer, offset, n);
    offset += about[name].byteLength;
  }
  return about;
}

// Signatures of a mail as mailauth sees them, with the keys that a name server of the test publishes.

import { dkimVerify } from "mailauth/lib/dkim/verify.js";

export async function signatures(raw, names) {
  const resolver = async (name, type) => {
    const texts = type === "TXT" && names.texts.get(name.toLowerCase());
    if (texts) return texts.map((text) => [text]);
    throw Object.assign(new Error(`no ${type} of ${name}`), { code: "ENOTFOUND" });
  };
  const { results } = await dkimVerify(raw, { resolver, minBitLength: 1024 });
  return results.map((one) => `${one.algo ?? one.signingDomain} ${one.status.result}`).sort();
}

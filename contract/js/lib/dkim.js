// Signatures of a mail as mailauth sees them, with the keys that `names` resolves.

import { dkimVerify } from "mailauth/lib/dkim/verify.js";

export async function signatures(raw, names) {
  const resolver = (name, type) => names.resolve(name, type);
  const { results } = await dkimVerify(raw, { resolver, minBitLength: 1024 });
  return results.map((one) => `${one.algo ?? one.signingDomain} ${one.status.result}`).sort();
}

// Names that end in .localhost are this machine (RFC 6761, section 6.3). Not every resolver knows it; the names of resources need it.

import dns from "node:dns";

const { lookup } = dns;

dns.lookup = (name, options, callback) => {
  const answer = typeof options === "function" ? options : callback;
  if (!/\.localhost\.?$/i.test(name)) return lookup(name, options, callback);
  const found = { address: "127.0.0.1", family: 4 };
  if (options?.all) process.nextTick(answer, null, [found]);
  else process.nextTick(answer, null, found.address, found.family);
};

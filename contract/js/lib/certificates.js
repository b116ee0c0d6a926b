// Certificates of an authority of the test's own, made by openssl.

import { execFileSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
const openssl = (...options) => execFileSync("openssl", options, { stdio: "ignore" });

export class Authority {
  constructor(folder) {
    this.folder = folder;
    this.file = join(folder, "authority.pem");
    openssl("req", "-x509", ...KEY, "-days", "2", "-subj", "/CN=Authority of a test", "-keyout", join(folder, "authority.key"), "-out", this.file);
  }

  /** A certificate for host names, with what is above it in one file. */
  certify(...names) {
    const at = (end) => join(this.folder, `${names[0]}.${end}`);
    openssl("req", "-new", ...KEY, "-subj", `/CN=${names[0]}`, "-keyout", at("key"), "-out", at("csr"));
    writeFileSync(at("ext"), `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}\n`);
    openssl(
      ...["x509", "-req", "-days", "2", "-in", at("csr"), "-extfile", at("ext"), "-out", at("pem")],
      ...["-CA", this.file, "-CAkey", join(this.folder, "authority.key"), "-CAcreateserial"],
    );
    writeFileSync(at("chain"), readFileSync(at("pem"), "utf8") + readFileSync(this.file, "utf8"));
    return { key: readFileSync(at("key")), cert: readFileSync(at("chain")), files: { key: at("key"), cert: at("chain") } };
  }

  get certificate() {
    return readFileSync(this.file);
  }
}

/** The TLSA record that names a certificate's key by its SHA-256 (RFC 6698). */
export function tlsa(usage, pem) {
  const { publicKey } = new X509Certificate(pem);
  const hash = createHash("sha256").update(publicKey.export({ type: "spki", format: "der" })).digest();
  return { usage, selector: 1, matchingType: 1, certificate: hash };
}

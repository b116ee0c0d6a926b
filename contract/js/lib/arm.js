// The management plane of a server of a test's own, by plain requests; it answers on the plain listener too.

import assert from "node:assert/strict";
import { eventually } from "./signed.js";

/** The kinds of records that prove a domain. */
export const KINDS = ["Domain", "SPF", "DKIM", "DKIM2", "DMARC"];

export class Arm {
  constructor(house) {
    this.house = house;
    const env = house.environment;
    this.group = `/subscriptions/${env.ACS_SUBSCRIPTION_ID}/resourceGroups/${env.ACS_RESOURCE_GROUP}/providers/Microsoft.Communication`;
    this.service = `${this.group}/communicationServices/${env.ACS_RESOURCE_NAME}`;
  }

  async ask(method, path, body) {
    const { PARLEY_HTTP_ENDPOINT, ACS_ARM_TOKEN } = this.house.environment;
    const response = await fetch(`${PARLEY_HTTP_ENDPOINT}${path}?api-version=2025-09-01`, {
      method,
      headers: { authorization: `Bearer ${ACS_ARM_TOKEN}`, "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${await response.clone().text()}`);
    const text = await response.text();
    return text ? JSON.parse(text) : undefined;
  }

  /** Makes it and waits until it is there. */
  async make(path, body) {
    await this.ask("PUT", path, body);
    return eventually(async () => {
      const one = await this.ask("GET", path);
      return one.properties.provisioningState === "Succeeded" && one;
    });
  }

  /** A domain of one's own, its records published at a name server, verified by them, and linked; its path. */
  async domain(name, names) {
    const mail = `${this.group}/emailServices/${name.split(".")[0]}`;
    await this.make(mail, { location: "global", properties: { dataLocation: "Europe" } });
    const domain = `${mail}/domains/${name}`;
    await this.make(domain, { location: "global", properties: { domainManagement: "CustomerManaged" } });
    const { verificationRecords } = (await this.ask("GET", domain)).properties;
    for (const { name: at, value } of Object.values(verificationRecords)) await names.publish(at, value);
    for (const kind of KINDS) await this.verified(domain, kind);
    await this.ask("PATCH", this.service, { properties: { linkedDomains: [domain] } });
    return domain;
  }

  /** Asks for a look at the records of a kind, and waits for what came of it. */
  async verified(domain, kind, wanted = "Verified") {
    await this.ask("POST", `${domain}/initiateVerification`, { verificationType: kind });
    await eventually(async () => (await this.ask("GET", domain)).properties.verificationStates[kind].status === wanted);
  }
}

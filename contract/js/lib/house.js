// A server process that sends SMS.

import { SmsClient } from "@azure/communication-sms";
import { ServerProcess } from "./process.js";

export class House extends ServerProcess {
  async up() {
    await super.up();
    this.from = this.environment.ACS_SMS_FROM;
    this.client = new SmsClient(this.connectionString, { allowInsecureConnection: true });
    return this;
  }

  async send(recipients, message, options = { enableDeliveryReport: true }) {
    return this.client.send({ from: this.from, to: recipients, message }, options);
  }

  async report(id) {
    const { status, body } = await this.ask("GET", `/deliveryReports/${id}?api-version=2026-01-23`);
    return status === 200 ? body : undefined;
  }
}

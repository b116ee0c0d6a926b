import { createIdentifierFromRawId, getIdentifierRawId, type CommunicationIdentifier } from "@azure/communication-common";
import type { CallerInfo, CustomContext } from "../index.js";
import type { Party, WireContext } from "../signalling/protocol.js";
import { CallingError } from "./errors.js";

/** @throws CallingError 400 when it is no identifier */
export function rawIdOf(identifier: CommunicationIdentifier): string {
  try {
    const id = getIdentifierRawId(identifier);
    if (id) return id;
  } catch {
    // Said below.
  }
  throw new CallingError(400, 10044, `This is no identifier of a participant: ${JSON.stringify(identifier)}`);
}

export function callerOf(party: Party | undefined): CallerInfo {
  return { identifier: party && createIdentifierFromRawId(party.user), displayName: party?.displayName };
}

/** What the server takes for a `CustomContext`: headers as an object. */
export function wireContext(context: CustomContext | undefined): WireContext | undefined {
  if (!context) return undefined;
  const headers = (list: { key: string; value: string }[] | undefined) =>
    list && Object.fromEntries(list.map(({ key, value }) => [key, value]));
  return {
    userToUser: context.userToUser,
    voipHeaders: headers(context.voipHeaders),
    sipHeaders: headers(context.sipHeaders ?? context.xHeaders),
  };
}

export function customContext(context: WireContext | undefined): CustomContext | undefined {
  if (!context) return undefined;
  const list = (headers: Record<string, string> | undefined) =>
    headers && Object.entries(headers).map(([key, value]) => ({ key, value }));
  return { userToUser: context.userToUser, voipHeaders: list(context.voipHeaders), sipHeaders: list(context.sipHeaders) };
}

/** A random id of version 4; call ids have this form until the server has named the call. */
export function newId(): string {
  return crypto.randomUUID();
}

import type { CommunicationServicesError } from "../index.js";
import type { Category, Reason } from "../signalling/protocol.js";

/** What SDK methods reject with: `code` and `subCode` as Azure Communication Services documents them. */
export class CallingError extends Error implements CommunicationServicesError {
  override readonly name = "CommunicationServicesError";

  constructor(
    readonly code: number,
    readonly subCode: number,
    message: string,
    readonly category: Category = "UnexpectedClientError",
  ) {
    super(message);
  }

  static of(reason: Reason): CallingError {
    return new CallingError(reason.code, reason.subCode, reason.message, reason.category);
  }
}

/** A `CallEndReason` with what the official SDK adds at run time besides its declaration: `message` and `resultCategories`. */
export function endReason(reason: Reason): { code: number; subCode: number; message: string; resultCategories: Category[] } {
  return { code: reason.code, subCode: reason.subCode, message: reason.message, resultCategories: [reason.category] };
}

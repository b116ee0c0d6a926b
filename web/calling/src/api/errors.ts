// What methods reject with.

/** What every method of the package throws or rejects with. Codes are listed in docs/calling.md. */
export interface CommunicationServicesError {
  readonly name: string;
  readonly message: string;
  readonly code: number;
  readonly subCode: number;
}

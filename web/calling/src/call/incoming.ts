import type {
  AcceptCallOptions,
  Call,
  CallEndReason,
  CallEndedEvent,
  CallInfo,
  CallerInfo,
  CustomContext,
  IncomingCall,
  PropertyChangedEvent,
} from "../index.js";
import { IncomingCallKind } from "../api/kinds.js";
import type { CallNotifications, Reason } from "../signalling/protocol.js";
import { Emitter } from "./emitter.js";
import { CallingError, endReason } from "./errors.js";
import { callerOf, customContext } from "./identify.js";

interface IncomingEvents {
  callEnded: CallEndedEvent;
  callerInfoChanged: PropertyChangedEvent;
  transferorInfoChanged: PropertyChangedEvent;
}

/** What a ringing call needs of its agent. */
export interface IncomingHome {
  accept(incoming: IncomingCallImpl, options: AcceptCallOptions | undefined): Promise<Call>;
  reject(incoming: IncomingCallImpl): Promise<void>;
}

/** A call that rings here. */
export class IncomingCallImpl extends Emitter<IncomingEvents> implements IncomingCall {
  readonly kind = IncomingCallKind.IncomingCall;
  readonly callerInfo: CallerInfo;
  readonly transferorInfo?: CallerInfo;
  readonly customContext?: CustomContext;
  readonly info: CallInfo;
  callEndReason?: CallEndReason;

  private answer: Promise<Call> | undefined;

  constructor(
    readonly id: string,
    members: CallNotifications["incoming"],
    private readonly home: IncomingHome,
  ) {
    super();
    this.callerInfo = callerOf(members.from);
    if (members.transferor) this.transferorInfo = callerOf(members.transferor);
    this.customContext = customContext(members.customContext);
    this.info = {
      getServerCallId: async () => members.serverCallId,
      threadId: undefined,
      groupId: undefined,
      participantId: "",
      onCallInfoChanged: () => {},
      offCallInfoChanged: () => {},
    };
    Object.defineProperty(this, "home", { enumerable: false });
  }

  /** @throws CallingError 400 / 41006 when it does not ring any more, 487 / 10003 when it was accepted elsewhere */
  accept(options?: AcceptCallOptions): Promise<Call> {
    if (this.callEndReason) return Promise.reject(new CallingError(400, 41006, "The call does not ring any more.", "ExpectedError"));
    this.answer ??= this.home.accept(this, options).catch((error: unknown) => {
      this.answer = undefined;
      throw error;
    });
    return this.answer;
  }

  /** @throws CallingError 400 / 41007 when it does not ring any more */
  async reject(): Promise<void> {
    if (this.callEndReason || this.answer) throw new CallingError(400, 41007, "The call does not ring any more.", "ExpectedError");
    await this.home.reject(this);
  }

  /** @internal */
  ended(reason: Reason): void {
    if (this.callEndReason) return;
    this.callEndReason = endReason(reason);
    this.emit("callEnded", { callEndReason: this.callEndReason });
  }
}

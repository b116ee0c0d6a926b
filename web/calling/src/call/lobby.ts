import type { CommunicationIdentifier } from "@azure/communication-common";
import type { AdmitAllOperationResult, CollectionUpdatedEvent, Lobby, RemoteParticipant } from "../index.js";
import type { CallRequests } from "../signalling/protocol.js";
import { Emitter } from "./emitter.js";
import { rawIdOf } from "./identify.js";
import type { Participant } from "./participant.js";

interface LobbyEvents {
  lobbyParticipantsUpdated: CollectionUpdatedEvent<RemoteParticipant>;
}

type Ask = <K extends "lobby.admit" | "lobby.reject">(name: K, members: CallRequests[K][0]) => Promise<CallRequests[K][1]>;

/** Those who wait to be let in; seen by participants who may let them in. */
export class WaitingRoom extends Emitter<LobbyEvents> implements Lobby {
  participants: ReadonlyArray<RemoteParticipant> = [];

  constructor(private readonly ask: Ask) {
    super();
    Object.defineProperty(this, "ask", { enumerable: false });
  }

  async admit(participant: CommunicationIdentifier): Promise<void> {
    await this.ask("lobby.admit", { participants: [rawIdOf(participant)] });
  }

  async reject(participant: CommunicationIdentifier): Promise<void> {
    await this.ask("lobby.reject", { participants: [rawIdOf(participant)] });
  }

  async admitAll(): Promise<AdmitAllOperationResult> {
    const waiting = this.participants.length;
    const { count } = await this.ask("lobby.admit", {});
    return { successCount: count, failureCount: Math.max(0, waiting - count) };
  }

  /** @internal */
  show(all: ReadonlyArray<Participant>): void {
    const waiting = all.filter((one) => one.state === "InLobby");
    const before = this.participants as ReadonlyArray<Participant>;
    const added = waiting.filter((one) => !before.includes(one));
    const removed = before.filter((one) => !waiting.includes(one));
    if (added.length + removed.length === 0) return;
    this.participants = waiting;
    this.emit("lobbyParticipantsUpdated", { added, removed });
  }
}

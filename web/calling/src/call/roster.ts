import type { CollectionUpdatedEvent, RemoteParticipant } from "../index.js";
import type { CallSnapshot, Reason, WireParticipant } from "../signalling/protocol.js";
import { Participant, type ParticipantHome } from "./participant.js";

/** What came and what went. */
export type RosterChange = Parameters<CollectionUpdatedEvent<RemoteParticipant>>[0];

/** The others in a call, one per user, kept equal to what the server says. */
export class Roster {
  /** Replaced when somebody comes or goes. */
  participants: ReadonlyArray<Participant> = [];

  private readonly users = new Map<string, Participant>();
  /** Asked by this client and not yet confirmed by the server. */
  private readonly asked = new Set<string>();

  constructor(private readonly home: ParticipantHome) {}

  of(rawId: string): Participant | undefined {
    return this.users.get(rawId);
  }

  /** Shows somebody who is being asked; once the server's list has come it alone decides. */
  ask(rawId: string): { participant: Participant; change: RosterChange | undefined } {
    const known = this.users.get(rawId);
    if (known) return { participant: known, change: undefined };
    this.asked.add(rawId);
    const participant = new Participant(rawId, "Connecting", this.home);
    this.users.set(rawId, participant);
    this.list();
    return { participant, change: { added: [participant], removed: [] } };
  }

  /** The asking failed. */
  refused(rawId: string, reason: Reason): RosterChange | undefined {
    if (!this.asked.delete(rawId)) return undefined;
    return this.remove(rawId, reason);
  }

  /** The server has answered: whoever it does not name was not asked after all. */
  confirmed(rawIds: Iterable<string>): void {
    for (const rawId of rawIds) this.asked.delete(rawId);
  }

  /**
   * Takes over the server's list. Events of participants are emitted here; the answer is for the call's.
   *
   * @param users only these users have changed; all when absent
   * @param reasons why users went
   */
  update(snapshot: CallSnapshot, users?: Iterable<string>, reasons?: ReadonlyMap<string, Reason>): RosterChange | undefined {
    const endpoints = new Map<string, WireParticipant[]>();
    for (const one of snapshot.participants) {
      if (one.id === snapshot.me) continue;
      const list = endpoints.get(one.user);
      if (list) list.push(one);
      else endpoints.set(one.user, [one]);
    }
    const invited = new Map(snapshot.invited.map((one) => [one.user, one.state]));
    const change: RosterChange = { added: [], removed: [] };
    for (const user of users ?? new Set([...endpoints.keys(), ...invited.keys(), ...this.users.keys()])) {
      const here = endpoints.get(user);
      const state = invited.get(user);
      if (here || state) {
        this.asked.delete(user);
        let participant = this.users.get(user);
        if (!participant) {
          participant = new Participant(user, "Idle", this.home);
          this.users.set(user, participant);
          change.added.push(participant);
        }
        if (here) participant.show(here);
        else participant.ring(state === "Ringing" ? "Ringing" : "Connecting");
      } else if (!this.asked.has(user)) {
        const removed = this.remove(user, reasons?.get(user));
        if (removed) change.removed.push(...removed.removed);
      }
    }
    if (change.added.length + change.removed.length === 0) return undefined;
    this.list();
    return change;
  }

  private remove(rawId: string, reason: Reason | undefined): RosterChange | undefined {
    const participant = this.users.get(rawId);
    if (!participant) return undefined;
    this.users.delete(rawId);
    this.list();
    participant.gone(reason);
    return { added: [], removed: [participant] };
  }

  private list(): void {
    this.participants = [...this.users.values()];
  }
}

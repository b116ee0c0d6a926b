import type { CallNotifications, CallSnapshot, WireParticipant } from "../signalling/protocol.js";

/** A snapshot after a notification, and what is different in it. */
export interface Step {
  next: CallSnapshot;
  changed: Set<keyof CallSnapshot>;
  /** Users whose entries changed; absent when anybody's may have. */
  users?: Set<string>;
}

/** `participants`: added, changed and removed in this order; one that is added and known already replaces the known one. */
export function withParticipants(now: CallSnapshot, { added, changed, removed }: CallNotifications["participants"]): Step {
  const all = new Map<string, WireParticipant>(now.participants.map((one) => [one.id, one]));
  const users = new Set<string>();
  for (const one of added) {
    all.set(one.id, one);
    users.add(one.user);
  }
  for (const change of changed) {
    const known = all.get(change.id);
    if (!known) continue;
    all.set(change.id, { ...known, ...change });
    users.add(known.user);
  }
  for (const { id } of removed) {
    const known = all.get(id);
    if (!known) continue;
    all.delete(id);
    users.add(known.user);
  }
  // The server does not say that somebody is no longer invited when he comes.
  const came = new Set(added.filter((one) => one.id !== now.me).map((one) => one.user));
  const invited = now.invited.filter((one) => !came.has(one.user));
  const step: Step = { next: { ...now, participants: [...all.values()], invited }, changed: new Set(["participants"]), users };
  if (invited.length !== now.invited.length) step.changed.add("invited");
  return step;
}

const PLAIN = ["hands", "spotlights", "speakers"] as const;

/** The snapshot after a notification; undefined when it does not change one. */
export function after(now: CallSnapshot, on: keyof CallNotifications, members: unknown): Step | undefined {
  switch (on) {
    case "participants":
      return withParticipants(now, members as CallNotifications["participants"]);
    case "call":
      return whole(now, (members as CallNotifications["call"]).call);
    case "call.changed": {
      const { state, kind, role, capabilities, invited, recording, transcription } = members as CallNotifications["call.changed"];
      const given = Object.fromEntries(
        Object.entries({ state, kind, role, capabilities, invited, recording, transcription }).filter(([, value]) => value !== undefined),
      ) as Partial<CallSnapshot>;
      const step: Step = { next: { ...now, ...given }, changed: new Set(Object.keys(given) as (keyof CallSnapshot)[]), users: new Set() };
      if (invited) step.users = new Set([...now.invited, ...invited].map((one) => one.user));
      return step;
    }
    case "captions":
      return {
        next: { ...now, captions: (members as CallNotifications["captions"]).captions },
        changed: new Set(["captions"]),
        users: new Set(),
      };
    case "hands":
    case "spotlights":
    case "speakers": {
      const list = (members as { participants: string[] }).participants;
      return { next: { ...now, [on]: list }, changed: new Set([on]), users: new Set() };
    }
    default:
      return undefined;
  }
}

/** Everything anew. */
export function whole(now: CallSnapshot | undefined, given: CallSnapshot): Step {
  const next: CallSnapshot = { ...given };
  // A server that leaves lists out means empty ones.
  for (const name of PLAIN) next[name] ??= [];
  next.invited ??= [];
  next.participants ??= [];
  const names = new Set([...Object.keys(now ?? {}), ...Object.keys(next)]) as Set<keyof CallSnapshot>;
  const changed = new Set([...names].filter((name) => JSON.stringify(now?.[name]) !== JSON.stringify(next[name])));
  return { next, changed };
}

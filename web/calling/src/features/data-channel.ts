import type { CommunicationIdentifier } from "@azure/communication-common";
import type {
  DataChannelCallFeature,
  DataChannelMessage,
  DataChannelReceiver,
  DataChannelReceiverCloseEvent,
  DataChannelReceiverCreatedEvent,
  DataChannelReceiverMessageReadyEvent,
  DataChannelSender,
  DataChannelSenderOpenOptions,
} from "../api/index.js";
import { Emitter } from "../call/emitter.js";
import { CallingError } from "../call/errors.js";
import type { CallContext } from "../call/internal.js";
import { rawIdOf } from "../call/identify.js";
import { identify, subscriptions } from "./feature.js";

const CHANNEL_MAX = 65_535;
/** Bytes of a message while the server has not said otherwise; the protocol's default. */
const MESSAGE_BYTES = 16_384;
/** Messages that wait for the application in one receiver; then the oldest is lost. */
const WAITING_MAX = 1_000;
/** Senders and channels that are heard at once; messages of further ones are not taken. */
const RECEIVERS_MAX = 2_000;

/**
 * Small messages among participants, by way of the signalling: always in order and confirmed by the server, which is more than `Lossy` asks for.
 * `bitrateInKbps` and `priority` have no effect.
 */
export function dataChannel(context: CallContext): DataChannelCallFeature {
  const emitter = new Emitter<{ dataChannelReceiverCreated: DataChannelReceiverCreatedEvent }>();
  const receivers = new Map<string, OwnReceiver>();
  let nextChannel = 1_000;

  function closeAll(gone: (participant: string) => boolean): void {
    for (const [key, receiver] of receivers) {
      if (!gone(receiver.participant)) continue;
      receivers.delete(key);
      receiver.close();
    }
  }

  const subscribed = subscriptions(
    context.onNotification("data", ({ participant, channel, sequence, data }) => {
      const user = context.userOf(participant);
      const bytes = decode(data);
      if (!user || !bytes) return;
      const key = `${participant} ${channel}`;
      let receiver = receivers.get(key);
      if (!receiver) {
        if (receivers.size >= RECEIVERS_MAX) return;
        receiver = ownReceiver(participant, user, channel);
        receivers.set(key, receiver);
        emitter.emit("dataChannelReceiverCreated", receiver.shown);
      }
      receiver.take({ sequenceNumber: sequence, data: bytes });
    }),
    context.onNotification("participants", ({ removed }) => closeAll((participant) => removed.some(({ id }) => id === participant))),
    context.onEnd(() => closeAll(() => true)),
  );

  function sender(options: DataChannelSenderOpenOptions): DataChannelSender {
    const channelId = options.channelId ?? nextChannel++;
    if (!Number.isInteger(channelId) || channelId < 0 || channelId > CHANNEL_MAX)
      throw new CallingError(400, 0, `A channel's id is from 0 to ${CHANNEL_MAX}.`);
    const maxMessageSize = context.welcome?.dataBytes ?? MESSAGE_BYTES;
    let to = options.participants?.map(rawIdOf);
    let closed = false;
    return {
      channelId,
      maxMessageSize,
      setParticipants(participants: CommunicationIdentifier[]) {
        to = participants.map(rawIdOf);
      },
      async sendMessage(data: Uint8Array) {
        if (closed) throw new CallingError(400, 0, "The data channel was closed.");
        if (!(data instanceof Uint8Array)) throw new CallingError(400, 0, "A message is a Uint8Array.");
        if (data.byteLength > maxMessageSize)
          throw new CallingError(400, 0, `A message has at most ${maxMessageSize} bytes; this one has ${data.byteLength}.`);
        await context.request("data", { channel: channelId, data: encode(data), ...(to && to.length > 0 ? { to } : {}) });
      },
      close() {
        closed = true;
      },
    };
  }

  return {
    name: "DataChannel",
    createDataChannelSender: (options) => sender(options ?? {}),
    on: emitter.on,
    off: emitter.off,
    dispose() {
      subscribed.end();
      closeAll(() => true);
    },
  };
}

interface OwnReceiver {
  readonly participant: string;
  readonly shown: DataChannelReceiver;
  take(message: DataChannelMessage): void;
  close(): void;
}

function ownReceiver(participant: string, user: string, channelId: number): OwnReceiver {
  const emitter = new Emitter<{ messageReady: DataChannelReceiverMessageReadyEvent; close: DataChannelReceiverCloseEvent }>();
  const waiting: DataChannelMessage[] = [];
  return {
    participant,
    shown: {
      channelId,
      senderParticipantIdentifier: identify(user),
      readMessage: () => waiting.shift(),
      on: emitter.on,
      off: emitter.off,
    },
    take(message) {
      if (waiting.length === WAITING_MAX) waiting.shift();
      waiting.push(message);
      emitter.emit("messageReady");
    },
    close: () => emitter.emit("close"),
  };
}

function encode(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function decode(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

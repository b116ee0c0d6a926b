// Small messages among participants.

import type { CommunicationIdentifier, CommunicationIdentifierKind } from "@azure/communication-common";
import type { CallFeature } from "./features.js";

/** Sends and receives small messages among participants. */
export interface DataChannelCallFeature extends CallFeature {
  createDataChannelSender(options: DataChannelSenderOpenOptions): DataChannelSender;
  on(event: "dataChannelReceiverCreated", listener: DataChannelReceiverCreatedEvent): void;
  off(event: "dataChannelReceiverCreated", listener: DataChannelReceiverCreatedEvent): void;
}

export type DataChannelSenderOpenOptions = {
  bitrateInKbps?: number;
  channelId?: number;
  participants?: CommunicationIdentifier[];
  priority?: DataChannelPriority;
  reliability?: DataChannelReliability;
};

export type DataChannelReliability = "Durable" | "Lossy";

export type DataChannelPriority = "High" | "Normal";

/** Sends messages on one channel. */
export interface DataChannelSender {
  channelId: number;
  /** In bytes. */
  maxMessageSize: number;
  setParticipants(participants: CommunicationIdentifier[]): void;
  sendMessage(data: Uint8Array): Promise<void>;
  close(): void;
}

/** Receives messages of one sender on one channel. */
export interface DataChannelReceiver {
  channelId: number;
  senderParticipantIdentifier: CommunicationIdentifierKind;
  readMessage(): DataChannelMessage | undefined;
  on(event: "messageReady", listener: DataChannelReceiverMessageReadyEvent): void;
  off(event: "messageReady", listener: DataChannelReceiverMessageReadyEvent): void;
  on(event: "close", listener: DataChannelReceiverCloseEvent): void;
  off(event: "close", listener: DataChannelReceiverCloseEvent): void;
}

/** A message as it was sent. */
export interface DataChannelMessage {
  /** Counts from 1 in each channel of a sender. */
  sequenceNumber: number;
  data: Uint8Array;
}

export type DataChannelReceiverCreatedEvent = (args: DataChannelReceiver) => void;

export type DataChannelReceiverMessageReadyEvent = () => void;

export type DataChannelReceiverCloseEvent = () => void;

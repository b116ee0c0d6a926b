package dev.parley.base.event;

import java.time.Instant;

/**
 * What happened to an email, by its operation id; {@code recipient} counts its recipients from 0.
 */
public sealed interface EmailEvent extends Event {
  String messageId();

  /** What became of one recipient: a status of the delivery report's contract. */
  record DeliveryReported(String messageId, int recipient, String status, Instant at)
      implements EmailEvent {}

  /** A recipient opened the message ({@code view}) or followed a link ({@code click}). */
  record Engaged(String messageId, int recipient, String engagement, long number)
      implements EmailEvent {}

  /** A recipient called the message unwanted, or took the address off the list. */
  record Unwanted(String messageId, int recipient, String reason) implements EmailEvent {}
}

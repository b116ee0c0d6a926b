/**
 * SMS: sending to one or many, delivery reports, opt-outs, what handsets send back; every operation
 * of the ACS SMS contract, on any carrier, with a handset network for development.
 *
 * <p>Everything of a sender (its queue, its messages, its opt-outs, what it received) lies in the
 * sender's partition. Accepted messages are rows of a queue; {@code Dispatcher} hands them to
 * carriers and {@code Recorder} stores what carriers say. Publishes {@link
 * dev.parley.base.event.SmsEvent}. Read {@link dev.parley.feature.sms.Sms} first, then {@code
 * SmsStore}, {@code Dispatcher}.
 */
@NullMarked
package dev.parley.feature.sms;

import org.jspecify.annotations.NullMarked;

/**
 * The mailbox for tests: in the developer profile mail is captured here instead of being sent, with
 * the outcome that its address or a rule asks for, and read over {@code /parley/inbox/email}. Read
 * {@link dev.parley.feature.email.mailbox.Mailbox} first.
 */
@NullMarked
package dev.parley.feature.email.mailbox;

import org.jspecify.annotations.NullMarked;

package dev.parley.base.event;

/**
 * The content of an event, as hearers need it: words and names that the journal does not hold.
 *
 * <p>Never stored. A feature resolves it after the commit, or hands it along with its own commit,
 * so that hearers of the same process need not read what was just written.
 */
public sealed interface EventDetail permits CallDetail, ChatDetail, EmailDetail, SmsDetail {}

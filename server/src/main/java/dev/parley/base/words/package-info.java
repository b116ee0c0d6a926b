/**
 * The shared vocabulary: who calls, which resource, which identifier, and what a refusal looks
 * like.
 *
 * <p>Records and sealed families only. Read {@link dev.parley.base.words.Caller} first, then {@link
 * dev.parley.base.words.CommunicationIdentifier} and {@link dev.parley.base.words.Refusal}.
 */
@NullMarked
package dev.parley.base.words;

import org.jspecify.annotations.NullMarked;

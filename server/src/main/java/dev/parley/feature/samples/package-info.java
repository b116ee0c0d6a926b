/**
 * Sample pages for whoever just started the server: a call and a chat in two windows, with users
 * made at the press of a button. Only in the developer profile, behind the {@link
 * dev.parley.base.wire.PageGuard}, since a page that makes users hands out tokens.
 *
 * <p>The pages themselves are built outside of the server, in {@code web/samples}; this room serves
 * that folder and names the folder of the calling package to applications. Keeps and publishes
 * nothing. Read {@link dev.parley.feature.samples.SamplesFeature} first.
 */
@NullMarked
package dev.parley.feature.samples;

import org.jspecify.annotations.NullMarked;

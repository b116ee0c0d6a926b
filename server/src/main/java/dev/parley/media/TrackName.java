package dev.parley.media;

/**
 * Names a published track.
 *
 * @param stream the publisher's name in the room
 * @param mid the section of the publisher's connection
 */
public record TrackName(String stream, String mid, boolean video) {}

package dev.parley.feature.media;

import dev.parley.base.kit.Secret;
import dev.parley.base.wire.Feature;
import dev.parley.base.wire.Route;
import dev.parley.base.words.ResourceId;
import dev.parley.media.Media;
import dev.parley.media.MediaConfig;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The front door: the media core with its rooms, tickets and routes. */
public final class MediaFeature implements Feature {
  private final Media media;
  private final MediaRooms rooms;

  public MediaFeature(
      MediaConfig config, InstantSource clock, SecureRandom random, MeterRegistry registry) {
    media = new Media(config, clock, random, registry);
    // Rooms live in this process alone, and so do their tickets.
    rooms = new MediaRooms(media, new Tickets(Secret.random(random, 32), clock), clock, random);
  }

  /** The media core, for features that put their own rooms into it. */
  public Media media() {
    return media;
  }

  @Override
  public List<Route> routes() {
    var routes = new ArrayList<>(new MediaRoomHttp(rooms).routes());
    routes.addAll(new WhipHttp(rooms).routes());
    return routes;
  }

  @Override
  public void eraseAll(ResourceId resource) {
    rooms.closeAll(resource);
  }

  @Override
  public void close() {
    media.close();
  }
}

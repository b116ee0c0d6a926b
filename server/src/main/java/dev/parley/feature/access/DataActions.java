package dev.parley.feature.access;

import dev.parley.base.wire.Route;

/**
 * How roles name operations of the data plane: the operation's limit bucket as a path, and what its
 * method does, e.g. {@code
 * Microsoft.Communication/communicationServices/identity/issueToken/action}.
 */
final class DataActions {
  private static final String PREFIX = "Microsoft.Communication/communicationServices/";

  private DataActions() {}

  static String of(Route route) {
    var verb =
        switch (route.method()) {
          case GET, HEAD -> "read";
          case PUT, PATCH -> "write";
          case DELETE -> "delete";
          case POST -> "action";
        };
    return PREFIX + route.limitBucket().replace('.', '/') + "/" + verb;
  }
}

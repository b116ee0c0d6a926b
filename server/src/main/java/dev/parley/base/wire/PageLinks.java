package dev.parley.base.wire;

import dev.parley.base.kit.Secret;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceDirectory;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;

/**
 * Positions in lists as opaque text that cannot be made up: signed for one resource, operation and
 * path. Base64url, since its characters are the same in both forms that clients sign.
 */
final class PageLinks {
  private static final int MAC_BYTES = 16;
  private static final int TEXT_MAX = 2_000;

  private final ResourceDirectory resources;

  PageLinks(ResourceDirectory resources) {
    this.resources = resources;
  }

  String sealed(Resource resource, Route route, String path, String position) {
    var bytes = position.getBytes(StandardCharsets.UTF_8);
    var mac = mac(resource, route, path, bytes);
    var all = Arrays.copyOf(mac, MAC_BYTES + bytes.length);
    System.arraycopy(bytes, 0, all, MAC_BYTES, bytes.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
  }

  String opened(Resource resource, Route route, String path, String text) {
    if (text.length() <= TEXT_MAX) {
      try {
        var all = Base64.getUrlDecoder().decode(text);
        if (all.length >= MAC_BYTES) {
          var bytes = Arrays.copyOfRange(all, MAC_BYTES, all.length);
          var said = Arrays.copyOf(all, MAC_BYTES);
          if (MessageDigest.isEqual(said, mac(resource, route, path, bytes))) {
            return new String(bytes, StandardCharsets.UTF_8);
          }
        }
      } catch (IllegalArgumentException _) {
        // No base64: told below.
      }
    }
    throw WireProblems.badRequest("The paging link is not valid.")
        .because("the position was not made for this resource, operation and path");
  }

  private byte[] mac(Resource resource, Route route, String path, byte[] position) {
    var key =
        resources
            .key(resource.id(), KeySlot.PRINCIPAL)
            .orElseThrow(() -> WireProblems.noResource(resource.name()));
    var label = "page-link\n" + route.operation() + "\n" + path;
    var bound = Secret.of(key.secret().hmacSha256(label.getBytes(StandardCharsets.UTF_8)));
    return Arrays.copyOf(bound.hmacSha256(position), MAC_BYTES);
  }
}

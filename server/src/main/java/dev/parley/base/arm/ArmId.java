package dev.parley.base.arm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The id of a resource, resource group or subscription, e.g. {@code
 * /subscriptions/.../resourceGroups/.../providers/Microsoft.Communication/communicationServices/one}.
 * Ids that differ in case alone are equal; each keeps the case that it was written in.
 *
 * @param segments of the path; none for the root
 */
public record ArmId(List<String> segments) {
  /** Above all subscriptions. */
  public static final ArmId ROOT = new ArmId(List.of());

  private static final int CHARACTERS_MAX = 2_048;
  private static final String SUBSCRIPTIONS = "subscriptions";
  private static final String GROUPS = "resourceGroups";
  private static final String PROVIDERS = "providers";

  public ArmId {
    segments = List.copyOf(segments);
  }

  /** Reads an id; empty when the text is none. */
  public static Optional<ArmId> parse(String text) {
    if (text.length() > CHARACTERS_MAX || text.isEmpty() || text.charAt(0) != '/') {
      return Optional.empty();
    }
    var end = text.length() > 1 && text.endsWith("/") ? text.length() - 1 : text.length();
    return text.length() == 1
        ? Optional.of(ROOT)
        : ofSegments(List.of(text.substring(1, end).split("/", -1)));
  }

  /** The id that the segments of a path spell; empty when they spell none. */
  public static Optional<ArmId> ofSegments(List<String> given) {
    var segments = new ArrayList<>(given);
    if (segments.stream().anyMatch(String::isBlank) || !spelled(segments, 0, SUBSCRIPTIONS)) {
      return Optional.empty();
    }
    var at = spelled(segments, 2, GROUPS) ? 4 : 2;
    if (segments.size() < at) {
      return Optional.empty();
    }
    while (at < segments.size()) {
      if (!spelled(segments, at, PROVIDERS) || segments.size() < at + 4) {
        return Optional.empty();
      }
      at += 4;
      while (at < segments.size() && !segments.get(at).equalsIgnoreCase(PROVIDERS)) {
        at += 2;
      }
      if (at > segments.size()) {
        return Optional.empty();
      }
    }
    return Optional.of(new ArmId(segments));
  }

  /** Whether the word stands there; it then gets its usual case. */
  private static boolean spelled(List<String> segments, int at, String word) {
    if (segments.size() <= at || !segments.get(at).equalsIgnoreCase(word)) {
      return false;
    }
    segments.set(at, word);
    return true;
  }

  /** A subscription's id. */
  public static ArmId ofSubscription(String subscription) {
    return new ArmId(List.of(SUBSCRIPTIONS, subscription));
  }

  /** The id of a group in this subscription. */
  public ArmId inGroup(String group) {
    return new ArmId(List.of(SUBSCRIPTIONS, subscription(), GROUPS, group));
  }

  /** A resource of a provider below this one: the provider's own, or an extension. */
  public ArmId provider(String namespace, String type, String name) {
    return with(PROVIDERS, namespace, type, name);
  }

  /** A child resource. */
  public ArmId child(String type, String name) {
    return with(type, name);
  }

  private ArmId with(String... more) {
    var all = new ArrayList<>(segments);
    all.addAll(List.of(more));
    return new ArmId(all);
  }

  /** The subscription's id in lower case; empty text for the root. */
  public String subscription() {
    return segments.isEmpty() ? "" : segments.get(1).toLowerCase(Locale.ROOT);
  }

  /** The name of the resource group, as written. */
  public Optional<String> group() {
    return segments.size() > 3 && segments.get(2).equals(GROUPS)
        ? Optional.of(segments.get(3))
        : Optional.empty();
  }

  /** The subscription that this lies in, or is. */
  public ArmId subscriptionId() {
    return segments.isEmpty() ? ROOT : new ArmId(segments.subList(0, 2));
  }

  /** The group that this lies in, or is. */
  public Optional<ArmId> groupId() {
    return group().map(_ -> new ArmId(segments.subList(0, 4)));
  }

  /** The last name. */
  public String name() {
    return segments.isEmpty() ? "" : segments.getLast();
  }

  /** The provider's namespace and its types, e.g. {@code Microsoft.Communication/emailServices}. */
  public String type() {
    var provider = lastProvider();
    if (provider < 0) {
      return segments.size() > 2
          ? "Microsoft.Resources/resourceGroups"
          : "Microsoft.Resources/subscriptions";
    }
    var type = new StringBuilder(segments.get(provider + 1));
    for (var at = provider + 2; at < segments.size(); at += 2) {
      type.append('/').append(segments.get(at));
    }
    return type.toString();
  }

  /** Whether this is a resource of a provider, and no group or subscription. */
  public boolean isResource() {
    return lastProvider() >= 0;
  }

  /** What this belongs to: the resource above, the group, the subscription, the root. */
  public ArmId parent() {
    if (segments.size() <= 2) {
      return ROOT;
    }
    var end = segments.size() - 2;
    return new ArmId(segments.subList(0, end - 2 == lastProvider() ? end - 2 : end));
  }

  private int lastProvider() {
    for (var at = segments.size() - 4; at >= 2; at--) {
      if (at % 2 == 0 && segments.get(at).equalsIgnoreCase(PROVIDERS)) {
        return at;
      }
    }
    return -1;
  }

  /** Whether this is the scope itself or lies below it. */
  public boolean within(ArmId scope) {
    return scope.segments.isEmpty() || (key() + "/").startsWith(scope.key() + "/");
  }

  /** The same text for all ways of writing the id. */
  public String key() {
    return toString().toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ArmId id && key().equals(id.key());
  }

  @Override
  public int hashCode() {
    return key().hashCode();
  }

  @Override
  public String toString() {
    return "/" + String.join("/", segments);
  }
}

package dev.parley.base.words;

import dev.parley.base.words.CommunicationIdentifier.CommunicationUser;
import java.util.Set;

/** Who asks, as proven by the edge. Authority is always passed as a parameter, never ambient. */
public sealed interface Caller {
  /** The resource that the call is about; rows of any other do not exist for this caller. */
  ResourceId resource();

  /** What the journal writes beside the change. */
  Origin origin();

  /** Someone who signs with an access key: may do everything in the resource. */
  record KeyHolder(ResourceId resource, KeySlot slot, Origin origin) implements Caller {}

  /** A user with an access token. */
  record User(ResourceId resource, CommunicationUser id, Set<Scope> scopes, Origin origin)
      implements Caller {}

  /**
   * An OIDC principal or the local operator.
   *
   * @param id object id of the principal: a lower-case GUID; {@code operator} for the operator
   * @param operator whether {@code /parley/*} is open to it
   */
  record Principal(ResourceId resource, String id, boolean operator, Origin origin, Badge badge)
      implements Caller {
    /** The operator, or a principal of whom nothing more is known. */
    public Principal(ResourceId resource, String id, boolean operator, Origin origin) {
      this(resource, id, operator, origin, Badge.NONE);
    }
  }

  /**
   * What a principal's token says besides its id.
   *
   * @param name client id of an application, user name of a user
   * @param application whether it is an application and no person
   * @param audience what the token is for; empty text for the operator's
   * @param roles names of roles that an outside issuer's token gives by configuration
   */
  record Badge(String name, boolean application, String audience, Set<String> roles) {
    /** Nothing is said. */
    public static final Badge NONE = new Badge("operator", true, "", Set.of());

    public Badge {
      roles = Set.copyOf(roles);
    }
  }

  /** Nobody in particular: the few routes that answer without credentials. */
  record Anonymous(ResourceId resource, Origin origin) implements Caller {}
}

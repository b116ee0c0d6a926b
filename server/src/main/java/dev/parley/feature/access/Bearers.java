package dev.parley.feature.access;

import dev.parley.base.arm.ArmId;
import dev.parley.base.wire.Audience;
import dev.parley.base.wire.BearerVerifier;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.PrincipalProof;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceId;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Every bearer token of the edge: first those of principals, then users'. A principal gets into an
 * operation by the audience of its token and by a role at the resource.
 */
public final class Bearers implements BearerVerifier {
  private static final int HEAD_CHARACTERS_MAX = 2_048;

  private final PrincipalProof principals;
  private final BearerVerifier users;
  private final Access access;
  private final Function<ResourceId, Optional<ArmId>> places;
  private final Supplier<URI> house;

  /**
   * Proves both kinds.
   *
   * @param places the id of a resource, which roles are given at
   * @param house public address of this server
   */
  public Bearers(
      PrincipalProof principals,
      BearerVerifier users,
      Access access,
      Function<ResourceId, Optional<ArmId>> places,
      Supplier<URI> house) {
    this.principals = principals;
    this.users = users;
    this.access = access;
    this.places = places;
    this.house = house;
  }

  @Override
  public Verified verify(Resource resource, String token, String requestId) {
    var proven =
        isSignedForAll(token)
            ? principals.prove(resource, token, requestId)
            : Optional.<Verified>empty();
    if (proven.isEmpty()) {
      return users.verify(resource, token, requestId);
    }
    return proven.get().caller() instanceof Caller.Principal principal
        ? new Verified(ranked(principal), proven.get().expires())
        : proven.get();
  }

  /**
   * Whether the head of the token says that it is signed by a private key, as those of principals
   * are; users' tokens, of which there are many more, are not looked at any further here.
   */
  private static boolean isSignedForAll(String token) {
    var end = token.indexOf('.');
    if (end < 0 || end > HEAD_CHARACTERS_MAX) {
      return false;
    }
    try {
      var head =
          new String(
              Base64.getUrlDecoder().decode(token.substring(0, end)), StandardCharsets.ISO_8859_1);
      return head.contains("\"RS256\"") || head.contains("\"ES256\"");
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** Whoever owns everything operates the server too. */
  private Caller.Principal ranked(Caller.Principal principal) {
    return access.owns(principal)
        ? new Caller.Principal(
            principal.resource(), principal.id(), true, principal.origin(), principal.badge())
        : principal;
  }

  @Override
  public void admit(Caller.Principal principal, Resource resource, Route route) {
    var audience = principal.badge().audience();
    if (route.ofHouse() || route.callers().contains(Callers.OPERATOR)) {
      if (!Audience.isManagement(audience, house.get())) {
        throw AccessProblems.wrongAudience(audience, Audience.MANAGEMENT);
      }
      return;
    }
    if (!Audience.isData(audience)) {
      throw AccessProblems.wrongAudience(audience, Audience.COMMUNICATION);
    }
    var action = DataActions.of(route);
    var scope = places.apply(resource.id());
    if (scope.isEmpty() || !access.mayUse(principal, action, scope.get())) {
      throw AccessProblems.forbidden(
          "no role of " + principal.id() + " allows " + action + " at " + resource.name());
    }
  }
}

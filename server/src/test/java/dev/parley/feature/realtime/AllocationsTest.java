package dev.parley.feature.realtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.words.Caller;
import dev.parley.base.words.CommunicationIdentifier.CommunicationUser;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.Scope;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What clients carry from one connection to the next, and what they might make of it. */
class AllocationsTest {
  private static final ResourceId CONTOSO = new ResourceId("contoso");
  private static final ResourceId FABRIKAM = new ResourceId("fabrikam");
  private static final ConnectParams NONE = new ConnectParams("", "", "");

  private final Allocations before = allocations(CONTOSO);
  private final Allocations here = allocations(CONTOSO);
  private final ConnectParams given = params(before, user(CONTOSO, "ann"), "tab", NONE);

  private static Allocations allocations(ResourceId resource) {
    return new Allocations(
        new OneResource(resource),
        RealtimeConfig.DEFAULT,
        InstantSource.system(),
        new SecureRandom());
  }

  private static Caller.User user(ResourceId resource, String name) {
    var id = "8:acs:" + resource + "_" + name;
    return new Caller.User(
        resource, new CommunicationUser(id), Set.of(Scope.CHAT), new Origin(id, "PRIMARY", ""));
  }

  private static ConnectParams params(
      Allocations server, Caller.User user, String epid, ConnectParams cached) {
    var resource = new OneResource(user.resource()).byId(user.resource()).orElseThrow();
    var params = server.allocate(resource, user, epid, cached).connectparams();
    return new ConnectParams(params.get("sr"), params.get("se"), params.get("sig"));
  }

  /** The server that a client with these cached parameters is believed to come from. */
  private Optional<String> from(Caller.User user, String epid, ConnectParams cached) {
    return Allocations.comesFrom(params(here, user, epid, cached).sr());
  }

  @Test
  void theNextServerLearnsWhereTheClientComesFrom() {
    var ann = user(CONTOSO, "ann");
    assertEquals(Optional.of(before.node()), from(ann, "tab", given));
    assertEquals(Optional.empty(), from(ann, "tab", params(here, ann, "tab", NONE)));
    assertEquals(Optional.empty(), from(ann, "tab", NONE));
  }

  @Test
  void whatBelongsToSomebodyElseIsWorthNothing() {
    assertEquals(Optional.empty(), from(user(CONTOSO, "bob"), "tab", given));
    assertEquals(Optional.empty(), from(user(CONTOSO, "ann"), "other", given));
    var there = allocations(FABRIKAM);
    assertTrue(there.check(user(FABRIKAM, "ann"), "tab", given).isEmpty());
  }

  @Test
  void whatWasChangedIsWorthNothing() {
    var seed = System.nanoTime();
    System.out.println("AllocationsTest seed " + seed);
    var random = new Random(seed);
    var ann = user(CONTOSO, "ann");
    for (var i = 0; i < 300; i++) {
      var changed =
          switch (i % 3) {
            case 0 -> new ConnectParams(changed(given.sr(), random), given.se(), given.sig());
            case 1 -> new ConnectParams(given.sr(), changed(given.se(), random), given.sig());
            default -> new ConnectParams(given.sr(), given.se(), changed(given.sig(), random));
          };
      assertNotEquals(given, changed);
      assertEquals(Optional.empty(), before.check(ann, "tab", changed), changed.toString());
      assertEquals(Optional.empty(), from(ann, "tab", changed), changed.toString());
    }
  }

  @Test
  void aNameWithLineBreaksMovesNothingFromOneSignedPartIntoAnother() {
    var ann = user(CONTOSO, "ann");
    var plain = params(before, ann, "a\nb", NONE);
    assertTrue(before.check(ann, "a\nb", plain).isPresent());
    var longer = new ConnectParams("b\n" + plain.sr(), plain.se(), plain.sig());
    assertTrue(before.check(ann, "a", longer).isEmpty());
    var posing = params(before, ann, "a\n1-2-3", NONE);
    var moved = new ConnectParams("1-2-3", posing.sr() + "\n" + posing.se(), posing.sig());
    assertTrue(before.check(ann, "a", moved).isEmpty());
  }

  /** One character more, less or other. */
  private static String changed(String text, Random random) {
    var at = random.nextInt(text.length());
    var rest = text.substring(at + 1);
    return text.substring(0, at)
        + switch (random.nextInt(3)) {
          case 0 -> "";
          case 1 -> (char) (text.charAt(at) + 1 + random.nextInt(5));
          default -> text.charAt(at) + "7";
        }
        + rest;
  }
}

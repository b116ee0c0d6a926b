package contract;

import static com.azure.communication.identity.models.CommunicationTokenScope.CHAT;
import static com.azure.communication.identity.models.CommunicationTokenScope.VOIP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.communication.chat.models.CreateChatThreadOptions;
import com.azure.communication.common.CommunicationTokenCredential;
import com.azure.communication.common.CommunicationUserIdentifier;
import com.azure.communication.identity.models.CommunicationTokenScope;
import com.azure.communication.identity.models.GetTokenForTeamsUserOptions;
import com.azure.core.exception.HttpResponseException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class IdentityTest {
  @Test
  void aUserIsCreatedGetsATokenAndIsDeleted() {
    var identity = Sdk.identity();
    var user = identity.createUser();
    assertTrue(user.getId().matches("8:acs:[0-9a-f-]{36}_[0-9a-f-]{36}"), user.getId());
    var token = identity.getToken(user, List.of(CHAT, VOIP));
    assertLives(token.getExpiresAt(), Duration.ofHours(24));
    identity.deleteUser(user);
    assertRefused(404, () -> identity.getToken(user, List.of(CHAT)));
  }

  @Test
  void theTokenCredentialReadsTheExpiryFromTheToken() throws Exception {
    var made = Sdk.identity().createUserAndToken(List.of(CHAT), Duration.ofMinutes(61));
    try (var credential = new CommunicationTokenCredential(made.getUserToken().getToken())) {
      var read = credential.getToken().block();
      assertEquals(made.getUserToken().getExpiresAt().toEpochSecond(), read.getExpiresAt().toEpochSecond());
      assertLives(read.getExpiresAt(), Duration.ofMinutes(61));
    }
  }

  @Test
  void everyTokensPayloadIsPlainBase64() {
    // The SDK decodes with the plain alphabet; see the identifiers of many users.
    for (var scope : CommunicationTokenScope.values()) {
      for (var i = 0; i < 20; i++) {
        var token = Sdk.identity().createUserAndToken(List.of(scope)).getUserToken().getToken();
        Base64.getDecoder().decode(token.split("\\.")[1]);
      }
    }
  }

  @Test
  void aTokenLivesFromOneToTwentyFourHours() {
    assertRefused(400, () -> Sdk.identity().createUserAndToken(List.of(CHAT), Duration.ofMinutes(59)));
    assertRefused(400, () -> Sdk.identity().createUserAndToken(List.of(CHAT), Duration.ofMinutes(1441)));
  }

  @Test
  void revokedTokensEndAtOnceAndTheNextTokenLives() {
    var someone = Sdk.Someone.chatting();
    someone.thread("before");
    Sdk.identity().revokeTokens(someone.user());
    var fresh = Sdk.identity().getToken(someone.user(), List.of(CHAT)).getToken();
    assertRefused(401, () -> someone.thread("after"));
    Sdk.chatWith(fresh).createChatThread(new CreateChatThreadOptions("after"));
  }

  @Test
  void anotherResourcesUserIsRefused() {
    var elsewhere =
        new CommunicationUserIdentifier("8:acs:" + UUID.randomUUID() + "_" + UUID.randomUUID());
    assertRefused(401, () -> Sdk.identity().getToken(elsewhere, List.of(CHAT)));
  }

  @Test
  void aWrongKeyIsRefused() {
    var wrong =
        Sdk.environment("ACS_CONNECTION_STRING")
            .replaceFirst("accesskey=.*", "accesskey=" + Base64.getEncoder().encodeToString(new byte[64]));
    assertRefused(401, () -> Sdk.identity(wrong).createUser());
  }

  @Test
  void aTeamsTokenIsRefusedWhileNoIssuerIsConfigured() {
    var options = new GetTokenForTeamsUserOptions("a.b.c", UUID.randomUUID().toString(), UUID.randomUUID().toString());
    assertRefused(401, () -> Sdk.identity().getTokenForTeamsUser(options));
  }

  private static void assertLives(OffsetDateTime end, Duration wanted) {
    var lives = Duration.between(OffsetDateTime.now(end.getOffset()), end);
    assertTrue(lives.minus(wanted).abs().compareTo(Duration.ofMinutes(2)) < 0, () -> "lives " + lives);
  }

  static void assertRefused(int status, Runnable call) {
    var refusal = assertThrows(HttpResponseException.class, call::run);
    assertEquals(status, refusal.getResponse().getStatusCode(), refusal::getMessage);
  }
}

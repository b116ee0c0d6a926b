package contract;

import static com.azure.communication.identity.models.CommunicationTokenScope.CHAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.communication.identity.CommunicationIdentityClient;
import com.azure.communication.identity.CommunicationIdentityClientBuilder;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.exception.HttpResponseException;
import com.azure.identity.ClientSecretCredential;
import com.azure.identity.ClientSecretCredentialBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The official credential of applications, against the built-in issuer. */
final class PrincipalTest {
  private static ClientSecretCredential credential(String secret) {
    return new ClientSecretCredentialBuilder()
        .authorityHost(Sdk.environment("ACS_AUTHORITY_HOST"))
        .disableInstanceDiscovery()
        .tenantId(Sdk.environment("ACS_TENANT_ID"))
        .clientId(Sdk.environment("ACS_CLIENT_ID"))
        .clientSecret(secret)
        .build();
  }

  private static CommunicationIdentityClient identity(ClientSecretCredential credential) {
    return new CommunicationIdentityClientBuilder()
        .endpoint(Sdk.environment("ACS_ENDPOINT"))
        .credential(credential)
        .buildClient();
  }

  @Test
  void anApplicationUsesTheDataPlaneByItsRole() {
    var made =
        identity(credential(Sdk.environment("ACS_CLIENT_SECRET")))
            .createUserAndToken(List.of(CHAT));
    assertTrue(Sdk.chatWith(made.getUserToken().getToken()).listChatThreads().stream().toList().isEmpty());
  }

  @Test
  void itsTokenOpensTheManagementPlane() throws Exception {
    var arm = Sdk.environment("ACS_ARM_ENDPOINT");
    var context = new TokenRequestContext().addScopes("https://management.azure.com//.default");
    var token = credential(Sdk.environment("ACS_CLIENT_SECRET")).getTokenSync(context);
    var life = Duration.between(OffsetDateTime.now(), token.getExpiresAt());
    assertTrue(life.toMinutes() > 50 && life.toMinutes() <= 60, life::toString);
    var request =
        HttpRequest.newBuilder(URI.create(arm + "/subscriptions?api-version=2022-12-01"))
            .header("Authorization", "Bearer " + token.getToken())
            .build();
    try (var client = HttpClient.newHttpClient()) {
      var answer = client.send(request, BodyHandlers.ofString());
      assertEquals(200, answer.statusCode(), answer.body());
      assertTrue(answer.body().contains(Sdk.environment("ACS_SUBSCRIPTION_ID")), answer.body());
    }
  }

  @Test
  void aWrongSecretAndAWrongAudienceAreRefused() {
    var data = new TokenRequestContext().addScopes("https://communication.azure.com//.default");
    var wrong = credential("wrong");
    // The credential wraps what the library below it throws.
    var refused = assertThrows(RuntimeException.class, () -> wrong.getTokenSync(data));
    assertTrue(refused.getMessage().contains("AADSTS7000215"), refused.getMessage());

    var right = credential(Sdk.environment("ACS_CLIENT_SECRET"));
    var graph = new TokenRequestContext().addScopes("https://graph.microsoft.com/.default");
    var unknown = assertThrows(RuntimeException.class, () -> right.getTokenSync(graph));
    assertTrue(unknown.getMessage().contains("AADSTS500011"), unknown.getMessage());
    var management = new CommunicationIdentityClientBuilder()
        .endpoint(Sdk.environment("ACS_ENDPOINT"))
        .credential(context -> right.getToken(
            new TokenRequestContext().addScopes("https://management.azure.com//.default")))
        .buildClient();
    var answer = assertThrows(HttpResponseException.class, management::createUser);
    assertEquals(401, answer.getResponse().getStatusCode());
  }
}

package contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.communication.email.EmailClient;
import com.azure.communication.email.EmailClientBuilder;
import com.azure.communication.email.models.EmailAddress;
import com.azure.communication.email.models.EmailAttachment;
import com.azure.communication.email.models.EmailMessage;
import com.azure.communication.email.models.EmailSendResult;
import com.azure.communication.email.models.EmailSendStatus;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.util.BinaryData;
import com.azure.identity.ClientSecretCredential;
import com.azure.identity.ClientSecretCredentialBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Email with the newest artifact. */
class EmailTest {
  private static final String FROM = Sdk.environment("ACS_EMAIL_SENDER");
  private static final ClientSecretCredential PRINCIPAL =
      new ClientSecretCredentialBuilder()
          .tenantId(Sdk.environment("ACS_TENANT_ID"))
          .clientId(Sdk.environment("ACS_CLIENT_ID"))
          .clientSecret(Sdk.environment("ACS_CLIENT_SECRET"))
          .authorityHost(Sdk.environment("ACS_AUTHORITY_HOST"))
          .disableInstanceDiscovery()
          .build();

  private final EmailClient client =
      new EmailClientBuilder().connectionString(Sdk.environment("ACS_CONNECTION_STRING")).buildClient();

  /** An address that no other test writes to; the word chooses what becomes of its mail. */
  private static String someone(String word) {
    return Sdk.environment("ACS_EMAIL_TO").replace("@", "+" + word + UUID.randomUUID() + "@");
  }

  private static EmailMessage hello(String to) {
    return new EmailMessage()
        .setSenderAddress(FROM)
        .setToRecipients(to)
        .setSubject("Hello")
        .setBodyPlainText("Your code is 482913");
  }

  private static EmailSendResult sent(EmailClient client, EmailMessage message) {
    var poller = client.beginSend(message).setPollInterval(Duration.ofMillis(50));
    poller.waitForCompletion();
    return poller.getFinalResult();
  }

  /** What the mailbox has for an address, as soon as it has something. */
  private static String inbox(String to) throws IOException, InterruptedException {
    var scope = new TokenRequestContext().addScopes("https://communication.azure.com/.default");
    var address =
        "%s/parley/inbox/email?wait=20&to=%s"
            .formatted(
                Sdk.environment("ACS_ENDPOINT").replaceAll("/$", ""),
                URLEncoder.encode(to, StandardCharsets.UTF_8));
    var request =
        HttpRequest.newBuilder(URI.create(address))
            .header("Authorization", "Bearer " + PRINCIPAL.getTokenSync(scope).getToken())
            .build();
    try (var http = HttpClient.newHttpClient()) {
      var answer = http.send(request, BodyHandlers.ofString());
      assertEquals(200, answer.statusCode(), answer.body());
      return answer.body();
    }
  }

  @Test
  void theQuickstartsMailArrives() throws Exception {
    var to = someone("");
    var result = sent(client, hello(to));
    assertEquals(EmailSendStatus.SUCCEEDED, result.getStatus());
    assertNull(result.getError());
    var mails = inbox(to);
    assertTrue(mails.contains("\"code\":\"482913\""), mails);
    assertTrue(mails.contains("\"messageId\":\"" + result.getId() + "\""), mails);
  }

  @Test
  void everyFieldArrives() throws Exception {
    var to = someone("");
    var message =
        hello(to)
            .setToRecipients(new EmailAddress(to).setDisplayName("Zoë Ångström"))
            .setCcRecipients("cc@mailbox.localhost")
            .setBccRecipients("bcc@mailbox.localhost")
            .setReplyTo(new EmailAddress("support@example.com").setDisplayName("Support"))
            .setSubject("Grüße aus Köln")
            .setBodyHtml("<p>Your <b>code</b></p>")
            .setAttachments(
                new EmailAttachment("Übersicht.txt", "text/plain", BinaryData.fromString("a file")))
            .setUserEngagementTrackingDisabled(true);
    assertEquals(EmailSendStatus.SUCCEEDED, sent(client, message).getStatus());
    var mails = inbox(to);
    for (var part :
        new String[] {
          "Grüße aus Köln", "Zoë Ångström", "cc@mailbox.localhost", "Support", "<b>code</b>", "Übersicht.txt"
        }) {
      assertTrue(mails.contains(part), part + " in " + mails);
    }
  }

  @Test
  void whoBouncedIsSuppressedWithTheReasonUntilTheLauncherTakesTheAddressOff() throws Exception {
    var to = someone("bounce+");
    sent(client, hello(to));
    var line = "";
    while (line.isEmpty()) {
      line = Sdk.launcher("email", "suppressions", "list", to.toUpperCase(Locale.ROOT));
    }
    assertTrue(line.startsWith(to + "\t" + FROM.substring(FROM.indexOf('@') + 1) + "\tbounce\t"), line);
    assertThrows(RuntimeException.class, () -> sent(client, hello(to.toUpperCase(Locale.ROOT))));
    Sdk.launcher("email", "suppressions", "remove", to);
    assertEquals("", Sdk.launcher("email", "suppressions", "list", to));
    assertEquals(EmailSendStatus.SUCCEEDED, sent(client, hello(to)).getStatus());
    assertThrows(
        IOException.class, () -> Sdk.launcher("email", "suppressions", "remove", "nobody@a.example"));
  }

  @Test
  void aTokenOfTheDirectoryServesAsWell() {
    var byToken =
        new EmailClientBuilder()
            .endpoint(Sdk.environment("ACS_ENDPOINT"))
            .credential(PRINCIPAL)
            .buildClient();
    assertEquals(EmailSendStatus.SUCCEEDED, sent(byToken, hello(someone(""))).getStatus());
  }

  @Test
  void whatCannotBeSentIsRefused() {
    assertEquals(404, refusal(hello(someone("")).setSenderAddress("a@not-linked.example")));
    assertEquals(400, refusal(hello("no address")));
    assertEquals(400, refusal(hello("a@b.example\r\nBcc: c@d.example")));
    assertEquals(400, refusal(hello(someone("")).setSubject("a\r\nBcc: c@d.example")));
  }

  private int refusal(EmailMessage message) {
    return assertThrows(HttpResponseException.class, () -> client.beginSend(message).poll())
        .getResponse()
        .getStatusCode();
  }
}

package contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.communication.sms.SmsClient;
import com.azure.communication.sms.SmsClientBuilder;
import com.azure.communication.sms.models.SmsSendOptions;
import com.azure.communication.sms.models.SmsSendResult;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.util.Context;
import com.azure.identity.ClientSecretCredentialBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** SMS with the newest artifact. */
class SmsTest {
  private static final String FROM = Sdk.environment("ACS_SMS_FROM");
  private final SmsClient client =
      new SmsClientBuilder()
          .connectionString(Sdk.environment("ACS_CONNECTION_STRING"))
          .buildClient();

  /** A handset that no other test writes to. */
  private static String handset() {
    return "+1425555" + ThreadLocalRandom.current().nextInt(1_000, 10_000);
  }

  @Test
  void theQuickstartsMessageArrives() throws Exception {
    var to = handset();
    var code = Integer.toString(ThreadLocalRandom.current().nextInt(100_000, 1_000_000));
    var result = client.send(FROM, to, "Your code is " + code);
    assertTrue(result.isSuccessful());
    assertEquals(202, result.getHttpStatusCode());
    assertEquals(to, result.getTo());
    assertTrue(result.getMessageId().startsWith("Outgoing_"), result.getMessageId());
    assertNull(result.getErrorMessage());
    assertTrue(inbox(to).contains("\t" + code + "\t"), "the code stands in the inbox");
  }

  @Test
  void eachOfManyRecipientsGetsAnAnswer() {
    var to = List.of(handset(), "14255550100", "+142555501001234567");
    var options = new SmsSendOptions().setDeliveryReportEnabled(true).setTag("marketing");
    var results = new ArrayList<SmsSendResult>();
    client.sendWithResponse(FROM, to, "to all", options, Context.NONE).getValue().forEach(results::add);
    assertEquals(List.of(202, 400, 400), results.stream().map(SmsSendResult::getHttpStatusCode).toList());
    assertEquals("Invalid To phone number format.", results.get(1).getErrorMessage());
    assertNotEquals(results.get(0).getMessageId(), results.get(1).getMessageId());
  }

  @Test
  void aTokenOfTheDirectoryServesAsWell() {
    var byToken =
        new SmsClientBuilder()
            .endpoint(Sdk.environment("ACS_ENDPOINT"))
            .credential(
                new ClientSecretCredentialBuilder()
                    .tenantId(Sdk.environment("ACS_TENANT_ID"))
                    .clientId(Sdk.environment("ACS_CLIENT_ID"))
                    .clientSecret(Sdk.environment("ACS_CLIENT_SECRET"))
                    .authorityHost(Sdk.environment("ACS_AUTHORITY_HOST"))
                    .disableInstanceDiscovery()
                    .build())
            .buildClient();
    assertTrue(byToken.send(FROM, handset(), "by token").isSuccessful());
  }

  @Test
  void whatIsWrongWithTheWholeRequestIsRefused() {
    assertEquals(401, refusal("+18005559999", "x"));
    assertEquals(400, refusal("18005559999", "x"));
    assertEquals(400, refusal(FROM, "x".repeat(2_049)));
    assertEquals(400, refusal(FROM, ""));
  }

  private int refusal(String from, String message) {
    return assertThrows(HttpResponseException.class, () -> client.send(from, handset(), message))
        .getResponse()
        .getStatusCode();
  }

  /** The inbox in the terminal, which waits for the first message. */
  private static String inbox(String to) throws IOException, InterruptedException {
    return Sdk.launcher("sms", "inbox", to);
  }
}

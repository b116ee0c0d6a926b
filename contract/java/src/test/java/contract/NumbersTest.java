package contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.communication.phonenumbers.PhoneNumbersClient;
import com.azure.communication.phonenumbers.PhoneNumbersClientBuilder;
import com.azure.communication.phonenumbers.siprouting.SipRoutingClient;
import com.azure.communication.phonenumbers.siprouting.SipRoutingClientBuilder;
import com.azure.communication.phonenumbers.models.PhoneNumberAssignmentType;
import com.azure.communication.phonenumbers.models.PhoneNumberCapabilities;
import com.azure.communication.phonenumbers.models.PhoneNumberCapabilityType;
import com.azure.communication.phonenumbers.models.PhoneNumberSearchOptions;
import com.azure.communication.phonenumbers.models.PhoneNumberType;
import com.azure.communication.phonenumbers.siprouting.models.SipTrunk;
import com.azure.communication.phonenumbers.siprouting.models.SipTrunkRoute;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.util.Context;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Phone numbers and SIP routing with the newest artifact. */
class NumbersTest {
  private final PhoneNumbersClient numbers =
      new PhoneNumbersClientBuilder()
          .connectionString(Sdk.environment("ACS_CONNECTION_STRING"))
          .buildClient();
  private final SipRoutingClient sip =
      new SipRoutingClientBuilder()
          .connectionString(Sdk.environment("ACS_CONNECTION_STRING"))
          .buildClient();

  @Test
  void theResourceOwnsANumber() {
    var from = Sdk.environment("ACS_SMS_FROM");
    var number = numbers.getPurchasedPhoneNumber(from);
    assertEquals(from, number.getPhoneNumber());
    assertEquals(PhoneNumberType.TOLL_FREE, number.getPhoneNumberType());
    assertTrue(
        numbers.listPurchasedPhoneNumbers().stream()
            .anyMatch(one -> one.getPhoneNumber().equals(from)));
  }

  @Test
  void aNumberIsSearchedBoughtChangedAndReleased() {
    var capabilities =
        new PhoneNumberCapabilities()
            .setCalling(PhoneNumberCapabilityType.NONE)
            .setSms(PhoneNumberCapabilityType.INBOUND_OUTBOUND);
    var found =
        numbers
            .beginSearchAvailablePhoneNumbers(
                "US",
                PhoneNumberType.TOLL_FREE,
                PhoneNumberAssignmentType.APPLICATION,
                capabilities,
                new PhoneNumberSearchOptions().setQuantity(2),
                Context.NONE)
            .getFinalResult();
    assertEquals(2, found.getPhoneNumbers().size());
    numbers.beginPurchasePhoneNumbers(found.getSearchId(), Context.NONE).getFinalResult();
    var number = found.getPhoneNumbers().get(0);
    assertEquals(number, numbers.getPurchasedPhoneNumber(number).getPhoneNumber());
    var wanted =
        new PhoneNumberCapabilities()
            .setCalling(PhoneNumberCapabilityType.INBOUND)
            .setSms(PhoneNumberCapabilityType.OUTBOUND);
    var changed =
        numbers
            .beginUpdatePhoneNumberCapabilities(number, wanted, Context.NONE)
            .getFinalResult();
    assertEquals(PhoneNumberCapabilityType.INBOUND, changed.getCapabilities().getCalling());
    for (var each : found.getPhoneNumbers()) {
      numbers.beginReleasePhoneNumber(each, Context.NONE).waitForCompletion();
    }
    var refused =
        assertThrows(
            HttpResponseException.class, () -> numbers.getPurchasedPhoneNumber(number));
    assertEquals(404, refused.getResponse().getStatusCode());
  }

  @Test
  void theListsBeforeASearch() {
    var countries =
        numbers.listAvailableCountries().stream().map(one -> one.getCountryCode()).toList();
    assertEquals(List.of("FR", "GB", "US"), countries);
    var towns =
        numbers.listAvailableLocalities("US", "WA", Context.NONE).stream()
            .map(one -> one.getLocalizedName())
            .toList();
    assertEquals(List.of("Seattle", "Tacoma"), towns);
    var codes =
        numbers
            .listAvailableGeographicAreaCodes(
                "US", PhoneNumberAssignmentType.PERSON, "Seattle", "WA", Context.NONE)
            .stream()
            .map(one -> one.getAreaCode())
            .toList();
    assertEquals(List.of("206"), codes);
    assertEquals(7, numbers.listAvailableTollFreeAreaCodes("US").stream().count());
    assertTrue(numbers.listAvailableOfferings("US", null, null, Context.NONE).stream().count() > 1);
  }

  @Test
  void trunksAndRoutesKeepTheirOrder() {
    // A resource's routing is one thing, so the other suite's test of it must not run at the same time.
    var domain = Sdk.environment("ACS_SIP_DOMAIN");
    var trunks =
        List.of(new SipTrunk("b." + domain, 5062), new SipTrunk("a." + domain, 5061));
    sip.setRoutes(List.of());
    sip.setTrunks(trunks);
    assertEquals(
        List.of("b." + domain, "a." + domain),
        sip.listTrunks().stream().map(SipTrunk::getFqdn).toList());
    sip.setRoutes(
        List.of(
            new SipTrunkRoute("z", "^+[1-9][0-9]{3,23}$").setTrunks(List.of("a." + domain)),
            new SipTrunkRoute("a", "^\\+1")));
    assertEquals(
        List.of("z", "a"), sip.listRoutes().stream().map(SipTrunkRoute::getName).toList());
    assertThrows(HttpResponseException.class, () -> sip.deleteTrunk("a." + domain));
    sip.setRoutes(List.of());
    sip.setTrunks(List.of());
    assertEquals(0, sip.listTrunks().stream().count());
  }
}

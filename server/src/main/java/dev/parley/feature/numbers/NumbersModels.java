package dev.parley.feature.numbers;

import dev.parley.base.wire.Request;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The contract's JSON; members that a request may leave out are nullable. */
final class NumbersModels {
  private NumbersModels() {}

  record CapabilitiesModel(@Nullable String calling, @Nullable String sms) {
    static CapabilitiesModel of(Capabilities capabilities) {
      return new CapabilitiesModel(capabilities.calling().word(), capabilities.sms().word());
    }
  }

  record CostModel(BigDecimal amount, String currencyCode, String billingFrequency) {
    static CostModel of(Cost cost) {
      return new CostModel(cost.amount(), cost.currency(), "monthly");
    }
  }

  /** {@code PhoneNumberCountry}. */
  record CountryModel(String localizedName, String countryCode) {}

  record DivisionModel(String localizedName, String abbreviatedName) {}

  /** {@code PhoneNumberLocality}. */
  record LocalityModel(String localizedName, @Nullable DivisionModel administrativeDivision) {
    static LocalityModel of(Catalogue.Locality locality) {
      return new LocalityModel(
          locality.name(),
          locality.division().isEmpty()
              ? null
              : new DivisionModel(locality.division(), locality.divisionCode()));
    }
  }

  /** {@code PhoneNumberAreaCode}. */
  record AreaCodeModel(String areaCode) {}

  /** {@code PhoneNumberOffering}. */
  record OfferingModel(
      String phoneNumberType,
      String assignmentType,
      CapabilitiesModel availableCapabilities,
      CostModel cost) {
    /** One for each that the numbers may be given to. */
    static Stream<OfferingModel> of(Offer offer) {
      return offer.assignments().stream()
          .map(assignment ->
              new OfferingModel(
                  offer.type().word(),
                  assignment.word(),
                  CapabilitiesModel.of(offer.capabilities()),
                  CostModel.of(offer.cost())));
    }
  }

  record SearchRequest(
      @Nullable String phoneNumberType,
      @Nullable String assignmentType,
      @Nullable CapabilitiesModel capabilities,
      @Nullable String areaCode,
      @Nullable Long quantity) {}

  /** {@code PhoneNumberSearchResult}. */
  record SearchModel(
      String searchId,
      List<String> phoneNumbers,
      String phoneNumberType,
      String assignmentType,
      CapabilitiesModel capabilities,
      @Nullable CostModel cost,
      Instant searchExpiresBy,
      boolean isAgreementToNotResellRequired,
      @Nullable Integer errorCode,
      @Nullable String error) {
    private static final int OUT_OF_STOCK = 1000;

    static SearchModel of(Search search, boolean agreement) {
      var wish = search.wish();
      var found = search.found();
      var none = found.map(it -> it.numbers().isEmpty()).orElse(false);
      return new SearchModel(
          search.id(),
          found.map(Search.Found::numbers).orElse(List.of()),
          wish.type().word(),
          wish.assignment().word(),
          CapabilitiesModel.of(wish.capabilities()),
          found.flatMap(Search.Found::cost).map(CostModel::of).orElse(null),
          search.expiresOn(),
          agreement,
          none ? OUT_OF_STOCK : null,
          none ? "OutOfStock" : null);
    }
  }

  record PurchaseRequest(@Nullable String searchId, @Nullable Boolean agreeToNotResell) {}

  /** {@code PurchasedPhoneNumber}. */
  record NumberModel(
      String id,
      String phoneNumber,
      String countryCode,
      String phoneNumberType,
      CapabilitiesModel capabilities,
      String assignmentType,
      Instant purchaseDate,
      CostModel cost) {
    static NumberModel of(PurchasedNumber number) {
      return new NumberModel(
          number.number().substring(1),
          number.number(),
          number.owned().country(),
          number.owned().type().word(),
          CapabilitiesModel.of(number.owned().capabilities()),
          number.assignment().word(),
          number.purchasedOn(),
          CostModel.of(number.offer().cost()));
    }
  }

  record FaultModel(String code, String message) {
    static @Nullable FaultModel of(Optional<Operation.Fault> fault) {
      return fault.map(it -> new FaultModel(it.code(), it.message())).orElse(null);
    }
  }

  /** {@code PhoneNumberOperation}. */
  record OperationModel(
      String operationType,
      String status,
      @Nullable String resourceLocation,
      Instant createdDateTime,
      @Nullable FaultModel error,
      String id,
      Instant lastActionDateTime) {
    static OperationModel of(Operation operation, Request request) {
      return new OperationModel(
          operation.type().word(),
          operation.status().name().toLowerCase(Locale.ROOT),
          operation.resultPath().map(path -> NumbersRoutes.versioned(request, path)).orElse(null),
          operation.createdOn(),
          FaultModel.of(operation.fault()),
          operation.id(),
          operation.changedOn());
    }
  }

  record BrowseRequest(
      @Nullable String phoneNumberType,
      @Nullable CapabilitiesModel capabilities,
      @Nullable String assignmentType,
      @Nullable List<String> phoneNumberPrefixes) {}

  /** {@code AvailablePhoneNumber}. */
  record AvailableModel(
      @Nullable String id,
      @Nullable String countryCode,
      @Nullable String phoneNumber,
      @Nullable CapabilitiesModel capabilities,
      @Nullable String phoneNumberType,
      @Nullable String assignmentType,
      @Nullable CostModel cost,
      @Nullable String status,
      @Nullable Boolean isAgreementToNotResellRequired,
      @Nullable FaultModel error) {
    static AvailableModel of(Catalogue.Shown shown, AssignmentType assignment, boolean agreement) {
      var offer = shown.offer();
      return new AvailableModel(
          shown.number().substring(1),
          offer.country(),
          shown.number(),
          CapabilitiesModel.of(offer.capabilities()),
          offer.type().word(),
          assignment.word(),
          CostModel.of(offer.cost()),
          "available",
          agreement,
          null);
    }

    static AvailableModel of(Reservation.Item item, Operations operations) {
      var offer = item.offer();
      return new AvailableModel(
          item.number().substring(1),
          offer.map(Offer::country).orElse(""),
          item.number(),
          item.capabilities().map(CapabilitiesModel::of).orElse(null),
          offer.map(it -> it.type().word()).orElse(""),
          item.assignment().word(),
          offer.map(it -> CostModel.of(it.cost())).orElse(null),
          item.state().name().toLowerCase(Locale.ROOT),
          offer.map(it -> operations.needsAgreement(it.country())).orElse(null),
          FaultModel.of(item.fault()));
    }
  }

  record BrowseResult(List<AvailableModel> phoneNumbers) {}

  record ReservationRequest(@Nullable Map<String, @Nullable AvailableModel> phoneNumbers) {}

  /** {@code PhoneNumbersReservation}. */
  record ReservationModel(
      String id,
      Instant expiresAt,
      @Nullable Map<String, AvailableModel> phoneNumbers,
      String status) {
    static ReservationModel of(Reservation reservation, Operations operations) {
      var numbers = new LinkedHashMap<String, AvailableModel>();
      reservation
          .items()
          .forEach(
              item -> numbers.put(item.number().substring(1), AvailableModel.of(item, operations)));
      return new ReservationModel(
          reservation.id(),
          reservation.expiresOn(),
          numbers,
          reservation.state().name().toLowerCase(Locale.ROOT));
    }

    /** As lists show it, which leave the numbers out. */
    static ReservationModel brief(Reservation reservation) {
      return new ReservationModel(
          reservation.id(),
          reservation.expiresOn(),
          null,
          reservation.state().name().toLowerCase(Locale.ROOT));
    }
  }

  record AgreementRequest(@Nullable Boolean agreeToNotResell) {}
}

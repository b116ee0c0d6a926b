package dev.parley.feature.sms.carrier;

import java.util.List;

/**
 * What a carrier says of one segment.
 *
 * @param carrierId its id of the segment, perhaps in another base than before
 * @param parties who sent it and whom it was for, with or without a plus, in whichever order the
 *     carrier has them; empty where it does not say
 */
public record Receipt(String carrierId, List<String> parties, DeliveryCode code) {
  public Receipt {
    parties = List.copyOf(parties);
  }
}

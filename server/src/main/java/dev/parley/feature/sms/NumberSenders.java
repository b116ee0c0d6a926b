package dev.parley.feature.sms;

import dev.parley.base.words.ResourceId;
import dev.parley.feature.numbers.Numbers;
import dev.parley.feature.numbers.OwnedNumber;
import java.util.Optional;

/** The inventory of numbers as a directory of senders. */
public final class NumberSenders implements SenderDirectory {
  private final Numbers numbers;

  public NumberSenders(Numbers numbers) {
    this.numbers = numbers;
  }

  @Override
  public Optional<Rights> rights(ResourceId resource, String number) {
    return numbers
        .find(resource, number)
        .map(owned ->
            new Rights(
                owned.capabilities().sms().outbound(), owned.capabilities().sms().inbound()));
  }

  @Override
  public Optional<ResourceId> owner(String number) {
    return numbers.find(number).map(OwnedNumber::resource);
  }
}

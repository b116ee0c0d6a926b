package dev.parley.feature.sms;

import dev.parley.base.wire.Request;
import dev.parley.base.words.Caller;
import dev.parley.base.words.ResourceId;
import java.util.Optional;
import java.util.function.Function;

/**
 * For whom a request of ours acts: a key holder for its own resource, the operator for the one that
 * the query parameter {@code resource} names, or for the default resource.
 */
final class Acting {
  private final Function<String, Optional<ResourceId>> resources;

  /**
   * The rule.
   *
   * @param resources by name; the default one by empty text
   */
  Acting(Function<String, Optional<ResourceId>> resources) {
    this.resources = resources;
  }

  Caller of(Request request) {
    return request.caller() instanceof Caller.Principal operator && operator.operator()
        ? new Caller.Principal(
            named(request.query("resource").orElse("")), operator.id(), true, operator.origin())
        : request.caller();
  }

  private ResourceId named(String name) {
    return resources.apply(name).orElseThrow(() -> SmsProblems.noResource(name));
  }
}

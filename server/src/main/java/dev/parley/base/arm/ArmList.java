package dev.parley.base.arm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of a list, as every list of the management plane is. */
public record ArmList<T>(List<T> value, @Nullable String nextLink) {
  private static final int PAGE_MAX = 1_000;
  private static final int PAGE = 100;
  private static final String POSITION = "$skiptoken";

  /** A list on one page. */
  public static <T> ArmList<T> of(List<T> value) {
    return new ArmList<>(value, null);
  }

  /** The page of a list that the call asks for, {@code $top} and a former link obeyed. */
  public static <T> ArmList<T> page(ArmCall call, List<T> all) {
    var size = call.request().queryInt("$top", 1, PAGE_MAX).orElse(PAGE);
    var from = call.request().position(POSITION).map(Integer::parseInt).orElse(0);
    var to = Math.min(all.size(), from + size);
    var next = to < all.size() ? call.request().nextLink(POSITION, Integer.toString(to)) : null;
    return new ArmList<>(from >= all.size() ? List.of() : all.subList(from, to), next);
  }
}

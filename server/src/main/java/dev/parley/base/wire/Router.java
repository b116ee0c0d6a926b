package dev.parley.base.wire;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a path: a tree of segments in which literal ones win over parameters. Those of
 * some routes match in any case, as the management plane has it.
 */
final class Router<R> {
  /** A route with the values of its path parameters. */
  record Match<R>(R route, Map<String, String> parameters) {}

  /** What a path leads to. */
  private static final class Node<R> {
    final Map<String, Node<R>> literal = new HashMap<>();
    final Map<String, Node<R>> anyCase = new HashMap<>();
    @Nullable Node<R> parameter;
    final Map<Method, R> routes = new HashMap<>();
    final Map<Method, List<String>> names = new HashMap<>();
  }

  private final Node<R> root = new Node<>();
  private final Set<String> taken = new HashSet<>();

  /**
   * Adds a route.
   *
   * @throws IllegalArgumentException when two routes share method and path
   */
  void add(Method method, String path, R route) {
    add(method, path, route, false);
  }

  /**
   * Adds a route.
   *
   * @param anyCase whether the literal segments match in any case
   * @throws IllegalArgumentException when two routes share method and path
   */
  void add(Method method, String path, R route, boolean anyCase) {
    var node = root;
    var names = new ArrayList<String>();
    var shape = new StringBuilder(method.name());
    for (var segment : path.substring(1).split("/", -1)) {
      if (segment.startsWith("{") && segment.endsWith("}")) {
        names.add(segment.substring(1, segment.length() - 1));
        if (node.parameter == null) {
          node.parameter = new Node<>();
        }
        node = node.parameter;
        shape.append("/{}");
      } else {
        var literals = anyCase ? node.anyCase : node.literal;
        var literal = anyCase ? segment.toLowerCase(Locale.ROOT) : segment;
        node = literals.computeIfAbsent(literal, _ -> new Node<>());
        shape.append('/').append(literal);
      }
    }
    if (!taken.add(shape.toString())) {
      throw new IllegalArgumentException("Two routes for " + shape);
    }
    node.routes.put(method, route);
    node.names.put(method, names);
  }

  /**
   * The route of a method and a path; empty when the path leads nowhere or the method is another.
   */
  Optional<Match<R>> match(Method method, Target target) {
    var values = new ArrayList<String>();
    var node = find(root, target.segments(), 0, method, values);
    if (node == null) {
      return Optional.empty();
    }
    var route = node.routes.get(method);
    var names = node.names.get(method);
    if (route == null || names == null) {
      return Optional.empty();
    }
    var parameters = new HashMap<String, String>();
    for (var i = 0; i < names.size(); i++) {
      parameters.put(names.get(i), values.get(i));
    }
    return Optional.of(new Match<>(route, parameters));
  }

  /** The methods that a path has. */
  Set<Method> methods(Target target) {
    var methods = EnumSet.noneOf(Method.class);
    for (var method : Method.values()) {
      if (match(method, target).isPresent()) {
        methods.add(method);
      }
    }
    return methods;
  }

  private static <R> @Nullable Node<R> find(
      Node<R> node, List<String> segments, int depth, Method method, List<String> values) {
    if (depth == segments.size()) {
      return node.routes.containsKey(method) ? node : null;
    }
    var segment = segments.get(depth);
    var literal = node.literal.get(segment);
    if (literal != null) {
      var found = find(literal, segments, depth + 1, method, values);
      if (found != null) {
        return found;
      }
    }
    if (!node.anyCase.isEmpty()) {
      var word = node.anyCase.get(segment.toLowerCase(Locale.ROOT));
      var found = word == null ? null : find(word, segments, depth + 1, method, values);
      if (found != null) {
        return found;
      }
    }
    if (node.parameter == null || segment.isEmpty()) {
      return null;
    }
    values.add(segment);
    var found = find(node.parameter, segments, depth + 1, method, values);
    if (found == null) {
      values.removeLast();
    }
    return found;
  }
}

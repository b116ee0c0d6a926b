package dev.parley.feature.access;

import dev.parley.base.arm.Arm;
import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.OperatorLog;
import dev.parley.base.bus.Bus;
import dev.parley.base.event.AdminEvent;
import dev.parley.base.wire.Feature;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The parts of rights put together. */
public final class AccessFeature implements Feature {
  private final Access access;
  private final Principals principals;
  private final String developer;
  private final Bus bus;
  private final List<Route> routes = new ArrayList<>();

  /**
   * The operations on roles, and the log.
   *
   * @param developer name of the principal that owns everything in the developer profile
   */
  public AccessFeature(
      Access access,
      ActivityLog log,
      OperatorLog operators,
      Arm arm,
      Principals principals,
      String developer,
      Bus bus,
      InstantSource clock) {
    this.access = access;
    this.principals = principals;
    this.developer = developer;
    this.bus = bus;
    routes.addAll(new RoleHttp(access, arm).routes());
    routes.addAll(new AssignmentHttp(access, operators).routes());
    routes.addAll(new ActivityHttp(log, arm, clock).routes());
  }

  @Override
  public List<Route> routes() {
    return List.copyOf(routes);
  }

  @Override
  public void start() {
    access.load();
    bus.live("access", List.of(AdminEvent.RolesChanged.class), access::hear);
    bus.durable(
        "access.principals", List.of(AdminEvent.PrincipalChanged.class), access::hearPrincipals);
  }

  /** The developer's application owns everything. */
  @Override
  public Map<String, String> environment(Resource home) {
    principals.find(developer).ifPresent(one -> access.ensure(ArmId.ROOT, "Owner", one.id()));
    return Map.of();
  }

  /** Rights belong to the house; they go with the resource in the management plane. */
  @Override
  public void eraseAll(ResourceId resource) {}
}

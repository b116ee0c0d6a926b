package dev.parley.feature.manage;

import dev.parley.base.arm.Arm;
import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.OperatorLog;
import dev.parley.base.wire.Feature;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of the management plane put together. */
public final class ManageFeature implements Feature {
  private static final Logger logger = LoggerFactory.getLogger(ManageFeature.class);
  private static final Duration FIRST_ROUND = Duration.ofSeconds(2);
  private static final Duration ROUND = Duration.ofSeconds(30);

  private final Resources resources;
  private final GroupDeletion deletion;
  private final List<Route> routes = new ArrayList<>();
  private final Thread rounds = Thread.ofVirtual().name("erasures").unstarted(this::goRound);

  /**
   * The operations of the management plane.
   *
   * @param aftermath what else goes with a resource or a group: the rights at it
   * @param tenant id of the directory
   */
  public ManageFeature(
      ManageConfig config,
      Resources resources,
      StatusRows statuses,
      Arm arm,
      OperatorLog log,
      BiConsumer<ArmId, Origin> aftermath,
      Supplier<String> tenant,
      InstantSource clock) {
    this.resources = resources;
    var places = resources.places();
    this.deletion = new GroupDeletion(places, arm, aftermath);
    resources.deletions().whenGone(id -> aftermath.accept(id, Origin.service("manage")));
    var services = new ServiceHttp(new Services(config, resources, arm), resources, arm, tenant);
    arm.keeps(services);
    routes.addAll(new SubscriptionHttp(places, statuses, arm, tenant).routes());
    routes.addAll(new GroupHttp(deletion, places, arm).routes());
    routes.addAll(new ProviderHttp(arm).routes());
    routes.addAll(new LockHttp(places, arm, clock).routes());
    routes.addAll(services.routes());
    routes.addAll(new ResourceHttp(resources, arm, log).routes());
  }

  @Override
  public List<Route> routes() {
    return List.copyOf(routes);
  }

  @Override
  public void start() {
    rounds.start();
  }

  /** Finishes what crashes cut off, and erases what nobody brought back in time. */
  private void goRound() {
    var pause = FIRST_ROUND;
    while (true) {
      try {
        Thread.sleep(pause);
        pause = ROUND;
        resources.deletions().finishErasures();
        deletion.resume();
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException e) {
        logger.error("deleted resources could not be erased", e);
      }
    }
  }

  @Override
  public Map<String, String> environment(Resource home) {
    var group = resources.places().home();
    var environment = new LinkedHashMap<String, String>();
    environment.put("ACS_ARM_ENDPOINT", resources.register().house().endpoint().toString());
    environment.put("ACS_SUBSCRIPTION_ID", group.subscription());
    environment.put("ACS_RESOURCE_GROUP", group.name());
    return environment;
  }

  @Override
  public void close() {
    rounds.interrupt();
  }

  /** What this room keeps about a resource goes last, by its own hand. */
  @Override
  public void eraseAll(ResourceId resource) {}
}

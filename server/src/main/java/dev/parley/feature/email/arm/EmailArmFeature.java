package dev.parley.feature.email.arm;

import dev.parley.base.arm.Arm;
import dev.parley.base.arm.ArmId;
import dev.parley.base.store.Migration;
import dev.parley.base.store.Store;
import dev.parley.base.wire.Feature;
import dev.parley.base.wire.Route;
import dev.parley.base.words.ResourceId;
import dev.parley.feature.email.DomainKeys;
import dev.parley.feature.email.Domains;
import dev.parley.feature.email.dns.Dns;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Email's management plane put together. */
public final class EmailArmFeature implements Feature {
  private static final Logger log = LoggerFactory.getLogger(EmailArmFeature.class);
  private static final Duration RECHECK = Duration.ofHours(1);

  /**
   * Who may submit by SMTP.
   *
   * @param service the communication service
   * @param application client id of the application whose secret is the password
   */
  public record SmtpUser(ArmId service, String application) {}

  private final Arm arm;
  private final EmailPlaces places;
  private final DomainCheck check;
  private final Domains domains;
  private final List<Route> routes;
  private final Thread rechecker =
      Thread.ofVirtual().name("domain-recheck").unstarted(this::recheck);

  /**
   * Makes the rooms.
   *
   * @param hostname by which SPF records allow this server
   */
  public EmailArmFeature(
      Store store,
      Arm arm,
      Domains domains,
      DomainKeys keys,
      Dns dns,
      String hostname,
      InstantSource clock) {
    this.arm = arm;
    this.domains = domains;
    this.places = new EmailPlaces(store, arm.places(), domains, clock);
    this.check = new DomainCheck(keys, dns, hostname);
    this.routes = new EmailArmHttp(places, check, domains, arm).routes();
    arm.keeps(new EmailInventory(places, "Microsoft.Communication/emailServices", 8));
    arm.keeps(new EmailInventory(places, "Microsoft.Communication/emailServices/domains", 10));
  }

  /** The schema of this room. */
  public static List<Migration> migrations() {
    return List.of(
        new Migration(
            "email_arm",
            1,
            List.of(
                """
                CREATE TABLE email_place (
                  resource_id TEXT NOT NULL, path TEXT NOT NULL, detail TEXT NOT NULL,
                  PRIMARY KEY (resource_id, path))\
                """)));
  }

  /** Who has an SMTP user name. */
  public Optional<SmtpUser> smtpUser(String username) {
    return places
        .usernameHolder(username)
        .map(place -> new SmtpUser(place.armId().parent(), place.text("entraApplicationId")));
  }

  @Override
  public List<Route> routes() {
    return routes;
  }

  @Override
  public void start() {
    rechecker.start();
  }

  /**
   * Looks whether verified records are still there; says so when they are not, and goes on sending.
   */
  private void recheck() {
    try {
      while (true) {
        Thread.sleep(RECHECK);
        try {
          arm.places().subscriptions().forEach(this::recheck);
        } catch (RuntimeException e) {
          log.warn("the records of domains cannot be checked now", e);
        }
      }
    } catch (InterruptedException _) {
      // The house closes.
    }
  }

  private void recheck(ArmId subscription) {
    for (var place : places.list(subscription.key(), 10)) {
      if (!place.text("domainManagement").equals("CustomerManaged")) {
        continue;
      }
      var id = place.armId();
      var domain = domains.domainOf(id.parent(), place.text("fromSenderDomain"), id.name());
      for (var kind : DomainCheck.Kind.values()) {
        var status =
            place.properties().at("/verificationStates/" + kind.word() + "/status").asText();
        if (status.equals("Verified")) {
          var found = check.check(domain, kind);
          if (!found.there() && !found.errorCode().equals("DnsServerUnavailable")) {
            log.warn("the {} record of {} is no longer as it was", kind.word(), domain.domain());
            places.setState(id, kind, "VerificationFailed", found.errorCode());
          }
        }
      }
    }
  }

  @Override
  public void eraseAll(ResourceId resource) {
    arm.places()
        .idOf(resource)
        .ifPresent(service ->
            places
                .list(service.key() + "/smtpusernames", service.segments().size() + 2)
                .forEach(place -> places.delete(place.armId())));
  }

  @Override
  public void close() {
    rechecker.interrupt();
  }
}

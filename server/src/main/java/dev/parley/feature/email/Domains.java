package dev.parley.feature.email;

import dev.parley.base.arm.ArmId;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Stores;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceId;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/** The front door of domains: who may send as whom. */
public final class Domains {
  /** The one Parley-managed domain of a service, as its API calls it. */
  public static final String MANAGED = "AzureManagedDomain";

  /** The sender name that every domain begins with. */
  static final String DEFAULT_SENDER = "DoNotReply";

  private final EmailConfig config;
  private final Stores stores;
  private final Function<ResourceId, List<ArmId>> links;
  private final DomainStore rows = new DomainStore();

  /** Someone who may send. */
  record Sender(SenderDomain domain, String displayName) {}

  Domains(EmailConfig config, Stores stores, Function<ResourceId, List<ArmId>> links) {
    this.config = config;
    this.stores = stores;
    this.links = links;
  }

  /**
   * Who stands behind a sender address.
   *
   * @throws dev.parley.base.words.Refusal when the resource may not send as that address
   */
  Sender sender(Resource resource, String address) {
    var domain = Addresses.domain(address);
    var found = linked(resource.id(), domain);
    if (found.isEmpty() && config.seeds() && domain.equals(seedDomain(resource))) {
      seed(resource);
      found = linked(resource.id(), domain);
    }
    var linked = found.orElseThrow(() -> EmailProblems.notLinked(domain));
    if (!linked.verified()) {
      throw EmailProblems.notVerified(domain);
    }
    var username = Addresses.local(address);
    return stores
        .of(linked.domain().service())
        .read(all -> rows.sender(all, linked.domain(), username.toLowerCase(Locale.ROOT)))
        .map(name -> new Sender(linked.domain(), name))
        .orElseThrow(() -> EmailProblems.unknownSender(username));
  }

  /** Of several domains with that name the verified one. */
  private Optional<DomainStore.Linked> linked(ResourceId resource, String domain) {
    var own =
        stores.of(resource).read(all -> rows.linked(all, resource, domain)).stream()
            .flatMap(one -> found(one.service(), one.name()).stream());
    var managed =
        links.apply(resource).stream()
            .flatMap(id -> found(serviceOf(id.parent()), lower(id.name())).stream())
            .filter(found -> found.domain().domain().equals(domain));
    return Stream.concat(own, managed).max(Comparator.comparing(DomainStore.Linked::verified));
  }

  /** The domains that a resource is linked to, each once. */
  List<SenderDomain> linked(ResourceId resource) {
    var own =
        stores.of(resource).read(all -> rows.linked(all, resource)).stream()
            .flatMap(one -> found(one.service(), one.name()).stream());
    var managed =
        links.apply(resource).stream()
            .flatMap(id -> found(serviceOf(id.parent()), lower(id.name())).stream());
    return Stream.concat(own, managed).map(DomainStore.Linked::domain).distinct().toList();
  }

  private Optional<DomainStore.Linked> found(ResourceId service, String name) {
    return stores.of(service).read(all -> rows.found(all, service, name));
  }

  /** The id under which an email service keeps its rows. */
  static ResourceId serviceOf(ArmId service) {
    return new ResourceId(
        UUID.nameUUIDFromBytes(("email-service:" + service.key()).getBytes(StandardCharsets.UTF_8))
            .toString());
  }

  private static PartitionKey partition(ResourceId service) {
    return new PartitionKey(service, "email-service");
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** The domain of a service that Parley manages itself. */
  public String managedDomain(ArmId service) {
    if (config.managedDomain().isEmpty()) {
      throw EmailProblems.noManagedDomains();
    }
    return serviceOf(service).value() + "." + config.managedDomain();
  }

  /** A domain of a service, whether it is there or not. */
  public SenderDomain domainOf(ArmId service, String domain, String name) {
    return new SenderDomain(serviceOf(service), lower(name), domain, false);
  }

  /** Makes or changes a domain. */
  public void put(ArmId service, String name, String domain, boolean verified, boolean tracking) {
    var owner = serviceOf(service);
    stores
        .of(owner)
        .write(
            partition(owner),
            tx -> {
              rows.put(tx, new SenderDomain(owner, lower(name), domain, tracking), verified);
              return true;
            });
  }

  /** Takes a domain away, with its senders, its suppressed addresses and its keys. */
  public void delete(ArmId service, String name) {
    var owner = serviceOf(service);
    stores
        .of(owner)
        .write(
            partition(owner),
            tx -> {
              rows.delete(tx, owner, lower(name));
              return true;
            });
  }

  /** Makes or changes a sender name. */
  public void putSender(ArmId service, String name, String username, String displayName) {
    var owner = serviceOf(service);
    stores
        .of(owner)
        .write(
            partition(owner),
            tx -> {
              rows.putSender(tx, owner, lower(name), lower(username), username, displayName);
              return true;
            });
  }

  public void deleteSender(ArmId service, String name, String username) {
    var owner = serviceOf(service);
    stores
        .of(owner)
        .write(
            partition(owner),
            tx -> {
              rows.deleteSender(tx, owner, lower(name), lower(username));
              return true;
            });
  }

  /**
   * Puts an address on a list of the domain, or takes it off.
   *
   * @param entry names the list and the entry
   * @param username of the sender that the list is for; empty text for all
   */
  public void suppress(
      ArmId service, String name, String entry, String username, String address, boolean on) {
    var owner = serviceOf(service);
    stores
        .of(owner)
        .write(
            partition(owner),
            tx -> {
              rows.suppress(tx, owner, lower(name), entry, username, address, on);
              return true;
            });
  }

  /** The sender that a fresh resource has, when resources get one by themselves. */
  Optional<String> seedSender(Resource resource) {
    return config.seeds()
        ? Optional.of(DEFAULT_SENDER + "@" + seedDomain(resource))
        : Optional.empty();
  }

  private String seedDomain(Resource resource) {
    return resource.name().toLowerCase(Locale.ROOT) + "." + config.managedDomain();
  }

  /**
   * Gives a resource an email service with a managed domain, links it, and does it again without
   * harm.
   */
  private void seed(Resource resource) {
    var service = seedService(resource.id());
    var domain = new SenderDomain(service, lower(MANAGED), seedDomain(resource), false);
    stores
        .of(service)
        .write(
            new PartitionKey(service, "email-service"),
            tx -> {
              rows.insert(tx, domain, true, "{}");
              rows.insertSender(
                  tx, domain, DEFAULT_SENDER.toLowerCase(Locale.ROOT), DEFAULT_SENDER, "");
              return true;
            });
    stores
        .of(resource.id())
        .write(
            new PartitionKey(resource.id(), "email-links"),
            tx -> {
              rows.link(tx, resource.id(), domain);
              return true;
            });
  }

  /** The id of the service that a resource gets by itself. */
  static ResourceId seedService(ResourceId resource) {
    return new ResourceId(
        UUID.nameUUIDFromBytes(
                ("email-service:" + resource.value()).getBytes(StandardCharsets.UTF_8))
            .toString());
  }
}

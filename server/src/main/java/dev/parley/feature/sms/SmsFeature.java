package dev.parley.feature.sms;

import dev.parley.base.bus.Details;
import dev.parley.base.store.DueJobs;
import dev.parley.base.store.Migration;
import dev.parley.base.store.Stores;
import dev.parley.base.wire.Feature;
import dev.parley.base.wire.OutboundHttp;
import dev.parley.base.wire.OutboundTcp;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import dev.parley.feature.sms.carrier.Carrier;
import dev.parley.feature.sms.carrier.CarrierConfig;
import dev.parley.feature.sms.carrier.CarrierListener;
import dev.parley.feature.sms.carrier.HttpCarrier;
import dev.parley.feature.sms.carrier.HttpConfig;
import dev.parley.feature.sms.carrier.InboundSegment;
import dev.parley.feature.sms.carrier.Receipt;
import dev.parley.feature.sms.carrier.SmppCarrier;
import dev.parley.feature.sms.carrier.SmppConfig;
import dev.parley.feature.sms.carrier.SmppServer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The parts of SMS put together: routes, carriers, the queue's dispatcher and the recorder. */
public final class SmsFeature implements Feature {
  private final SmsConfig config;
  private final Inbound inbound;
  private final Upkeep upkeep;
  private final Recorder recorder;
  private final Dispatcher dispatcher;
  private final List<Carrier> carriers = new ArrayList<>();
  private final List<Route> routes;
  private final OptOuts optOuts;
  private final Handsets handsets;
  private final SmppServer submitters;
  private final Sms sms;
  private final SmsErasure erasure;
  private final SmsDetails details;

  /**
   * The room with the carriers of its settings.
   *
   * @param senders who owns which number
   * @param resources by name, the default one by empty text: whom accounts of the SMPP server send
   *     for
   */
  public SmsFeature(
      SmsConfig config,
      Stores stores,
      SenderDirectory senders,
      Function<String, Optional<ResourceId>> resources,
      DueJobs dueJobs,
      OutboundHttp outbound,
      OutboundTcp tcp,
      ServiceClock clock,
      SecureRandom random) {
    this(
        config,
        stores,
        senders,
        resources,
        dueJobs,
        clock,
        random,
        config.carriers().stream().map(one -> Reaching.of(one, outbound, tcp, random)).toList());
  }

  /** A carrier and what it is used for. */
  record Reaching(Carrier carrier, CarrierConfig.Reach reach) {
    static Reaching of(
        CarrierConfig config, OutboundHttp outbound, OutboundTcp tcp, SecureRandom random) {
      return new Reaching(
          switch (config) {
            case SmppConfig smpp -> new SmppCarrier(smpp, tcp, random);
            case HttpConfig http -> new HttpCarrier(http, outbound);
          },
          config.reach());
    }
  }

  SmsFeature(
      SmsConfig config,
      Stores stores,
      SenderDirectory senders,
      Function<String, Optional<ResourceId>> resources,
      DueJobs dueJobs,
      ServiceClock clock,
      SecureRandom random,
      List<Reaching> reaching) {
    this.config = config;
    var ids = new MessageIds(random);
    var owned = new Senders(config, senders);
    var marks = new Marks(config, clock);
    var inHands = ConcurrentHashMap.<String>newKeySet();
    this.optOuts = new OptOuts(config, stores, owned, clock, ids);
    this.recorder = new Recorder(stores, marks, inHands);
    this.handsets = new Handsets(config, stores, dueJobs, clock, marks);
    var routing = routing(reaching);
    var claims = new Claims(config, stores, optOuts, routing, clock, inHands);
    this.dispatcher = new Dispatcher(config, stores, claims, recorder, inHands, carriers);
    this.inbound =
        new Inbound(config, stores, senders, optOuts, dueJobs, clock, ids, dispatcher::wake);
    this.upkeep = new Upkeep(config, dueJobs, clock);
    this.erasure = new SmsErasure(stores);
    this.details = new SmsDetails(stores);
    this.sms = new Sms(config, stores, owned, optOuts, dueJobs, clock, ids, dispatcher::wake);
    this.routes = routes(routing, new Acting(resources));
    this.submitters =
        new SmppServer(
            config.submitters(), new Submitters(stores, sms, owned, clock, ids, resources));
  }

  private Routing routing(List<Reaching> reaching) {
    var reaches = new LinkedHashMap<String, CarrierConfig.Reach>();
    if (config.handsets()) {
      carriers.add(handsets);
      reaches.put(Handsets.NAME, Handsets.reach(config));
    }
    for (var one : reaching) {
      carriers.add(one.carrier());
      reaches.put(one.carrier().name(), one.reach());
    }
    return new Routing(reaches);
  }

  private List<Route> routes(Routing routing, Acting acting) {
    var all = new ArrayList<Route>();
    all.addAll(new SmsHttp(sms, optOuts).routes());
    all.addAll(
        new SmsOperatorHttp(sms, optOuts, routing, carriers, dispatcher::working, acting).routes());
    if (config.handsets()) {
      all.addAll(new HandsetHttp(handsets, inbound, acting).routes());
    }
    var overHttp =
        carriers.stream()
            .filter(HttpCarrier.class::isInstance)
            .map(HttpCarrier.class::cast)
            .toList();
    all.addAll(new CarrierHttp(overHttp, this::hears).routes());
    return List.copyOf(all);
  }

  /** The schema of this room. */
  public static List<Migration> migrations() {
    return SmsSchema.MIGRATIONS;
  }

  /** Tables that a copy of a resource leaves alone: a copy must not send again. */
  public static List<String> tablesNotCopied() {
    return List.of("sms_queue", "sms_part", "sms_submitter_receipt");
  }

  /** What its events tell. */
  public Details details() {
    return details;
  }

  @Override
  public List<Route> routes() {
    return routes;
  }

  @Override
  public void start() {
    inbound.start();
    upkeep.start();
    recorder.start();
    dispatcher.start();
    carriers.forEach(carrier -> carrier.start(hears()));
    if (config.submitters().open()) {
      submitters.start();
    }
  }

  Sms sms() {
    return sms;
  }

  OptOuts optOuts() {
    return optOuts;
  }

  Inbound inbound() {
    return inbound;
  }

  /** The port of the SMPP server; 0 where it is not open. */
  int submitterPort() {
    return submitters.port();
  }

  Handsets handsets() {
    return handsets;
  }

  CarrierListener hears() {
    return new CarrierListener() {
      @Override
      public boolean receipt(String carrier, Receipt receipt) {
        return recorder.receipt(carrier, receipt);
      }

      @Override
      public boolean inbound(String carrier, InboundSegment segment) {
        return inbound.receive(segment);
      }

      @Override
      public void ready(String carrier) {
        dispatcher.wake();
      }
    };
  }

  @Override
  public Map<String, String> environment(Resource home) {
    return config.handsets()
        ? Optional.of(config.handsetPrefixes())
            .filter(prefixes -> !prefixes.isEmpty())
            .map(prefixes -> Map.of("ACS_SMS_TO", handset(prefixes.getFirst())))
            .orElse(Map.of())
        : Map.of();
  }

  /** A number of the range, as long as those of North America. */
  private static String handset(String prefix) {
    return prefix + "0100".substring(0, Math.max(0, Math.min(4, 12 - prefix.length())));
  }

  @Override
  public void eraseAll(ResourceId resource) {
    erasure.eraseAll(resource);
  }

  /** Stops claiming first, then waits for carriers' answers, then for their storing. */
  @Override
  public void close() {
    submitters.close();
    dispatcher.close();
    carriers.forEach(Carrier::close);
    recorder.close();
  }
}

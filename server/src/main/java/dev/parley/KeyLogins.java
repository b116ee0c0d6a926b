package dev.parley;

import dev.parley.base.kit.Secret;
import dev.parley.base.words.Caller;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceDirectory;
import dev.parley.feature.email.arm.EmailArmFeature;
import dev.parley.feature.email.smtp.SmtpLogin;
import dev.parley.feature.email.smtp.SmtpLogins;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Who may submit mail by SMTP: an application with an SMTP user name, whose password is its secret;
 * and whoever holds a resource's access key, with the resource's name as user name.
 */
record KeyLogins(ResourceDirectory resources, EmailArmFeature names, ManagementRooms management)
    implements SmtpLogins {
  @Override
  public Optional<SmtpLogin> login(String user, byte[] password) {
    return application(user, password).or(() -> key(user, password));
  }

  private Optional<SmtpLogin> application(String user, byte[] password) {
    var secret = new String(password, StandardCharsets.UTF_8);
    return names
        .smtpUser(user)
        .filter(known -> management.knowsSecret(known.application(), secret))
        .flatMap(known -> management.arm().places().communicationService(known.service()))
        .flatMap(resources::byId)
        .map(resource -> login(resource, "principal:" + user, KeySlot.PRIMARY, ""));
  }

  private Optional<SmtpLogin> key(String user, byte[] password) {
    var given = Secret.of(password);
    return resources
        .byHost(user)
        .filter(resource -> isNamed(resource, user))
        .flatMap(resource -> {
          for (var slot : KeySlot.values()) {
            var key = resources.key(resource.id(), slot);
            if (key.isPresent() && written(key.get().secret()).matches(given)) {
              return Optional.of(login(resource, "key:" + slot.name(), slot, slot.name()));
            }
          }
          return Optional.empty();
        });
  }

  /** By its host name, or the default one by its bare name; other words are nobody's. */
  private static boolean isNamed(Resource resource, String user) {
    return user.equalsIgnoreCase(resource.name())
        || user.regionMatches(true, 0, resource.name() + ".", 0, resource.name().length() + 1);
  }

  private static Secret written(Secret key) {
    return Secret.of(key.revealBase64().getBytes(StandardCharsets.US_ASCII));
  }

  private static SmtpLogin login(Resource resource, String actor, KeySlot slot, String keySlot) {
    var origin = new Origin(actor, keySlot, "");
    return new SmtpLogin(resource, new Caller.KeyHolder(resource.id(), slot, origin));
  }
}

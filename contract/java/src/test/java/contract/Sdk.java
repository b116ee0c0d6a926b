package contract;

import com.azure.communication.chat.ChatClient;
import com.azure.communication.chat.ChatClientBuilder;
import com.azure.communication.chat.ChatThreadClient;
import com.azure.communication.chat.models.ChatParticipant;
import com.azure.communication.chat.models.CreateChatThreadOptions;
import com.azure.communication.common.CommunicationTokenCredential;
import com.azure.communication.common.CommunicationUserIdentifier;
import com.azure.communication.identity.CommunicationIdentityClient;
import com.azure.communication.identity.CommunicationIdentityClientBuilder;
import com.azure.communication.identity.models.CommunicationTokenScope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Clients as an application builds them: from a connection string or an endpoint, and nothing else. */
final class Sdk {
  private Sdk() {}

  /** A user with a token for chat. */
  record Someone(CommunicationUserIdentifier user, String token) {
    static Someone withScopes(CommunicationTokenScope... scopes) {
      var made = identity().createUserAndToken(List.of(scopes));
      return new Someone(made.getUser(), made.getUserToken().getToken());
    }

    static Someone chatting() {
      return withScopes(CommunicationTokenScope.CHAT);
    }

    ChatClient chat() {
      return chatWith(token);
    }

    ChatThreadClient in(String threadId) {
      return chat().getChatThreadClient(threadId);
    }

    ChatParticipant named(String displayName) {
      return new ChatParticipant().setCommunicationIdentifier(user).setDisplayName(displayName);
    }

    /** The id of a new thread with these others. */
    String thread(String topic, ChatParticipant... others) {
      var options = new CreateChatThreadOptions(topic);
      for (var other : others) {
        options.addParticipant(other);
      }
      return chat().createChatThread(options).getChatThread().getId();
    }
  }

  static CommunicationIdentityClient identity() {
    return identity(environment("ACS_CONNECTION_STRING"));
  }

  static CommunicationIdentityClient identity(String connectionString) {
    return new CommunicationIdentityClientBuilder().connectionString(connectionString).buildClient();
  }

  static ChatClient chatWith(String token) {
    return new ChatClientBuilder()
        .endpoint(environment("ACS_ENDPOINT"))
        .credential(new CommunicationTokenCredential(token))
        .buildClient();
  }

  static String environment(String name) {
    var value = System.getenv(name);
    if (value == null) {
      throw new IllegalStateException("Run ./parley test java, or set what ./parley env prints: no " + name);
    }
    return value;
  }

  /** What a command of the launcher says about the server under test. */
  static String launcher(String... words) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("../../parley"));
    command.addAll(List.of(words));
    command.addAll(List.of("--data", environment("PARLEY_DATA")));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var out = process.getInputStream()) {
      var text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(text);
      }
      return text;
    }
  }
}

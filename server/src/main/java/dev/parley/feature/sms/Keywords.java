package dev.parley.feature.sms;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The words by which people leave, come back and ask for help, by language. A message is a keyword
 * when it is nothing else: case, space and punctuation around it do not count.
 */
final class Keywords {
  /** What a keyword does. */
  enum Action {
    STOP,
    START,
    HELP
  }

  /**
   * One language of the table.
   *
   * @param stopReply empty for no reply; so with the others
   */
  record Language(
      List<String> stop,
      List<String> start,
      List<String> help,
      String stopReply,
      String startReply,
      String helpReply) {
    List<String> words(Action action) {
      return switch (action) {
        case STOP -> stop;
        case START -> start;
        case HELP -> help;
      };
    }

    String reply(Action action) {
      return switch (action) {
        case STOP -> stopReply;
        case START -> startReply;
        case HELP -> helpReply;
      };
    }
  }

  /** A keyword that was met, and what to answer. */
  record Match(Action action, String language, String word, String reply) {}

  private static final int CHARACTERS_MAX = 40;
  private static final Pattern AROUND = Pattern.compile("^[\\s\\p{P}]+|[\\s\\p{P}]+$");

  private final Map<String, Match> matches = new LinkedHashMap<>();

  /** Languages in their order: of a word in two of them, the first language answers. */
  Keywords(Map<String, Language> languages) {
    languages.forEach((name, language) -> {
      for (var action : Action.values()) {
        for (var word : language.words(action)) {
          matches.putIfAbsent(plain(word), new Match(action, name, word, language.reply(action)));
        }
      }
    });
  }

  Optional<Match> match(String text) {
    return text.length() > CHARACTERS_MAX
        ? Optional.empty()
        : Optional.ofNullable(matches.get(plain(text)));
  }

  private static String plain(String text) {
    return AROUND.matcher(text).replaceAll("").toUpperCase(Locale.ROOT);
  }

  /** The languages that are there without any setting. */
  static Map<String, Language> defaults() {
    var all = new LinkedHashMap<String, Language>();
    all.put(
        "en",
        new Language(
            List.of(
                "STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT"),
            List.of("START", "UNSTOP", "SUBSCRIBE"),
            List.of("HELP", "INFO"),
            "You have successfully been unsubscribed from messages from this number. Reply START to resubscribe.",
            "You have successfully been re-subscribed to messages from this number. Reply STOP to unsubscribe.",
            "Reply STOP to unsubscribe. Message and data rates may apply."));
    all.put(
        "es",
        new Language(
            List.of("ALTO", "PARAR", "BAJA", "CANCELAR"),
            List.of("INICIAR", "ALTA", "EMPEZAR"),
            List.of("AYUDA"),
            "Ya no recibirá mensajes de este número. Responda INICIAR para volver a recibirlos.",
            "Vuelve a recibir mensajes de este número. Responda ALTO para dejar de recibirlos.",
            "Responda ALTO para dejar de recibir mensajes."));
    all.put(
        "fr",
        new Language(
            List.of("ARRET", "ARRÊT", "ARRETER", "ARRÊTER", "DESABONNER"),
            List.of("COMMENCER", "REPRENDRE"),
            List.of("AIDE"),
            "Vous ne recevrez plus de messages de ce numéro. Répondez COMMENCER pour vous réinscrire.",
            "Vous recevez de nouveau les messages de ce numéro. Répondez ARRET pour vous désinscrire.",
            "Répondez ARRET pour ne plus recevoir de messages."));
    all.put(
        "de",
        new Language(
            List.of("STOPP", "ABMELDEN", "ENDE"),
            List.of("ANMELDEN", "STARTEN"),
            List.of("HILFE"),
            "Sie erhalten keine Nachrichten mehr von dieser Nummer. Antworten Sie ANMELDEN, um sie wieder zu erhalten.",
            "Sie erhalten wieder Nachrichten von dieser Nummer. Antworten Sie STOPP, um sie abzubestellen.",
            "Antworten Sie STOPP, um keine Nachrichten mehr zu erhalten."));
    all.put("pt", words(List.of("SAIR", "REMOVER"), List.of("VOLTAR"), List.of("AJUDA")));
    all.put("it", words(List.of("FERMA", "ANNULLA"), List.of("INIZIA"), List.of("AIUTO")));
    all.put("nl", words(List.of("AFMELDEN"), List.of("AANMELDEN"), List.of("HULP")));
    all.put("sv", words(List.of("AVSLUTA"), List.of("BÖRJA"), List.of("HJÄLP")));
    all.put("da", words(List.of("AFMELD"), List.of("TILMELD"), List.of("HJÆLP")));
    all.put("pl", words(List.of("WYPISZ"), List.of("ZAPISZ"), List.of("POMOC")));
    all.put("tr", words(List.of("RET", "IPTAL"), List.of("BASLA"), List.of("YARDIM")));
    all.put("ru", words(List.of("СТОП", "ОТПИСАТЬСЯ"), List.of("СТАРТ"), List.of("ПОМОЩЬ")));
    all.put("zh", words(List.of("退订", "退訂", "TD"), List.of("订阅", "訂閱"), List.of("帮助", "幫助")));
    all.put("ja", words(List.of("停止", "解除"), List.of("開始"), List.of("ヘルプ")));
    all.put("ko", words(List.of("수신거부"), List.of("수신동의"), List.of("도움말")));
    all.put("ar", words(List.of("توقف", "إلغاء"), List.of("ابدأ"), List.of("مساعدة")));
    return all;
  }

  private static Language words(List<String> stop, List<String> start, List<String> help) {
    return new Language(stop, start, help, "", "", "");
  }
}

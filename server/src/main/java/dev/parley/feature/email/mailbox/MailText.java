package dev.parley.feature.email.mailbox;

import java.util.List;
import java.util.regex.Pattern;

/** The text and the links of HTML, for tests to look at; works in time linear in the HTML. */
final class MailText {
  private static final int LOOKED_AT_MAX = 256 << 10;
  private static final int LINKS_MAX = 50;
  private static final Pattern HIDDEN =
      Pattern.compile(
          "(?is)<(script|style|head|title)\\b[^>]*+>.{0,65536}?</\\1\\s*>|<!--.{0,65536}?-->");
  private static final Pattern BREAK =
      Pattern.compile("(?i)<(?:br|/p|/div|/tr|/h[1-6]|/li|/td)\\b[^>]{0,1000}>");
  private static final Pattern TAG = Pattern.compile("<[^>]{0,4000}>");
  private static final Pattern HREF =
      Pattern.compile("(?i)<a\\s[^>]{0,4000}?href\\s*=\\s*[\"']?(https?://[^\"'\\s>]{1,2000})");

  private MailText() {}

  /** What a reader sees, roughly. */
  static String of(String html) {
    var cut = html.substring(0, Math.min(html.length(), LOOKED_AT_MAX));
    var shown = HIDDEN.matcher(cut).replaceAll(" ");
    var lines = BREAK.matcher(shown).replaceAll("\n");
    return unescaped(TAG.matcher(lines).replaceAll("")).strip();
  }

  /** The web addresses that the HTML leads to. */
  static List<String> links(String html) {
    var cut = html.substring(0, Math.min(html.length(), LOOKED_AT_MAX));
    return HREF.matcher(cut)
        .results()
        .map(found -> unescaped(found.group(1)))
        .distinct()
        .limit(LINKS_MAX)
        .toList();
  }

  private static String unescaped(String text) {
    return text.replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }
}

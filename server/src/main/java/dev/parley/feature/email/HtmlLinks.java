package dev.parley.feature.email;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites the links of HTML and adds the picture that tells of an opening; all else stays as it
 * was written.
 */
final class HtmlLinks {
  private static final Pattern LINK =
      Pattern.compile(
          "(?i)(<a\\s(?:[^>]{0,2000}?\\s)?href\\s*=\\s*)(?:\"(https?://[^\"\\s<>]{1,2000})\"|'(https?://[^'\\s<>]{1,2000})')");

  private HtmlLinks() {}

  /** The HTML with its links replaced and the picture at its end. */
  static String followed(String html, UnaryOperator<String> replaced, String picture) {
    var links =
        LINK.matcher(html)
            .replaceAll(found -> {
              var written = found.group(2) == null ? found.group(3) : found.group(2);
              var link = replaced.apply(written.replace("&amp;", "&"));
              return Matcher.quoteReplacement(
                  found.group(1) + "\"" + link.replace("&", "&amp;") + "\"");
            });
    var image =
        "<img src=\"" + picture + "\" width=\"1\" height=\"1\" alt=\"\" style=\"border:0\">";
    var end = links.toLowerCase(java.util.Locale.ROOT).lastIndexOf("</body");
    return end < 0 ? links + image : links.substring(0, end) + image + links.substring(end);
  }

  static String encoded(String link) {
    return URLEncoder.encode(link, StandardCharsets.UTF_8);
  }
}

package dev.parley.feature.chat;

import org.owasp.html.HtmlPolicyBuilder;
import org.owasp.html.PolicyFactory;

/**
 * Keeps of a message's HTML what formats text, links and images of the thread, and drops the rest.
 */
final class Html {
  private static final PolicyFactory POLICY =
      new HtmlPolicyBuilder()
          .allowCommonInlineFormattingElements()
          .allowCommonBlockElements()
          .allowElements(
              "a", "img", "hr", "pre", "span", "table", "thead", "tbody", "tr", "th", "td")
          .allowUrlProtocols("https", "http", "mailto", "tel")
          .allowAttributes("href", "title")
          .onElements("a")
          .allowAttributes("id", "src", "alt", "width", "height")
          .onElements("img")
          .allowAttributes("colspan", "rowspan")
          .onElements("td", "th")
          .allowStyling()
          .requireRelNofollowOnLinks()
          .toFactory();

  private Html() {}

  static String sanitised(String html) {
    return POLICY.sanitize(html);
  }
}

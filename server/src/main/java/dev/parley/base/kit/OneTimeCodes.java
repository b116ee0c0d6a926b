package dev.parley.base.kit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds the one-time code and the link that a text message or a mail was sent for.
 *
 * <p>A code is four to ten digits, in one or two groups, or five to ten capitals and digits; it
 * stands near a word for code, password or PIN in one of some thirty languages, alone on its line,
 * or in a domain-bound last line ({@code @example.com #123456}). Amounts, dates, spans, telephone
 * numbers and what stands inside a link are no codes. Works in time linear in the text, of which it
 * looks at the first {@link #CHARACTERS_MAX} characters.
 */
public final class OneTimeCodes {
  /** What is looked at of a text, UTF-16 units. */
  public static final int CHARACTERS_MAX = 64 << 10;

  private static final int LINKS_MAX = 20;

  /** Candidates and words beyond these are not weighed against each other. */
  private static final int WEIGHED_MAX = 200;

  private static final int DISTANCE_MAX = 160;

  /** Words that also end compounds, such as Bestätigungscode. */
  private static final String WORDS =
      "code|códig|codig|codice|kod|kód|koodi|cód|parol|пароль|код|κωδικ|passwor[dt]|kennwort|şifre|sifre"
          + "|senha|contraseña|clave|hasł|lösenord|salasana|jelsz|رمز|كود|كلمة|کد|קוד|סיסמ|कोड|ओटीपी|কোড"
          + "|验证码|驗證碼|校验码|动态码|动态密码|確認碼|认证码|認証|確認番号|コード|暗証|パスワード|ワンタイム|인증|비밀번호|코드"
          + "|รหัส|mật khẩu";

  /** Short words that mean a code only where they stand alone. */
  private static final String SHORT_WORDS = "otp|pin|tan|mtan|2fa|mã|cod|sandi";

  private static final Pattern WORD =
      pattern("(?:" + WORDS + ")|(?<!\\p{L})(?:" + SHORT_WORDS + ")(?!\\p{L})");

  /** A code of another kind. */
  private static final Pattern OTHER_KIND =
      pattern(
          "(?:promo\\w*|discount|coupon|voucher|gift|zip|post(?:al)?|area|country|error|bar|qr|source|dress"
              + "|tracking|gutschein|rabatt|descuento|réduction)[ -]?$");

  private static final Pattern LINK = pattern("https?://[^\\s<>\"'\\\\^`{|}]{1,2000}");
  private static final Pattern LINK_END = Pattern.compile("[.,;:!?)\\]*。，、！？）」】]+$");
  private static final Pattern LINK_PURPOSE =
      pattern("verif|confirm|activat|reset|token|magic|signin|sign-in|login|otp|invite|code=|auth");

  private static final Pattern CANDIDATE =
      Pattern.compile(
          "(?<![A-Za-z0-9_])(?:[A-Z]{1,3}-)?(\\p{Nd}{3,4}[ \\u00a0-]\\p{Nd}{3,4}|\\p{Nd}{4,10}"
              + "|(?=[A-Z]{0,9}[0-9])(?=[0-9]{0,9}[A-Z])[A-Z0-9]{5,10})(?![A-Za-z0-9_])");

  /** What ends right before something that is no code: an amount, a number of a card or a phone. */
  private static final Pattern NO_CODE_BEFORE =
      pattern(
          "(?:[$€£¥₹₩₽#*+/•…]|\\.\\.|xx|\\b(?:usd|eur|rs|inr|gbp|kr|zł)\\.?|ending(?: in| with)?|ends (?:in|with)"
              + "|endet auf|last 4|order|invoice|account|card|call|tel|phone|\\p{Nd}\\)) ?:?$|\\p{Nd}[.,:/ -]$");

  private static final Pattern NO_CODE_AFTER =
      pattern(
          "^(?:[.,:/-]\\p{Nd}| ?[%$€£¥₹₩₽]|[ -]\\p{Nd}|[ -]?(?:min|sec|hour|hrs|days?\\b|stunden|sekunden|usd|eur|元|分|秒|小时|分钟))");

  private static final Pattern DOMAIN_BOUND =
      Pattern.compile("(?m)^@[A-Za-z0-9.-]{1,253} #([A-Za-z0-9-]{3,32})(?: %\\S{1,253})?[ \\r]*$");

  /** Space around a candidate that is looked at for what makes it no code. */
  private static final int AROUND = 14;

  /**
   * What a text holds.
   *
   * @param code the code, digits as ASCII and without the space or hyphen between two groups
   * @param link the address to follow: the first that speaks of its purpose, else the first
   * @param links all addresses in their order, at most 20
   */
  public record Found(Optional<String> code, Optional<String> link, List<String> links) {}

  private record Span(int start, int end) {}

  private record Candidate(Span span, String code) {}

  private OneTimeCodes() {}

  /** Looks through plain text, or through HTML whose tags are taken out. */
  public static Found find(String text) {
    var looked = text.length() > CHARACTERS_MAX ? text.substring(0, CHARACTERS_MAX) : text;
    var places = new ArrayList<Span>();
    var links = links(looked, places);
    var bound = DOMAIN_BOUND.matcher(looked);
    var code = bound.find() ? Optional.of(bound.group(1)) : code(looked, places);
    var meant = links.stream().filter(link -> LINK_PURPOSE.matcher(link).find()).findFirst();
    return new Found(code, meant.or(() -> links.stream().findFirst()), List.copyOf(links));
  }

  private static List<String> links(String text, List<Span> places) {
    var links = new ArrayList<String>();
    var match = LINK.matcher(text);
    while (match.find()) {
      places.add(new Span(match.start(), match.end()));
      if (links.size() < LINKS_MAX) {
        links.add(LINK_END.matcher(match.group()).replaceFirst("").replace("&amp;", "&"));
      }
    }
    return links;
  }

  /** The candidate nearest to a word for it; without any, one that has a line for itself. */
  private static Optional<String> code(String text, List<Span> links) {
    var words = words(text, links);
    var candidates = candidates(text, links);
    var near =
        candidates.stream()
            .filter(candidate -> cost(text, candidate, words) <= DISTANCE_MAX)
            .min(Comparator.comparingInt(candidate -> cost(text, candidate, words)));
    return near.or(() ->
            candidates.stream().filter(candidate -> alone(text, candidate.span())).findFirst())
        .map(Candidate::code);
  }

  private static List<Span> words(String text, List<Span> links) {
    var words = new ArrayList<Span>();
    var match = WORD.matcher(text);
    while (match.find() && words.size() < WEIGHED_MAX) {
      var span = new Span(match.start(), match.end());
      var before = text.substring(Math.max(0, span.start() - AROUND), span.start());
      if (!OTHER_KIND.matcher(before).find() && !within(span, links)) {
        words.add(span);
      }
    }
    return words;
  }

  private static List<Candidate> candidates(String text, List<Span> links) {
    var candidates = new ArrayList<Candidate>();
    var match = CANDIDATE.matcher(text);
    while (match.find() && candidates.size() < WEIGHED_MAX) {
      var span = new Span(match.start(1), match.end(1));
      var before = text.substring(Math.max(0, match.start() - AROUND), match.start());
      var after = text.substring(span.end(), Math.min(text.length(), span.end() + AROUND));
      if (!NO_CODE_BEFORE.matcher(before).find()
          && !NO_CODE_AFTER.matcher(after).find()
          && !within(span, links)) {
        candidates.add(new Candidate(span, ascii(match.group(1))));
      }
    }
    return candidates;
  }

  /** Characters to the nearest word; a code before its word, and an odd form, count as farther. */
  private static int cost(String text, Candidate candidate, List<Span> words) {
    var span = candidate.span();
    var nearest = Integer.MAX_VALUE / 2;
    for (var word : words) {
      var distance =
          word.end() <= span.start() ? span.start() - word.end() : word.start() - span.end() + 4;
      nearest = Math.min(nearest, Math.max(distance, 0));
    }
    var digits = candidate.code().chars().allMatch(Character::isDigit);
    var year = candidate.code().matches("(?:19|20)\\d\\d") && !alone(text, span);
    return nearest + (digits ? 0 : 15) + (candidate.code().length() > 8 ? 10 : 0) + (year ? 30 : 0);
  }

  private static boolean alone(String text, Span span) {
    var start = text.lastIndexOf('\n', span.start()) + 1;
    var end = text.indexOf('\n', span.end());
    return text.substring(start, end < 0 ? text.length() : end).strip().length()
        == span.end() - span.start();
  }

  private static boolean within(Span span, List<Span> places) {
    return places.stream()
        .anyMatch(place -> span.start() < place.end() && span.end() > place.start());
  }

  private static String ascii(String code) {
    var plain = new StringBuilder();
    code.codePoints()
        .filter(Character::isLetterOrDigit)
        .forEach(point -> {
          var digit = Character.digit(point, 10);
          plain.append(digit >= 0 ? Integer.toString(digit) : Character.toString(point));
        });
    return plain.toString();
  }

  private static Pattern pattern(String text) {
    return Pattern.compile(text, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }
}

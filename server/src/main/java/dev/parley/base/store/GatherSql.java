package dev.parley.base.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One SQL text of a feature, and the texts that do the same for many units at once: a question that
 * is asked for every element of some arrays, an INSERT of all their elements. The rewrite is
 * mechanical; a text that it does not fit runs as it is.
 *
 * <p>Belongs to the thread that writes.
 */
final class GatherSql {
  /** What can be gathered, and how. */
  enum Form {
    QUESTION,
    /** Inserts exactly one row for each unit, or fails. */
    INSERT,
    /** Inserts a row unless there is one. */
    INSERT_OR_KEEP,
    /** Inserts or updates a row; one statement may not meet the same key twice. */
    INSERT_OR_UPDATE,
    /** Runs for one unit after the other. */
    OTHER
  }

  private static final Pattern UNREAD =
      Pattern.compile("'[^']*'|\"[^\"]*\"|--[^\\n]*|/\\*.*?\\*/", Pattern.DOTALL);
  private static final Pattern END = Pattern.compile("[\\s;]+$");
  private static final Pattern QUESTION = Pattern.compile("(?is)\\s*(SELECT|WITH)\\b.*");
  private static final Pattern CHANGE = Pattern.compile("(?i)\\b(INSERT|UPDATE|DELETE)\\b");
  private static final Pattern INSERT =
      Pattern.compile("(?i)(\\s*INSERT\\s+INTO\\s+[\\w.]*\\s*(?:\\([^()]*\\))?\\s*)VALUES\\s*\\(");
  private static final Pattern UNFIT_ROW = Pattern.compile("(?i)\\bDEFAULT\\b");
  private static final Pattern UNFIT_REST =
      Pattern.compile("(?is)\\s*,.*|.*(\\?|\\bRETURNING\\b).*");
  private static final Pattern UPDATING = Pattern.compile("(?i)\\bDO\\s+UPDATE\\b");

  private final Form form;
  private final String text;
  private final String before;

  /** The stretch that is repeated for each unit, cut at its question marks. */
  private final List<String> pieces;

  private final String after;
  private final Map<List<@Nullable GatherType>, String> gathered = new HashMap<>();

  private GatherSql(Form form, String text, String before, List<String> pieces, String after) {
    this.form = form;
    this.text = text;
    this.before = before;
    this.pieces = pieces;
    this.after = after;
  }

  /** Reads a text once; its quoted strings, quoted names and comments are kept unread. */
  static GatherSql of(String sql) {
    var unended = END.matcher(blanked(sql)).replaceFirst("");
    var text = sql.substring(0, unended.length());
    var code = blanked(text);
    if (QUESTION.matcher(code).matches() && !CHANGE.matcher(code).find()) {
      return new GatherSql(Form.QUESTION, text, "", pieces(text, code), "");
    }
    var insert = INSERT.matcher(code);
    if (insert.lookingAt()) {
      var open = insert.end();
      var close = closing(code, open);
      var rest = code.substring(close + 1);
      if (!UNFIT_ROW.matcher(code.substring(open, close)).find()
          && !UNFIT_REST.matcher(rest).matches()) {
        return new GatherSql(
            form(rest),
            text,
            text.substring(0, insert.end(1)),
            pieces(text.substring(open, close), code.substring(open, close)),
            text.substring(close + 1));
      }
    }
    return new GatherSql(Form.OTHER, text, "", pieces(text, code), "");
  }

  private static Form form(String afterRow) {
    if (UPDATING.matcher(afterRow).find()) {
      return Form.INSERT_OR_UPDATE;
    }
    return afterRow.isBlank() ? Form.INSERT : Form.INSERT_OR_KEEP;
  }

  Form form() {
    return form;
  }

  /** The text for one unit. */
  String text() {
    return text;
  }

  /** How many values the text takes. */
  int marks() {
    return pieces.size() - 1;
  }

  /**
   * The text for many units. It takes an array for each type that is not null, in the order of the
   * question marks; a question's answer begins with the number of the element, from 1.
   *
   * @param types by question mark; null where the value of every unit is null; not all are null
   */
  String gathered(List<@Nullable GatherType> types) {
    return gathered.computeIfAbsent(types, this::rewrite);
  }

  private String rewrite(List<@Nullable GatherType> types) {
    var arrays = new ArrayList<String>();
    var columns = new ArrayList<String>();
    var row = new StringBuilder(pieces.getFirst());
    for (var i = 0; i < types.size(); i++) {
      var type = types.get(i);
      if (type == null) {
        row.append(" NULL ");
      } else {
        arrays.add("?::" + type.element() + "[]");
        columns.add("v" + i);
        row.append(" gathered.v").append(i).append(' ');
      }
      row.append(pieces.get(i + 1));
    }
    var from = "unnest(" + String.join(", ", arrays) + ")";
    var names = String.join(", ", columns);
    if (form == Form.QUESTION) {
      // OFFSET 0 keeps the planner from merging the question into a join: it is asked once for each
      // element, by index, whatever the planner believes about the size of the tables.
      return "SELECT gathered.number, answer.* FROM %s WITH ORDINALITY AS gathered (%s, number)"
              .formatted(from, names)
          + " CROSS JOIN LATERAL (SELECT * FROM (%s\n) AS question OFFSET 0) AS answer"
              .formatted(row);
    }
    return "%sSELECT %s\nFROM %s AS gathered (%s)%s".formatted(before, row, from, names, after);
  }

  private static List<String> pieces(String text, String code) {
    var pieces = new ArrayList<String>();
    var start = 0;
    for (var mark = code.indexOf('?'); mark >= 0; mark = code.indexOf('?', start)) {
      pieces.add(text.substring(start, mark));
      start = mark + 1;
    }
    pieces.add(text.substring(start));
    return List.copyOf(pieces);
  }

  /** Where the parenthesis closes that was opened just before {@code from}. */
  private static int closing(String code, int from) {
    var depth = 1;
    var at = from;
    while (at < code.length()) {
      depth += code.charAt(at) == '(' ? 1 : code.charAt(at) == ')' ? -1 : 0;
      if (depth == 0) {
        return at;
      }
      at++;
    }
    throw new IllegalArgumentException("A parenthesis stays open in: " + code);
  }

  /** The same length of text, with blanks where nothing is to be read. */
  private static String blanked(String sql) {
    return UNREAD.matcher(sql).replaceAll(match -> " ".repeat(match.group().length()));
  }
}

package dev.parley.feature.chat;

/**
 * A place in a user's list of threads: what follows has an older membership, or the same and a
 * smaller id.
 */
record ThreadPlace(long since, String id) {
  static final ThreadPlace START = new ThreadPlace(Long.MAX_VALUE, "");

  static ThreadPlace parse(String text) {
    var slash = text.indexOf('/');
    return new ThreadPlace(Long.parseLong(text.substring(0, slash)), text.substring(slash + 1));
  }

  String text() {
    return since + "/" + id;
  }
}

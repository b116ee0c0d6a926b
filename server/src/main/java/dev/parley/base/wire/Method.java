package dev.parley.base.wire;

/** HTTP methods that routes may use (RFC 9110). */
public enum Method {
  GET,
  HEAD,
  POST,
  PUT,
  PATCH,
  DELETE
}

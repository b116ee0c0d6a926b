package dev.parley.base.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A well-formed request in bytes, to be sent as it is or broken first.
 *
 * @param host value of its Host header
 * @param headers whole lines without their ends
 */
public record RawRequest(
    String method, String target, String host, List<String> headers, byte[] body) {
  public static RawRequest get(String target) {
    return new RawRequest("GET", target, "localhost", List.of(), new byte[0]);
  }

  public static RawRequest post(String target, String body) {
    return new RawRequest(
        "POST", target, "localhost", List.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  public RawRequest method(String other) {
    return new RawRequest(other, target, host, headers, body);
  }

  public RawRequest host(String other) {
    return new RawRequest(method, target, other, headers, body);
  }

  public RawRequest body(byte[] other) {
    return new RawRequest(method, target, host, headers, other);
  }

  public RawRequest with(String... lines) {
    return with(Arrays.asList(lines));
  }

  public RawRequest with(List<String> lines) {
    var more = new ArrayList<>(headers);
    more.addAll(lines);
    return new RawRequest(method, target, host, more, body);
  }

  public byte[] bytes() {
    var head = new StringBuilder();
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(host).append("\r\n");
    headers.forEach(line -> head.append(line).append("\r\n"));
    if (body.length > 0) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    bytes.writeBytes(body);
    return bytes.toByteArray();
  }
}

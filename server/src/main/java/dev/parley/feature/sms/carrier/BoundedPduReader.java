package dev.parley.feature.sms.carrier;

import java.io.DataInputStream;
import java.io.IOException;
import org.jsmpp.DefaultPDUReader;
import org.jsmpp.InvalidCommandLengthException;
import org.jsmpp.bean.Command;

/** Reads PDUs of a reasonable size: a length that lies must not cost the memory that it claims. */
final class BoundedPduReader extends DefaultPDUReader {
  /** A payload parameter has at most 65,535 bytes. */
  private static final int BYTES_MAX = 1 << 17;

  @Override
  public Command readPDUHeader(DataInputStream in)
      throws InvalidCommandLengthException, IOException {
    var header = super.readPDUHeader(in);
    if (header.getCommandLength() > BYTES_MAX) {
      throw new InvalidCommandLengthException(
          "Command length " + header.getCommandLength() + " is too long");
    }
    return header;
  }
}

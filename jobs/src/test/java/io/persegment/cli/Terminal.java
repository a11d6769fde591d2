package io.persegment.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Types commands as a person would, and keeps what they are told. */
final class Terminal {
  private StringWriter out;
  private StringWriter err;

  /** Returns the exit status. */
  int type(String... words) {
    out = new StringWriter();
    err = new StringWriter();
    return CommandLines.create()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(words);
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }
}

package io.persegment;

import io.persegment.cli.CommandLines;

/** The program. */
public final class Persegment {
  private Persegment() {}

  /** Runs a command and ends with its exit status; see {@code --help}. */
  public static void main(String[] args) {
    System.exit(CommandLines.create().execute(args));
  }
}

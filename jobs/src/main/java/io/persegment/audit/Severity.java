package io.persegment.audit;

import java.util.Locale;

/** What a broken limit means. */
public enum Severity {
  /** Nothing; it is there to be read. */
  INFO,
  /** Somebody should look at it. */
  WARN,
  /** The publish is held. */
  HOLD;

  /** Returns how it stands in {@link Audits#SEVERITY}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}

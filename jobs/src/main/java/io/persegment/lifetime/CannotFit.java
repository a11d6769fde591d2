package io.persegment.lifetime;

/** What was seen has no model of the kind; the message says why, to follow a colon. */
public final class CannotFit extends Exception {
  private static final long serialVersionUID = 1;

  CannotFit(String why) {
    super(why);
  }
}

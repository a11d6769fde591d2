package io.persegment.demo;

/**
 * Somebody said yes or no.
 *
 * @param channel {@code email} or {@code sms}
 * @param purpose {@code marketing} or {@code profiling}
 */
record Consent(long moment, String channel, String purpose, boolean granted) {
  static Consent marketing(long moment, boolean granted) {
    return new Consent(moment, "email", "marketing", granted);
  }

  static Consent text(long moment, boolean granted) {
    return new Consent(moment, "sms", "marketing", granted);
  }

  static Consent profiling(long moment, boolean granted) {
    return new Consent(moment, "email", "profiling", granted);
  }

  boolean aboutEmailMarketing() {
    return channel.equals("email") && purpose.equals("marketing");
  }
}

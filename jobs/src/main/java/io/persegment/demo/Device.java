package io.persegment.demo;

/** A browser on a phone or a computer, which GA4 knows by one id until its cookie is deleted. */
final class Device {
  private final String id;
  private final String category;
  private final String system;
  private final String browser;
  private int visitsBeforeLogin;
  private boolean known;
  private int sequence;

  /**
   * @param number the random half of the id
   * @param since when GA4 first saw it, a moment
   */
  Device(long number, long since, Draw draw) {
    this.id = number + "." + since;
    int kind = draw.index(.4, .2, .3, .1);
    this.category = kind < 2 ? "mobile" : "desktop";
    this.system = new String[] {"iOS", "Android", "Windows", "Macintosh"}[kind];
    this.browser = kind == 0 || kind == 3 ? "Safari" : draw.chance(.7) ? "Chrome" : "Firefox";
    this.visitsBeforeLogin = draw.index(.7, .2, .1);
  }

  String id() {
    return id;
  }

  String category() {
    return category;
  }

  String system() {
    return system;
  }

  String browser() {
    return browser;
  }

  /** Counts this device's events, from 1. */
  int nextSequence() {
    return ++sequence;
  }

  boolean used() {
    return sequence > 0;
  }

  /** Whether somebody ever logged in on it. */
  boolean known() {
    return known;
  }

  void login() {
    known = true;
  }

  /** Begins a visit; returns whether its owner logs in during it. Most do in the first. */
  boolean timeToLogin() {
    return !known && visitsBeforeLogin-- <= 0;
  }
}

package io.persegment.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * What one person said yes and no to. Planted, of all persons: 12 % never say anything, about 75 %
 * end with e-mail marketing granted, 3 % withdraw profiling. A third take text messages.
 */
final class Subscription {
  private static final long NEVER = Long.MAX_VALUE;

  private final History history;
  private final Draw draw;
  private final List<Consent> consents = new ArrayList<>();
  private long granted = NEVER;
  private long withdrawn = NEVER;
  private long grantedAgain = NEVER;

  private Subscription(History history, Draw draw) {
    this.history = history;
    this.draw = draw;
  }

  /** Draws what a person says on the website itself; {@link #end} adds what Klaviyo hears. */
  static Subscription drawn(Person person, Footprint footprint, History history, Draw draw) {
    Subscription subscription = new Subscription(history, draw);
    if (footprint.speaks()) {
      subscription.marketing(person.firstDay() + draw.between(0, 20));
      subscription.others();
    }
    return subscription;
  }

  private void marketing(int day) {
    granted = history.moment(Math.min(day, history.lastDay()), draw.between(21_600, 27_000));
    consents.add(Consent.marketing(granted, true));
    if (draw.chance(.095)) {
      withdrawn = later(granted);
      consents.add(Consent.marketing(withdrawn, false));
      if (draw.chance(.25)) {
        grantedAgain = later(withdrawn);
        consents.add(Consent.marketing(grantedAgain, true));
      }
    }
  }

  private void others() {
    if (draw.chance(.33)) {
      consents.add(Consent.text(granted, true));
      if (draw.chance(.12)) {
        consents.add(Consent.text(later(granted), false));
      }
    }
    if (draw.chance(.5)) {
      consents.add(Consent.profiling(granted, true));
      if (draw.chance(.068)) {
        consents.add(Consent.profiling(later(granted), false));
      }
    }
  }

  /** Returns a moment after the given one, up to the last day's evening. */
  private long later(long moment) {
    long latest = history.moment(history.lastDay(), 80_000);
    return moment + 1 + (long) (draw.uniform() * (latest - moment - 1));
  }

  /** Returns whether e-mails may be sent at this moment. */
  boolean allows(long moment) {
    return (moment >= granted && moment < withdrawn) || moment >= grantedAgain;
  }

  /** Withdraws e-mail marketing for good, as heard by Klaviyo. */
  void end(long moment) {
    // What would have been said about it later on the website is not said any more.
    consents.removeIf(consent -> consent.aboutEmailMarketing() && consent.moment() > moment);
    consents.add(Consent.marketing(moment, false));
    withdrawn = Math.min(withdrawn, moment);
    grantedAgain = NEVER;
  }

  /** Every yes and no of this person. */
  List<Consent> consents() {
    return List.copyOf(consents);
  }

  /** Returns whether e-mails may be sent at the end of the history. */
  boolean allowsAtTheEnd() {
    return allows(history.moment(history.lastDay(), 86_399));
  }

  /** When the person first said anything, or the given moment if never. */
  long begun(long otherwise) {
    return granted == NEVER ? otherwise : granted;
  }
}

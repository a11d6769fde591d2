package io.persegment.demo;

import java.util.List;

/**
 * The e-mails one person gets, and what becomes of them. Planted: 35 % of people read with Apple's
 * Mail, whose proxy opens 95 % of e-mails by machine; 0.4 % of e-mails end the subscription, 0.04 %
 * are marked as spam, 0.1 % bounce for good and 0.6 % for the moment.
 */
final class Mailing {
  private static final double APPLE_MAIL = .35;
  private static final double REACHED = .5;

  private final KlaviyoFiles files;
  private final GardenWorld world;
  private final Person person;
  private final String profile;
  private final Draw draw;
  private final boolean apple;
  private int events;
  private boolean undeliverable;

  Mailing(Person person, String profile, KlaviyoFiles files, GardenWorld world) {
    this.files = files;
    this.world = world;
    this.person = person;
    this.profile = profile;
    this.draw = world.draw(Draw.Topic.MAIL, person);
    this.apple = draw.chance(APPLE_MAIL);
  }

  /** Sends the campaigns that the subscription allows; some end the subscription. */
  void send(List<Campaign> campaigns, Life life, Subscription subscription) {
    for (Campaign campaign : campaigns) {
      boolean wanted = campaign.day() >= life.firstDay() && subscription.allows(campaign.sent());
      if (wanted && !undeliverable && draw.chance(REACHED)) {
        send(campaign, life.interest(campaign.day()), subscription);
      }
    }
  }

  private void send(Campaign campaign, Interest interest, Subscription subscription) {
    int bounce = draw.index(.9959, .0035, .0006);
    if (bounce > 0) {
      undeliverable = bounce == 2;
      write(Metric.BOUNCED, campaign, 20, null, undeliverable ? "Hard" : "Soft", null);
      return;
    }
    write(Metric.RECEIVED, campaign, draw.between(5, 120), null, null, null);
    if (apple && draw.chance(.95)) {
      write(Metric.OPENED, campaign, draw.between(130, 900), null, null, true);
    }
    if (draw.chance(interest.open())) {
      read(campaign, interest);
    }
    leave(campaign, subscription);
  }

  private void read(Campaign campaign, Interest interest) {
    int opened = draw.between(300, 45_000);
    write(Metric.OPENED, campaign, opened, null, null, false);
    if (draw.chance(interest.click())) {
      String url = world.catalogue().drawn(person, draw).url();
      write(Metric.CLICKED, campaign, opened + draw.between(5, 120), url, null, null);
    }
  }

  private void leave(Campaign campaign, Subscription subscription) {
    int leaving = draw.index(.99747, .0023, .00023);
    if (leaving > 0) {
      int after = draw.between(46_000, 54_000);
      write(leaving == 1 ? Metric.UNSUBSCRIBED : Metric.SPAM, campaign, after, null, null, null);
      subscription.end(campaign.sent() + after);
    }
  }

  private void write(
      Metric metric, Campaign campaign, int after, String url, String bounce, Boolean machine) {
    String id = world.ids().code(Ids.Kind.EMAIL_EVENT, person.index(), events++);
    files.event(id, metric, profile, campaign, campaign.sent() + after, url, bounce, machine);
  }
}

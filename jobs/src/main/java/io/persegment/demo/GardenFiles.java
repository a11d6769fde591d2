package io.persegment.demo;

import java.io.Closeable;
import java.nio.file.Path;

/** All files of one run, open at once: people are written one after the other. */
record GardenFiles(
    CustomerFile customers,
    OrderFiles orders,
    HubspotFile hubspot,
    KlaviyoFiles klaviyo,
    GaFiles ga,
    NewsletterFile newsletter,
    TruthFiles truth)
    implements Closeable {

  static GardenFiles open(Path folder, GardenWorld world) {
    History history = world.history();
    return new GardenFiles(
        new CustomerFile(folder.resolve("shopify"), history, shuffle(world, 1)),
        new OrderFiles(folder.resolve("shopify"), history),
        new HubspotFile(folder.resolve("hubspot"), history, shuffle(world, 2)),
        new KlaviyoFiles(folder.resolve("klaviyo"), history, shuffle(world, 3)),
        new GaFiles(folder.resolve("ga4"), history),
        new NewsletterFile(folder.resolve("newsletter"), history, shuffle(world, 4)),
        new TruthFiles(folder.resolve("truth")));
  }

  private static Draw shuffle(GardenWorld world, int file) {
    return Draw.of(world.seed(), Draw.Topic.SHUFFLE, file);
  }

  @Override
  public void close() {
    customers.close();
    orders.close();
    hubspot.close();
    klaviyo.close();
    ga.close();
    newsletter.close();
    truth.close();
  }
}

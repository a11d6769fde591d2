package io.persegment.demo;

import java.nio.file.Path;

/** Makes up The Garden Company's exports and the truth about its customers. */
public final class GardenCompany {
  private GardenCompany() {}

  /**
   * Writes the exports of a plan, replacing what was generated there before, and returns how much
   * it wrote. The same plan always writes the same bytes.
   */
  public static GardenSummary generate(GardenPlan plan) {
    GardenFolder folder = new GardenFolder(plan.exports());
    GardenSummary summary = write(folder.begin(), plan);
    folder.publish();
    return summary;
  }

  private static GardenSummary write(Path partial, GardenPlan plan) {
    GardenWorld world = GardenWorld.of(plan);
    var campaigns = Campaign.all(world.history());
    long products = world.catalogue().write(partial.resolve("catalogue/products.csv"));
    try (GardenFiles files = GardenFiles.open(partial, world)) {
      files.klaviyo().lists(campaigns);
      Visitors visitors = new Visitors(world, files.ga(), files.truth());
      Biography biography = new Biography(world, files, visitors, campaigns);
      for (int place = 0; place < plan.customers(); place++) {
        int person = world.ids().personAt(place);
        biography.write(person);
        visitors.maybe(person);
      }
      return summary(plan, files, visitors, products);
    }
  }

  private static GardenSummary summary(
      GardenPlan plan, GardenFiles files, Visitors visitors, long products) {
    return new GardenSummary(
        plan.customers(),
        visitors.visitors(),
        files.customers().customers(),
        files.hubspot().contacts(),
        files.klaviyo().persons(),
        files.orders().orders(),
        files.orders().orderLines(),
        files.orders().refunds(),
        files.ga().events(),
        files.klaviyo().events(),
        files.newsletter().consents(),
        products);
  }
}

package io.persegment.demo;

/** What all people of one shop share. */
record GardenWorld(long seed, History history, Season season, Ids ids, Catalogue catalogue) {
  static GardenWorld of(GardenPlan plan) {
    History history = new History(plan.until());
    return new GardenWorld(
        plan.seed(),
        history,
        new Season(history),
        new Ids(plan.seed(), plan.customers()),
        new Catalogue(plan.seed()));
  }

  Draw draw(Draw.Topic topic, Person person) {
    return Draw.of(seed, topic, person.index());
  }
}

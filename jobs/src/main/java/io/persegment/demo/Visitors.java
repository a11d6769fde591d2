package io.persegment.demo;

/**
 * Devices whose owners never say who they are, on top of the people with a name. Planted: about 20
 * % of all devices. Each counts as a person of its own in the truth, since nothing could tie it to
 * anybody.
 */
final class Visitors {
  private static final double A_PERSON = .2;

  private final GardenWorld world;
  private final GaFiles files;
  private final TruthFiles truth;
  private final GaJson json = new GaJson();
  private long visitors;

  Visitors(GardenWorld world, GaFiles files, TruthFiles truth) {
    this.world = world;
    this.files = files;
    this.truth = truth;
  }

  /** Lets a visitor pass by, or not; the index makes them another one each time. */
  void maybe(int index) {
    Draw draw = Draw.of(world.seed(), Draw.Topic.VISITOR, index);
    if (draw.chance(A_PERSON)) {
      visit(index, draw);
    }
  }

  private void visit(int index, Draw draw) {
    History history = world.history();
    Person stranger = Person.drawn(~world.seed(), index, history);
    int day = draw.between(0, history.lastDay());
    long since = history.moment(day, draw.between(21_600, 80_000));
    Device device = new Device(world.ids().device(index, 7), since, draw);
    int visits = 1 + draw.index(.5, .3, .2);
    for (int visit = 0; visit < visits && day <= history.lastDay(); visit++) {
      long begun = visit == 0 ? since : history.moment(day, draw.between(21_600, 80_000));
      look(
          new Visit(files, history, stranger.home().address(), device, null, begun, json, draw),
          stranger,
          draw);
      day += draw.between(1, 9);
    }
    truth.visitor(stranger, device, history.date(history.day(since)));
    visitors++;
  }

  private void look(Visit visit, Person stranger, Draw draw) {
    visit.home();
    for (int looked = draw.between(1, 3); looked > 0; looked--) {
      visit.view(world.catalogue().drawn(stranger, draw));
    }
  }

  /** Counts a device of a named person that nobody ever logged in on. */
  void add(Person person, Device device) {
    truth.visitor(person, device, world.history().date(person.firstLivedDay()));
    visitors++;
  }

  long visitors() {
    return visitors;
  }
}

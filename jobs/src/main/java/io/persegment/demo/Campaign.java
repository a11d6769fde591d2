package io.persegment.demo;

import java.util.List;
import java.util.stream.IntStream;

/**
 * One e-mail, sent to about half of the subscribers every 12 days at eight in the morning.
 *
 * @param sent moment of sending
 */
record Campaign(String id, int day, long sent, String name, String subject) {
  private static final int DAYS_BETWEEN = 7;
  private static final int SENT_SECOND = 28_800;
  private static final List<String> SUBJECTS =
      List.of(
          "Long evenings outside",
          "A greener table",
          "New in the garden",
          "Light up the terrace",
          "Sow now, harvest soon",
          "For your garden, this week");

  /** Returns the campaigns of the history, oldest first. */
  static List<Campaign> all(History history) {
    return IntStream.range(0, history.days() / DAYS_BETWEEN)
        .mapToObj(number -> numbered(number, history))
        .toList();
  }

  private static Campaign numbered(int number, History history) {
    int day = number * DAYS_BETWEEN + DAYS_BETWEEN / 2;
    String subject = SUBJECTS.get(number % SUBJECTS.size());
    return new Campaign(
        "C%05X".formatted(Draw.mixed(number + 1L) & 0xFFFFF),
        day,
        history.moment(day, SENT_SECOND),
        "Newsletter " + history.dateText(day),
        subject);
  }
}

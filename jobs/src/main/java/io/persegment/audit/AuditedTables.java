package io.persegment.audit;

import io.persegment.conformed.Common;
import io.persegment.conformed.ConformedTable;
import io.persegment.conformed.EmailEvents;
import io.persegment.conformed.Orders;
import io.persegment.conformed.WebEvents;
import io.persegment.customer.Customers;
import io.persegment.features.CustomerFeatures;
import io.persegment.identity.IdentityChanges;
import io.persegment.identity.IdentityLinks;
import io.persegment.identity.IdentityMap;
import io.persegment.scores.CustomerScores;
import io.persegment.scores.ScoreModels;
import io.persegment.segments.SegmentMembership;
import io.persegment.segments.SegmentModels;
import io.persegment.segments.Segments;
import io.persegment.source.Quarantine;
import io.persegment.source.SourceFiles;
import io.persegment.table.Field;
import io.persegment.table.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Every table but those of audit and publish, and what the audit knows of each. */
public final class AuditedTables {
  public static final List<Table> ALL =
      Stream.concat(
              ConformedTable.ALL.stream().map(ConformedTable::table),
              Stream.of(
                  Quarantine.TABLE,
                  SourceFiles.TABLE,
                  IdentityMap.TABLE,
                  IdentityLinks.TABLE,
                  IdentityChanges.TABLE,
                  Customers.TABLE,
                  CustomerFeatures.TABLE,
                  ScoreModels.TABLE,
                  CustomerScores.TABLE,
                  SegmentModels.TABLE,
                  Segments.TABLE,
                  SegmentMembership.TABLE))
          .toList();

  /** Tables whose freshness says whether a source still delivers, and the time of their events. */
  private static final Map<Table, Field> EVENTS =
      Map.of(
          Orders.TABLE, Orders.ORDERED_AT,
          WebEvents.TABLE, WebEvents.EVENT_TIME,
          EmailEvents.TABLE, EmailEvents.EVENT_TIME);

  private AuditedTables() {}

  /** Returns when an event of {@code table} happened; empty where its rows are no events. */
  static Optional<Field> eventTime(Table table) {
    return Optional.ofNullable(EVENTS.get(table));
  }

  /** Returns the source of a row; empty where rows have none, or are no rows of the shop's. */
  static Optional<Field> source(Table table) {
    boolean conformed = ConformedTable.ALL.stream().anyMatch(each -> each.table().equals(table));
    return conformed ? Optional.of(Common.SOURCE) : Optional.empty();
  }

  /** Returns the as-of date of a row; empty where the table holds one state only. */
  static Optional<Field> asOf(Table table) {
    return Optional.of(CustomerFeatures.AS_OF.name())
        .filter(table.columnNames()::contains)
        .map(name -> table.fields().get(table.columnNames().indexOf(name)))
        .filter(table.partitionedBy()::contains);
  }
}

package io.persegment.audit;

import static org.apache.spark.sql.functions.lit;

import io.persegment.conformed.Common;
import io.persegment.conformed.ConformedTable;
import io.persegment.conformed.Consents;
import io.persegment.conformed.Contacts;
import io.persegment.conformed.EmailEvents;
import io.persegment.conformed.OrderLines;
import io.persegment.conformed.Orders;
import io.persegment.conformed.Products;
import io.persegment.conformed.Refunds;
import io.persegment.conformed.WebEvents;
import io.persegment.customer.Customers;
import io.persegment.features.CustomerFeatures;
import io.persegment.identity.IdentityChanges;
import io.persegment.identity.IdentityLinks;
import io.persegment.identity.IdentityMap;
import io.persegment.run.StageContext;
import io.persegment.scores.CustomerScores;
import io.persegment.scores.MaturedScores;
import io.persegment.scores.ScoreModels;
import io.persegment.segments.SegmentMembership;
import io.persegment.segments.SegmentModels;
import io.persegment.segments.Segments;
import io.persegment.source.Quarantine;
import io.persegment.source.SourceFiles;
import io.persegment.table.Field;
import io.persegment.table.Table;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;

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
                  MaturedScores.TABLE,
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

  /**
   * Columns of few values, of which the audit tells whether they came to be others. Values may be
   * named in its words: none that could tell of one person belongs here.
   */
  private static final Map<Table, List<Field>> DISTRIBUTED =
      Map.of(
          Contacts.TABLE,
          List.of(Contacts.EMAIL_STATUS, Contacts.COUNTRY, Contacts.LANGUAGE),
          Products.TABLE,
          List.of(Products.CATEGORY, Products.BRAND_TIER, Products.PRICE),
          Orders.TABLE,
          List.of(
              Orders.STATUS,
              Orders.CURRENCY,
              Orders.CHANNEL,
              Orders.COUNTRY,
              Orders.NET,
              Orders.DISCOUNT),
          OrderLines.TABLE,
          List.of(OrderLines.QUANTITY, OrderLines.NET),
          Refunds.TABLE,
          List.of(Refunds.AMOUNT),
          WebEvents.TABLE,
          List.of(WebEvents.EVENT_TYPE, WebEvents.MEDIUM, WebEvents.DEVICE, WebEvents.COUNTRY),
          EmailEvents.TABLE,
          List.of(EmailEvents.EVENT_TYPE, EmailEvents.BOUNCE_KIND),
          Consents.TABLE,
          List.of(Consents.CHANNEL, Consents.PURPOSE, Consents.STATUS));

  private AuditedTables() {}

  /** Returns whether any column is compared with the reference. */
  static boolean isCompared(Table table) {
    return !mayBeNull(table).isEmpty() || !distributed(table).isEmpty();
  }

  /** Returns the columns whose values are compared with the reference's. */
  static List<Field> distributed(Table table) {
    return DISTRIBUTED.getOrDefault(table, List.of());
  }

  /** Returns the columns of a source's own that may be null, at most 63; none of other tables. */
  static List<Field> mayBeNull(Table table) {
    return ConformedTable.ALL.stream()
        .filter(each -> each.table().equals(table))
        .flatMap(each -> each.ownColumns().stream())
        .filter(Field::nullable)
        .toList();
  }

  /** Returns whether a row is one of the last weeks; of those that are no events every one is. */
  static Column isRecent(Table table, StageContext context) {
    Instant from = context.cut().minus(Duration.ofDays(Distributions.WINDOW_DAYS));
    return eventTime(table)
        .map(Field::col)
        .map(time -> time.geq(Timestamp.from(from)).and(time.lt(context.cutColumn())))
        .orElse(lit(true));
  }

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

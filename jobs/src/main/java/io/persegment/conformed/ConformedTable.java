package io.persegment.conformed;

import io.persegment.quality.Expectation;
import io.persegment.table.Field;
import io.persegment.table.Table;
import java.util.List;
import java.util.Optional;

/**
 * A table that a source may feed, and what must hold of its rows.
 *
 * @param contract expectations whose names are the reasons for which a row is refused
 * @param parent the table of which each row's {@code order_id} must not stand in quarantine
 */
public record ConformedTable(Table table, List<Expectation> contract, Optional<Table> parent) {

  /** All of them, parents before their children. */
  public static final List<ConformedTable> ALL =
      List.of(
          of(Contacts.TABLE, Contacts.CONTRACT),
          of(ContactMerges.TABLE, List.of()),
          of(Products.TABLE, List.of()),
          of(Orders.TABLE, Orders.CONTRACT),
          childOf(Orders.TABLE, OrderLines.TABLE),
          childOf(Orders.TABLE, Refunds.TABLE),
          of(WebEvents.TABLE, WebEvents.CONTRACT),
          of(EmailEvents.TABLE, EmailEvents.CONTRACT),
          of(Consents.TABLE, Consents.CONTRACT),
          of(SurveyAnswers.TABLE, List.of()));

  /** Returns the columns that a source's settings may give. */
  public List<Field> ownColumns() {
    return table.fields().stream()
        .filter(field -> !field.equals(Common.SOURCE) && !Common.TRAILING.contains(field))
        .toList();
  }

  /** Returns the key without the source: what tells a source's own records apart. */
  public List<Field> ownKey() {
    return table.key().subList(1, table.key().size());
  }

  private static ConformedTable of(Table table, List<Expectation> contract) {
    return new ConformedTable(table, contract, Optional.empty());
  }

  private static ConformedTable childOf(Table parent, Table table) {
    return new ConformedTable(table, List.of(), Optional.of(parent));
  }
}

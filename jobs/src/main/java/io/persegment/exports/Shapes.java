package io.persegment.exports;

import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import io.persegment.publish.Audience;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** What a row and a batch look like to each tool. */
final class Shapes {
  /** One row, as the tool's batches hold it: a struct. */
  static final String ITEM = "_item";

  private Shapes() {}

  /** Returns the row of somebody who is told to a tool, of rows of the audience. */
  static Column upsert(ExportSettings settings) {
    Column email = Audience.EMAIL.col();
    Column id = Audience.CUSTOMER_ID.col();
    Column fields = fields(settings);
    return switch (settings.tool()) {
      case KLAVIYO ->
          struct(
              lit("profile").as("type"),
              struct(
                      email.as("email"),
                      id.as("external_id"),
                      Audience.FIRST_NAME.col().as("first_name"),
                      Audience.LAST_NAME.col().as("last_name"),
                      fields.as("properties"))
                  .as("attributes"));
      case HUBSPOT ->
          struct(
              lit("email").as("idProperty"),
              email.as("id"),
              properties(settings, "true").as("properties"));
      case SFMC -> row(settings, "SubscriberKey", "EmailAddress", lit("AddAndUpdate"));
      case MAILCHIMP -> row(settings, null, "Email Address", null);
      case ONSITE -> struct(col(ExportFiles.VISITOR).as("id"), fields.as("fields"));
      case WEBHOOK ->
          struct(
              lit("audience.upsert").as("event"),
              id.as("customer_id"),
              email.as("email"),
              fields.as("fields"));
    };
  }

  /** Returns the row of somebody who must not be written to any more. */
  static Column remove(ExportSettings settings) {
    Column email = Audience.EMAIL.col();
    Column id = Audience.CUSTOMER_ID.col();
    return switch (settings.tool()) {
      case KLAVIYO -> struct(lit("profile").as("type"), struct(email.as("email")).as("attributes"));
      case HUBSPOT ->
          struct(
              lit("email").as("idProperty"),
              email.as("id"),
              struct(lit("false").as(Tool.MAILABLE)).as("properties"));
      case SFMC ->
          struct(
              id.as("SubscriberKey"),
              harmless(email).as("EmailAddress"),
              lit("Delete").as("Action"));
      case MAILCHIMP -> struct(harmless(email).as("Email Address"));
      case ONSITE ->
          struct(col(ExportFiles.VISITOR).as("id"), lit(null).cast("string").as("fields"));
      case WEBHOOK ->
          struct(lit("audience.remove").as("event"), id.as("customer_id"), email.as("email"));
    };
  }

  /** Returns the body of one request, of the rows of a batch in a list {@link #ITEM}. */
  static Column body(ExportSettings settings, String action) {
    Column items = col(ITEM);
    return to_json(
        switch (settings.tool()) {
          case KLAVIYO ->
              struct(
                  action.equals(Deliveries.UPSERT)
                      ? imports(settings, items).as("data")
                      : struct(
                              lit("profile-suppression-bulk-%s-job"
                                      .formatted(
                                          action.equals(ExportFiles.RESTORE) ? "delete" : "create"))
                                  .as("type"),
                              struct(struct(items.as("data")).as("profiles")).as("attributes"))
                          .as("data"));
          case HUBSPOT -> struct(items.as("inputs"));
          default -> items.getItem(0);
        },
        // Only Klaviyo and HubSpot read what is not there as what stays as it is.
        Map.of("ignoreNullFields", String.valueOf(settings.tool().mostRows(action) > 1)));
  }

  private static Column imports(ExportSettings settings, Column items) {
    var parts = new ArrayList<Column>();
    parts.add(lit("profile-bulk-import-job").as("type"));
    parts.add(struct(struct(items.as("data")).as("profiles")).as("attributes"));
    settings
        .list()
        .ifPresent(
            list ->
                parts.add(
                    struct(
                            struct(
                                    functions
                                        .array(struct(lit("list").as("type"), lit(list).as("id")))
                                        .as("data"))
                                .as("lists"))
                        .as("relationships")));
    return struct(parts.toArray(Column[]::new));
  }

  /** A text that is not known is empty: what is left out of JSON keeps what the tool had. */
  private static Column fields(ExportSettings settings) {
    return struct(
        settings.fields().entrySet().stream()
            .map(
                each -> {
                  Column value = each.getValue().column();
                  boolean isText = settings.texts().contains(each.getKey());
                  return (isText ? coalesce(value, lit("")) : value).as(each.getKey());
                })
            .toArray(Column[]::new));
  }

  /** HubSpot takes every property as a text, and clears one that is empty. */
  private static Column properties(ExportSettings settings, String mailable) {
    var properties = new ArrayList<Column>();
    properties.add(lit(mailable).as(Tool.MAILABLE));
    settings
        .fields()
        .forEach(
            (name, sql) ->
                properties.add(
                    coalesce(sql.column().cast(DataTypes.StringType), lit("")).as(name)));
    return struct(properties.toArray(Column[]::new));
  }

  private static Column row(ExportSettings settings, String key, String address, Column action) {
    var columns = new LinkedHashMap<String, Column>();
    if (key != null) {
      columns.put(key, Audience.CUSTOMER_ID.col());
    }
    columns.put(address, harmless(Audience.EMAIL.col()));
    settings.fields().forEach((name, sql) -> columns.put(name, harmless(sql.column())));
    if (action != null) {
      columns.put("Action", action);
    }
    return struct(
        columns.entrySet().stream()
            .map(each -> each.getValue().as(each.getKey()))
            .toArray(Column[]::new));
  }

  /**
   * Returns a value as a text that no spreadsheet takes for a formula: one that begins as such gets
   * an apostrophe before it (OWASP, CSV Injection). A number stays one, also below 0.
   */
  static Column harmless(Column value) {
    Column text = value.cast(DataTypes.StringType);
    Column number = text.try_cast(DataTypes.DoubleType);
    return when(text.rlike("^\\s*[=+\\-@]").and(number.isNull()), concat(lit("'"), text))
        .otherwise(text);
  }

  /** Returns the rows of a batch in a steady order. */
  static Column list(Column item, Column order) {
    return transform(
        array_sort(collect_list(struct(order.as("_order"), item.as(ITEM)))),
        each -> each.getField(ITEM));
  }
}

package io.persegment.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.persegment.conformed.Common;
import io.persegment.conformed.Contacts;
import io.persegment.conformed.EmailEvents;
import io.persegment.conformed.Orders;
import io.persegment.conformed.SurveyAnswers;
import io.persegment.conformed.WebEvents;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Whose an order or event is: the customer of the record that it names. Each method adds {@link
 * #CUSTOMER_ID} to rows of a conformed table and leaves out those that name nobody; each costs one
 * join.
 */
public final class Owners {
  public static final Field CUSTOMER_ID = IdentityMap.CUSTOMER_ID;

  private static final List<Field> KEY =
      List.of(
          new Field("_owner_source", IdentityMap.SOURCE.type(), true, "Source of the record"),
          new Field("_owner_type", IdentityMap.RECORD_TYPE.type(), true, "Type of the record"),
          new Field("_owner_id", IdentityMap.RECORD_ID.type(), true, "Id of the record"));

  /**
   * When the visitor of an anonymous id first said who they are, a column of the web events of
   * {@link #dated} owners: of what they did before nobody knew whose it was. Null where they never
   * did, or say it with the event itself.
   */
  public static final Field KNOWN_FROM =
      Field.optional("_known_from", TimestampType, "When the visitor first said who they are");

  private final Dataset<Row> records;

  private Owners(Dataset<Row> records) {
    this.records = records;
  }

  /** Reads who is who from {@code lake}. An action: it is worked out once and written aside. */
  public static Owners in(Lake lake) {
    return new Owners(lake.scratch("owners", read(lake).records));
  }

  private static Owners read(Lake lake) {
    return of(
        lake.readOrEmpty(IdentityMap.TABLE),
        lake.readOrEmpty(Contacts.TABLE),
        lake.readOrEmpty(Orders.TABLE));
  }

  /** Reads the same, with {@link #KNOWN_FROM} of web events. An action likewise. */
  public static Owners dated(Lake lake) {
    Column isSaid = WebEvents.USER_ID.col().isNotNull().or(WebEvents.EMAIL.col().isNotNull());
    Dataset<Row> said =
        lake.readOrEmpty(WebEvents.TABLE)
            .where(WebEvents.ANONYMOUS_ID.col().isNotNull().and(isSaid))
            .groupBy(
                Common.SOURCE.col().as(KEY.get(0).name()),
                WebEvents.ANONYMOUS_ID.col().as(KEY.get(2).name()))
            .agg(min(WebEvents.EVENT_TIME.col()).as(KNOWN_FROM.name()))
            .withColumn(KEY.get(1).name(), lit(IdentityMap.ANONYMOUS));
    String[] record = KEY.stream().map(Field::name).toArray(String[]::new);
    return new Owners(
        lake.scratch(
            "owners", read(lake).records.drop(KNOWN_FROM.name()).join(said, record, "left")));
  }

  static Owners of(Dataset<Row> identityMap, Dataset<Row> contacts, Dataset<Row> orders) {
    Dataset<Row> records =
        identityMap
            .where(IdentityMap.RECORD_TYPE.col().notEqual(IdentityMap.ADDRESS))
            .select(
                record(
                    IdentityMap.SOURCE.col(),
                    IdentityMap.RECORD_TYPE.col(),
                    IdentityMap.RECORD_ID.col()));
    return new Owners(records.union(addresses(identityMap, contacts, orders)));
  }

  /** An order is that of its contact, or, a guest's, a record of its own. */
  public Dataset<Row> ofOrders(Dataset<Row> orders) {
    Column contact = Orders.CONTACT_RECORD_ID.col();
    return undated(
        orders,
        Common.SOURCE.col(),
        when(contact.isNotNull(), IdentityMap.CONTACT).otherwise(IdentityMap.ORDER),
        coalesce(contact, Orders.ORDER_ID.col()));
  }

  /**
   * A web event is that of its login, else of its e-mail address, else of its anonymous id. Adds
   * {@link #KNOWN_FROM}.
   */
  public Dataset<Row> ofWebEvents(Dataset<Row> events) {
    Column login = WebEvents.USER_ID.col();
    Column email = WebEvents.EMAIL.col();
    Column byAddress = login.isNull().and(email.isNotNull());
    return with(
        events,
        when(byAddress, lit("")).otherwise(Common.SOURCE.col()),
        when(login.isNotNull(), IdentityMap.LOGIN)
            .when(byAddress, IdentityMap.ADDRESS)
            .otherwise(IdentityMap.ANONYMOUS),
        coalesce(login, email, WebEvents.ANONYMOUS_ID.col()));
  }

  /** An e-mail event is that of its contact, else of its address. */
  public Dataset<Row> ofEmailEvents(Dataset<Row> events) {
    Column contact = EmailEvents.CONTACT_RECORD_ID.col();
    return undated(
        events,
        when(contact.isNotNull(), Common.SOURCE.col()).otherwise(lit("")),
        when(contact.isNotNull(), IdentityMap.CONTACT).otherwise(IdentityMap.ADDRESS),
        coalesce(contact, EmailEvents.EMAIL.col()));
  }

  /** An answer is that of the address of who answered. */
  public Dataset<Row> ofSurveyAnswers(Dataset<Row> answers) {
    return undated(answers, lit(""), lit(IdentityMap.ADDRESS), SurveyAnswers.EMAIL.col());
  }

  private Dataset<Row> with(Dataset<Row> rows, Column source, Column type, Column id) {
    Column same =
        KEY.get(0)
            .col()
            .equalTo(source)
            .and(KEY.get(1).col().equalTo(type))
            .and(KEY.get(2).col().equalTo(id));
    return rows.join(records, same).drop(KEY.stream().map(Field::name).toArray(String[]::new));
  }

  private Dataset<Row> undated(Dataset<Row> rows, Column source, Column type, Column id) {
    return with(rows, source, type, id).drop(KNOWN_FROM.name());
  }

  /**
   * Returns each e-mail address with one customer who has it: where several do, because it was cut
   * as too common, the one of the least id.
   */
  private static Dataset<Row> addresses(
      Dataset<Row> identityMap, Dataset<Row> contacts, Dataset<Row> orders) {
    var ofContacts =
        new Owners(identityMap.select(record(columns(IdentityMap.TABLE.key()))))
            .undated(
                contacts, Common.SOURCE.col(), lit(IdentityMap.CONTACT), Contacts.RECORD_ID.col());
    var ofGuests =
        new Owners(identityMap.select(record(columns(IdentityMap.TABLE.key()))))
            .ofOrders(orders.where(Orders.CONTACT_RECORD_ID.col().isNull()));
    Column id = IdentityMap.RECORD_ID.col();
    return identityMap
        .where(IdentityMap.RECORD_TYPE.col().equalTo(IdentityMap.ADDRESS))
        .select(id, CUSTOMER_ID.col())
        .union(ofContacts.select(Contacts.EMAIL.col(), CUSTOMER_ID.col()))
        .union(ofGuests.select(Orders.EMAIL.col(), CUSTOMER_ID.col()))
        .where(id.isNotNull())
        .groupBy(id)
        .agg(min(CUSTOMER_ID.col()).as(CUSTOMER_ID.name()))
        .select(record(lit(""), lit(IdentityMap.ADDRESS), id));
  }

  private static Column[] columns(List<Field> fields) {
    return fields.stream().map(Field::col).toArray(Column[]::new);
  }

  private static Column[] record(Column... key) {
    return new Column[] {
      key[0].as(KEY.get(0).name()),
      key[1].as(KEY.get(1).name()),
      key[2].as(KEY.get(2).name()),
      CUSTOMER_ID.col(),
      lit(null).cast(KNOWN_FROM.type()).as(KNOWN_FROM.name())
    };
  }
}

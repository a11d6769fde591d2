package io.persegment.publish;

import io.persegment.audit.Audits;
import io.persegment.conformed.Consents;
import io.persegment.conformed.Contacts;
import io.persegment.conformed.EmailEvents;
import io.persegment.conformed.Orders;
import io.persegment.customer.CustomerAddresses;
import io.persegment.customer.Customers;
import io.persegment.identity.IdentityMap;
import io.persegment.identity.Owners;
import io.persegment.run.Stage;
import io.persegment.run.StageContext;
import io.persegment.scores.CustomerScores;
import io.persegment.segments.SegmentMembership;
import io.persegment.segments.Segments;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Publishes a release. Suppressed and changes are written first, then the audience in one commit,
 * last the row of releases. All before that last one can be done again and comes out the same: a
 * release keeps its id until it is complete, and is compared with the release before it.
 */
public final class PublishStage implements Stage {
  private final PublishSettings settings;

  public PublishStage(PublishSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "publish";
  }

  @Override
  public String summary() {
    return "Publishes the audience: everybody who may be written to, what changed, and who is left"
        + " out and why";
  }

  @Override
  public List<Table> reads() {
    return List.of(
        Audits.TABLE,
        Customers.TABLE,
        IdentityMap.TABLE,
        Contacts.TABLE,
        Orders.TABLE,
        Consents.TABLE,
        EmailEvents.TABLE,
        Segments.TABLE,
        SegmentMembership.TABLE,
        CustomerScores.TABLE);
  }

  @Override
  public List<Table> writes() {
    return List.of(AudienceSuppressed.TABLE, AudienceChanges.TABLE, Audience.TABLE, Releases.TABLE);
  }

  @Override
  public boolean describesThePresent() {
    return true;
  }

  /** The verdicts are read four times, the new audience three times. */
  @Override
  public void run(StageContext context) {
    Lake lake = context.lake();
    Gate.requireAudited(lake.readOrEmpty(Audits.TABLE), context.asOf());
    var before = Predecessor.in(lake);
    Dataset<Row> verdicts = verdicts(lake).persist();
    Dataset<Row> audience = audience(context, verdicts, before).persist();
    try {
      var release = new Release(before, verdicts, audience);
      release.check(context, settings.mostShrinkage());
      release.write(context);
    } finally {
      audience.unpersist();
      verdicts.unpersist();
    }
  }

  private Dataset<Row> verdicts(Lake lake) {
    Dataset<Row> customers = lake.read(Customers.TABLE);
    Dataset<Row> contacts = lake.readOrEmpty(Contacts.TABLE);
    Dataset<Row> words =
        Words.of(lake.readOrEmpty(Consents.TABLE), lake.readOrEmpty(EmailEvents.TABLE), contacts);
    Dataset<Row> emails =
        CustomerAddresses.emails(
            lake.readOrEmpty(IdentityMap.TABLE),
            contacts,
            Owners.in(lake).ofOrders(lake.readOrEmpty(Orders.TABLE)));
    Dataset<Row> addresses = Addresses.of(customers, emails);
    return Verdicts.of(customers, Standing.of(words, addresses), settings.consent());
  }

  private Dataset<Row> audience(StageContext context, Dataset<Row> verdicts, Predecessor before) {
    Dataset<Row> segments =
        AudienceRows.segments(
            ofDate(context, SegmentMembership.TABLE, SegmentMembership.AS_OF),
            ofDate(context, Segments.TABLE, Segments.AS_OF));
    Dataset<Row> scores =
        AudienceRows.scores(
            ofDate(context, CustomerScores.TABLE, CustomerScores.AS_OF), settings.scoreDigits());
    Dataset<Row> rows = AudienceRows.of(verdicts, segments, scores);
    return AudienceRows.withRelease(
        rows, before.audience(), before.nextId(), context.startedAtColumn());
  }

  private static Dataset<Row> ofDate(StageContext context, Table table, Field asOf) {
    return context.lake().readOrEmpty(table).filter(asOf.col().equalTo(context.asOfColumn()));
  }
}

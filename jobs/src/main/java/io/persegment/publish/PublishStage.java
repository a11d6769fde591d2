package io.persegment.publish;

import static org.apache.spark.sql.functions.not;

import io.persegment.audit.Audits;
import io.persegment.conformed.Consents;
import io.persegment.conformed.Contacts;
import io.persegment.conformed.EmailEvents;
import io.persegment.conformed.Orders;
import io.persegment.content.ContentGiven;
import io.persegment.content.Decisions;
import io.persegment.customer.Customers;
import io.persegment.experiments.Assignments;
import io.persegment.experiments.ExperimentAssignments;
import io.persegment.features.CustomerFeatures;
import io.persegment.features.FeatureSettings;
import io.persegment.identity.IdentityChanges;
import io.persegment.identity.IdentityMap;
import io.persegment.publish.Release.Acceptance;
import io.persegment.run.Stage;
import io.persegment.run.StageContext;
import io.persegment.scores.CustomerScores;
import io.persegment.segments.Condition;
import io.persegment.segments.SegmentMembership;
import io.persegment.segments.Segments;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Publishes a release. Suppressed and changes are written first, then the audience in one commit,
 * last the row of releases. All before that last one can be done again and comes out the same: a
 * release keeps its id until it is complete, and is compared with the release before it.
 */
public final class PublishStage implements Stage {
  private final PublishSettings settings;
  private final FeatureSettings features;

  public PublishStage(PublishSettings settings, FeatureSettings features) {
    this.settings = settings;
    this.features = features;
  }

  @Override
  public String name() {
    return "publish";
  }

  @Override
  public String summary() {
    return "Publishes the audience: everybody who may be written to, what each of them gets, what"
        + " changed, and who is left out and why";
  }

  @Override
  public List<Table> reads() {
    return List.of(
        Audits.TABLE,
        Customers.TABLE,
        IdentityMap.TABLE,
        IdentityChanges.TABLE,
        Contacts.TABLE,
        Orders.TABLE,
        Consents.TABLE,
        EmailEvents.TABLE,
        CustomerFeatures.table(features),
        Segments.TABLE,
        SegmentMembership.TABLE,
        CustomerScores.TABLE);
  }

  @Override
  public List<Table> writes() {
    return List.of(
        ContentGiven.TABLE,
        ExperimentAssignments.TABLE,
        AudienceSuppressed.TABLE,
        AudienceChanges.table(settings.declared()),
        Audience.table(settings.declared()),
        Releases.TABLE);
  }

  @Override
  public boolean describesThePresent() {
    return true;
  }

  /**
   * Returns whether others may be written to now than when it was published: whoever said no must
   * not stay in a release because its date is done. What was gone back to stays; exports and
   * previews leave out who said no since.
   */
  @Override
  public boolean isOutdated(Lake lake) {
    List<Released> all = Released.all(lake);
    if (all.isEmpty() || all.get(0).backTo().isPresent()) {
      return false;
    }
    Dataset<Row> written = all.get(0).audience(lake, List.of()).select(Audience.CUSTOMER_ID.col());
    Dataset<Row> mailable =
        verdicts(lake, settings)
            .where(Verdicts.REASON.col().isNull())
            .select(Audience.CUSTOMER_ID.col());
    return !written.exceptAll(mailable).union(mailable.exceptAll(written)).isEmpty();
  }

  /**
   * The verdicts are read four times, the new audience some more: written aside once, none of it is
   * worked out, or planned, again, whatever tables are written in between.
   */
  @Override
  public void run(StageContext context) {
    Lake lake = context.lake();
    Dataset<Row> audits = lake.readOrEmpty(Audits.TABLE);
    Gate.requireAudited(audits, context.asOf());
    var before = Predecessor.in(lake, settings.declared());
    Dataset<Row> verdicts = lake.scratch("publish/verdicts", verdicts(lake, settings));
    Dataset<Row> audience = lake.scratch("publish/audience", audience(context, verdicts, before));
    var release = new Release(before, verdicts, audience, settings.declared());
    long mailable = release.requireBalanced(context);
    var findings = new ArrayList<>(Gate.audited(audits, context.asOf()));
    Gate.size(before.audience().count(), mailable, settings).ifPresent(findings::add);
    findings.addAll(
        Gate.emptied(
            before.audience(),
            audience,
            settings.leastEmptied(),
            lake.readOrEmpty(Segments.TABLE),
            before.asOf().orElse(context.asOf()),
            context.asOf()));
    findings.addAll(Gate.missing(audience, settings.content().tokens()));
    Acceptance accepted = accepted(findings, lake, context.asOf());
    findings.forEach(each -> context.report().warn("Accepted: " + each));
    release.write(context, accepted, Optional.empty());
  }

  /** What was accepted of a date once is not asked again when it is published again. */
  private Acceptance accepted(List<String> findings, Lake lake, LocalDate asOf) {
    if (findings.isEmpty()) {
      return Acceptance.NOTHING;
    }
    if (settings.accepted().isPresent()) {
      return new Acceptance(
          findings, settings.accepted(), Optional.of(System.getProperty("user.name")));
    }
    return Released.all(lake).stream()
        .filter(before -> before.asOf().equals(asOf) && before.findings().containsAll(findings))
        .findFirst()
        .map(before -> new Acceptance(findings, before.accepted(), before.acceptedBy()))
        .orElseThrow(() -> Gate.held(findings, asOf));
  }

  /** Returns rows of {@link Verdicts} of all customers, by what was said up to now. */
  static Dataset<Row> verdicts(Lake lake, PublishSettings settings) {
    Dataset<Row> customers = lake.read(Customers.TABLE);
    return Verdicts.of(
        customers,
        Standing.now(lake, Addresses.in(lake, customers), settings.suppressions()),
        settings.consent(),
        settings.mailbox());
  }

  /** Returns the ids of everybody who may be written to and of whom a condition holds. */
  public Dataset<Row> population(StageContext context, Condition condition) {
    return known(context, verdicts(context.lake(), settings))
        .where(condition.holds(Known::value))
        .select(Customers.CUSTOMER_ID.col());
  }

  private Dataset<Row> audience(StageContext context, Dataset<Row> verdicts, Predecessor before) {
    Dataset<Row> assigned =
        new Assignments(
                settings.experiments(),
                settings.holdout(),
                settings.seed(),
                context.asOf(),
                Known::value)
            .assign(
                known(context, verdicts),
                context.lake().readOrEmpty(ExperimentAssignments.TABLE),
                context.lake().readOrEmpty(IdentityChanges.TABLE),
                Known.col(Audience.SEGMENTS),
                Known.column(Audience.EXPERIMENTS));
    Column heldOut = Known.col(Audience.EXPERIMENTS).getItem(Assignments.HOLDOUT).isNotNull();
    Dataset<Row> decided =
        new Decisions(settings.content(), Known::value, context.asOfColumn())
            .decide(
                assigned,
                context.lake().readOrEmpty(ContentGiven.TABLE),
                AudienceRows.profiled().and(not(heldOut)),
                AudienceRows.offered());
    return AudienceRows.withRelease(
        AudienceRows.mapped(decided, settings.columns()),
        before.audience(),
        before.nextId(),
        context.startedAtColumn());
  }

  private Dataset<Row> known(StageContext context, Dataset<Row> verdicts) {
    Dataset<Row> segments =
        AudienceRows.segments(
            ofDate(context, SegmentMembership.TABLE, SegmentMembership.AS_OF),
            ofDate(context, Segments.TABLE, Segments.AS_OF));
    Dataset<Row> scores =
        AudienceRows.scores(
            ofDate(context, CustomerScores.TABLE, CustomerScores.AS_OF), settings.scoreDigits());
    Dataset<Row> ofCustomers =
        ofDate(context, CustomerFeatures.table(features), CustomerFeatures.AS_OF)
            .drop(CustomerFeatures.AS_OF.name(), CustomerFeatures.DEFINITION.name());
    return AudienceRows.known(verdicts, segments, scores, ofCustomers);
  }

  private static Dataset<Row> ofDate(StageContext context, Table table, Field asOf) {
    return context.lake().readOrEmpty(table).filter(asOf.col().equalTo(context.asOfColumn()));
  }
}

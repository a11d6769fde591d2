package io.persegment.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.when;

import io.persegment.conformed.Consents;
import io.persegment.conformed.ContactMerges;
import io.persegment.conformed.Contacts;
import io.persegment.conformed.EmailEvents;
import io.persegment.conformed.Orders;
import io.persegment.conformed.SurveyAnswers;
import io.persegment.conformed.WebEvents;
import io.persegment.run.Aside;
import io.persegment.run.Stage;
import io.persegment.run.StageContext;
import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Decides which records are one person. Records that share an identifier, or match by what a model
 * has learnt, are linked; what hangs together is a customer where the guard finds nothing against
 * it, and keeps the id that most of the records had.
 */
public final class IdentityStage implements Stage {
  private final IdentitySettings settings;
  private final double mostOfANight;

  public IdentityStage(IdentitySettings settings) {
    this(settings, Region.MOST);
  }

  /**
   * @param mostOfANight share of the records that a night may link anew, where others stay as they
   *     are; 0 links all anew
   */
  IdentityStage(IdentitySettings settings, double mostOfANight) {
    this.settings = settings;
    this.mostOfANight = mostOfANight;
  }

  @Override
  public String name() {
    return "identity";
  }

  @Override
  public String summary() {
    return "Decides which records are one person, and gives persons ids that last";
  }

  @Override
  public List<Table> reads() {
    return List.of(
        Contacts.TABLE,
        ContactMerges.TABLE,
        Orders.TABLE,
        WebEvents.TABLE,
        EmailEvents.TABLE,
        Consents.TABLE,
        SurveyAnswers.TABLE);
  }

  @Override
  public List<Table> writes() {
    return List.of(
        IdentityModels.TABLE,
        IdentityLeftOut.TABLE,
        IdentityLinks.TABLE,
        IdentityCompared.TABLE,
        IdentityChanges.TABLE,
        IdentityMap.TABLE,
        IdentityRecords.TABLE);
  }

  @Override
  public boolean describesThePresent() {
    return true;
  }

  /**
   * Makes sure that what the settings name can be read. An action, where they name anything.
   *
   * @throws io.persegment.error.PersegmentException where it cannot
   */
  public void check(Lake lake) {
    settings.decisions().ifPresent(file -> Decisions.judged(lake.spark(), file));
    settings
        .labels()
        .ifPresent(truth -> LabelledContacts.open(lake, truth, lake.readOrEmpty(Contacts.TABLE)));
  }

  @Override
  public void run(StageContext context) {
    Lake lake = context.lake();
    Inputs inputs = Inputs.read(context);
    inputs.reportWithoutIdentifier(context.report());

    Dataset<Row> devices =
        lake.scratch("identity/devices", Sightings.devices(inputs.sightings(), settings));
    Footprints footprints = Footprints.of(lake, inputs, devices, settings);
    if (!runNight(context, inputs, devices, footprints)) {
      Graph graph = Graph.build(lake, inputs, devices, settings, context.report());
      graph.check(context.report());
      writeAll(context, graph, Outcome.of(lake, graph, inputs), footprints);
    }
  }

  /**
   * Links anew what is new and what hangs together with it; returns false where that is not all.
   */
  private boolean runNight(
      StageContext context, Inputs inputs, Dataset<Row> devices, Footprints footprints) {
    Lake lake = context.lake();
    var report = new StageReport();
    Optional<Region> found =
        Region.find(lake, inputs, footprints, settings, context.asOf(), mostOfANight, report);
    report.notes().forEach(context.report()::note);
    if (found.isEmpty()) {
      return false;
    }
    Region region = found.get();
    Graph graph = Graph.of(lake, inputs, devices, region, settings, report);
    if (graph.check(report) != region.size()) { // a mistake of ours, which is not to be a shop's
      context.report().note("All records are linked anew: some of those to look at were not found");
      return false;
    }
    report.rows("records", region.total());
    // Groups that are not looked at stand, and so does what is to be said of them.
    Oversized.tell(region.without(region.before()), Oversized.MOST, report);
    context.report().addAll(report);
    writeNight(context, graph, Outcome.of(lake, graph, inputs, region), region);
    return true;
  }

  /** The map comes last of what others read: until it is there, a run finds the old one. */
  private void writeAll(StageContext context, Graph graph, Outcome outcome, Footprints footprints) {
    Lake lake = context.lake();
    Dataset<Row> changes = changes(context, outcome);
    graph.matches().writeModel(lake, context.asOf());
    lake.overwrite(IdentityLinks.TABLE, graph.links());
    IdentityLinks.report(lake.read(IdentityLinks.TABLE), context.report());
    graph.matches().writeCompared(lake);
    writeChanges(context, changes);
    lake.overwrite(IdentityMap.TABLE, map(outcome.members(), outcome.ids(), context.asOfColumn()));
    IdentityRecords.write(lake, hanging(footprints.all(), graph), settings, context.asOf());
    context.report().rows("customers", outcome.ids().count());
  }

  /** Does the same, and leaves the rows of all other records as they are. */
  private void writeNight(StageContext context, Graph graph, Outcome outcome, Region region) {
    Lake lake = context.lake();
    Dataset<Row> changes = changes(context, outcome);
    var ofLinks = new StageReport();
    // Nobody is to find records compared without the links that came of it, nor the map before
    // its changes; which of both comes first does not count.
    try (Aside<Boolean> links =
        Aside.start(
            "links",
            () -> {
              lake.overwrite(
                  IdentityLinks.TABLE,
                  others(lake, graph, outcome).union(graph.links(region.named(graph))));
              region.matches().writeCompared(lake, region);
              IdentityLinks.report(lake.read(IdentityLinks.TABLE), ofLinks);
              return true;
            })) {
      writeChanges(context, changes);
      lake.overwrite(
          IdentityMap.TABLE,
          region
              .without(region.map().withColumn(Records.NODE.name(), Records.node()))
              .select(IdentityMap.TABLE.columns())
              .union(map(outcome.members(), outcome.ids(), context.asOfColumn())));
      Dataset<Row> ids = lake.read(IdentityMap.TABLE).select(IdentityMap.CUSTOMER_ID.col());
      context.report().rows("customers", ids.distinct().count());
      links.get();
    }
    context.report().addAll(ofLinks);
    IdentityRecords.write(
        lake,
        region.without(region.before()).unionByName(hanging(region.records(), graph), true),
        settings,
        context.asOf());
  }

  /** Returns the links that name no record that was linked anew. */
  private static Dataset<Row> others(Lake lake, Graph graph, Outcome outcome) {
    Dataset<Row> keys =
        outcome
            .old()
            .select(Records.shownKey().as(IdentityLinks.LEFT_KEY.name()))
            .union(graph.records().select(Records.shownKey()));
    return Region.without(
        Region.without(lake.read(IdentityLinks.TABLE), keys, IdentityLinks.LEFT_KEY),
        keys.withColumnRenamed(IdentityLinks.LEFT_KEY.name(), IdentityLinks.RIGHT_KEY.name()),
        IdentityLinks.RIGHT_KEY);
  }

  private static Dataset<Row> changes(StageContext context, Outcome outcome) {
    Dataset<Row> changes =
        context
            .lake()
            .scratch(
                "identity/changes",
                Changes.of(
                    outcome.members().union(outcome.gone()), outcome.ids(), context.asOfColumn()));
    reportChanges(changes, context.report());
    return changes;
  }

  private static void writeChanges(StageContext context, Dataset<Row> changes) {
    Lake lake = context.lake();
    Column today = IdentityChanges.AS_OF.col().equalTo(context.asOfColumn());
    Dataset<Row> ofToday =
        lake.readOrEmpty(IdentityChanges.TABLE).where(today).union(changes).distinct();
    lake.replaceWhere(IdentityChanges.TABLE, "as_of = DATE'%s'".formatted(context.asOf()), ofToday);
  }

  /** Adds {@link IdentityRecords#COMPONENT} to what records gave of themselves. */
  private static Dataset<Row> hanging(Dataset<Row> footprints, Graph graph) {
    return footprints
        .join(graph.whole().edges(), Footprints.NODE.col().equalTo(Components.LARGER.col()), "left")
        .withColumn(
            IdentityRecords.COMPONENT.name(),
            coalesce(Components.SMALLER.col(), Footprints.NODE.col()))
        .drop(Components.LARGER.name(), Components.SMALLER.name());
  }

  /**
   * Who is who, before it is written.
   *
   * @param old the identity map as it was, of these records and those gone
   * @param members as {@link Members#of}
   * @param gone as {@link Members#gone}
   * @param ids as {@link CustomerIds#of}
   */
  record Outcome(Dataset<Row> old, Dataset<Row> members, Dataset<Row> gone, Dataset<Row> ids) {
    /** An action. */
    static Outcome of(Lake lake, Graph graph, Inputs inputs) {
      Dataset<Row> oldMap = lake.readOrEmpty(IdentityMap.TABLE);
      return of(lake, graph, inputs, oldMap, oldMap);
    }

    /** Returns that of a region. An action. */
    static Outcome of(Lake lake, Graph graph, Inputs inputs, Region region) {
      Dataset<Row> old =
          lake.scratch(
              "identity/old", Region.naming(region.map(), region.replaced(), Records.node()));
      return of(lake, graph, inputs, old, region.map());
    }

    private static Outcome of(
        Lake lake, Graph graph, Inputs inputs, Dataset<Row> old, Dataset<Row> oldMap) {
      Dataset<Row> members =
          lake.scratch(
              "identity/members", Members.of(graph.records(), graph.components().edges(), old));
      Dataset<Row> gone =
          lake.scratch(
              "identity/gone", Members.gone(members, old, graph.identifiers(), inputs.orders()));
      return new Outcome(
          old, members, gone, lake.scratch("identity/ids", CustomerIds.of(members, gone, oldMap)));
    }
  }

  /** Returns rows of {@link IdentityMap}; a record that stays where it was keeps its date. */
  static Dataset<Row> map(Dataset<Row> members, Dataset<Row> ids, Column asOf) {
    Column stays = Members.OLD_ID.col().equalTo(IdentityMap.CUSTOMER_ID.col());
    return members
        .join(ids, Members.names(Members.COMPONENT))
        .withColumn(IdentityMap.SINCE.name(), when(stays, Members.OLD_SINCE.col()).otherwise(asOf))
        .select(IdentityMap.TABLE.columns());
  }

  private static void reportChanges(Dataset<Row> changes, StageReport report) {
    Column change = IdentityChanges.CHANGE.col();
    Row counts =
        changes
            .agg(
                count_if(change.equalTo(Changes.MINTED)).as("customers_minted"),
                count_if(change.equalTo(Changes.ABSORBED)).as("customers_grown"),
                count_if(change.equalTo(Changes.MERGED)).as("customers_merged"),
                count_if(change.equalTo(Changes.SPLIT)).as("customers_split"))
            .head();
    for (String name : counts.schema().fieldNames()) {
      report.rows(name, counts.<Long>getAs(name));
    }
  }
}
